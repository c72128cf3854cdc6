// The running side of instrumentation: what happens when a hook fires.
#pragma once
#include "checker/python/instrument/access.h"
#include "checker/python/instrument/type_traits.h"

namespace raddle::python {

/// Makes hooks work: names, the site type, layout checks. instrument() calls it; calling it again costs nothing.
/// Needs a running interpreter. Returns -1 with an exception set on failure.
int prepare_hooks();

/// From now on instrumented code says where the interpreter may let other threads run (AccessSink::may_switch).
void report_switches(bool on);

/// Whom to tell; null (the default): nobody, and hooks cost next to nothing. Not owned.
void set_sink(AccessSink* sink);
AccessSink* sink();

/// Says whether the program has started a second thread: from then on, to the end of the execution (also when the
/// thread has ended: nothing may order what it did before what comes now), assigning a name whose reads are not
/// reported makes them reported from now on, and moves visibility_epoch(). Off at first.
void set_concurrent(bool concurrent);

/// Whether to tell (AccessSink::unknown) of each call that is not known to be without effects other than those that are
/// reported, and of writes to what only the running thread can see. Off at first.
void set_watching(bool on);

/// Which reads of globals and captured variables to report.
enum class QuietReads {
  /// All, except those that find a function, class or module that nobody assigns later (the default).
  definitions,
  /// Only those of names that are assigned after a second thread has started. Loses nothing as long as
  /// set_concurrent() tells the truth and a moved visibility_epoch() restarts the search.
  unwritten,
};
void set_quiet_reads(QuietReads policy);

}  // namespace raddle::python
