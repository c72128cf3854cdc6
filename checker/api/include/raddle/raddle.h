// The raddle library: everything.
#pragma once
#include "raddle/atomic.h"              // IWYU pragma: export
#include "raddle/barrier.h"             // IWYU pragma: export
#include "raddle/check.h"               // IWYU pragma: export
#include "raddle/choose.h"              // IWYU pragma: export
#include "raddle/condition_variable.h"  // IWYU pragma: export
#include "raddle/mutex.h"               // IWYU pragma: export
#include "raddle/semaphore.h"           // IWYU pragma: export
#include "raddle/symmetric_threads.h"   // IWYU pragma: export
#include "raddle/thread.h"              // IWYU pragma: export
#include "raddle/variable.h"            // IWYU pragma: export
