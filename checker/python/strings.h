// Interned strings that C++ code looks up all the time.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Each member is the string of its name (with the underscores that Python code writes in front).
struct Strings {
  PyObject *target, *name, *args, *kwargs, *daemonic, *ident, *native_id, *tstate_lock, *started, *is_stopped,
      *initialized, *stderr_, *invoke_excepthook, *cond, *flag, *lock, *acquire, *release, *waiters, *run,
      *daemon, *dunder_name, *main_thread, *shutting_down, *shutdown, *threading_atexits, *trace_hook,
      *profile_hook, *bootstrap, *bootstrap_inner, *excepthook, *dunder_main, *value, *put_item, *get_item,
      *qsize_item, *count, *mutex, *queue, *inner_queue, *maxsize, *unfinished_tasks, *release_save, *zero,
      *notify, *append, *remove, *init_items, *all_tasks_done, *not_empty, *not_full, *acquire_restore,
      *is_owned;
};
inline Strings strings{};

/// -1: an exception is set.
int prepare_strings();

}  // namespace raddle::python
