#include "checker/python/strings.h"

namespace raddle::python {

int prepare_strings() {
  const struct {
    PyObject** string;
    const char* text;
  } all[] = {{&strings.target, "_target"},
             {&strings.name, "_name"},
             {&strings.args, "_args"},
             {&strings.kwargs, "_kwargs"},
             {&strings.daemonic, "_daemonic"},
             {&strings.ident, "_ident"},
             {&strings.native_id, "_native_id"},
             {&strings.tstate_lock, "_tstate_lock"},
             {&strings.started, "_started"},
             {&strings.is_stopped, "_is_stopped"},
             {&strings.initialized, "_initialized"},
             {&strings.stderr_, "_stderr"},
             {&strings.invoke_excepthook, "_invoke_excepthook"},
             {&strings.cond, "_cond"},
             {&strings.flag, "_flag"},
             {&strings.lock, "_lock"},
             {&strings.acquire, "acquire"},
             {&strings.release, "release"},
             {&strings.waiters, "_waiters"},
             {&strings.run, "run"},
             {&strings.daemon, "daemon"},
             {&strings.dunder_name, "__name__"},
             {&strings.main_thread, "_main_thread"},
             {&strings.shutting_down, "_SHUTTING_DOWN"},
             {&strings.threading_atexits, "_threading_atexits"},
             {&strings.trace_hook, "_trace_hook"},
             {&strings.profile_hook, "_profile_hook"},
             {&strings.bootstrap, "_bootstrap"},
             {&strings.bootstrap_inner, "_bootstrap_inner"},
             {&strings.excepthook, "excepthook"},
             {&strings.dunder_main, "__main__"},
             {&strings.value, "_value"},
             {&strings.put_item, "_put"},
             {&strings.get_item, "_get"},
             {&strings.qsize_item, "_qsize"},
             {&strings.count, "_count"},
             {&strings.mutex, "mutex"},
             {&strings.queue, "queue"},
             {&strings.inner_queue, "_queue"},
             {&strings.maxsize, "maxsize"},
             {&strings.unfinished_tasks, "unfinished_tasks"},
             {&strings.release_save, "_release_save"},
             {&strings.append, "append"},
             {&strings.notify, "notify"},
             {&strings.remove, "remove"},
             {&strings.init_items, "_init"},
             {&strings.all_tasks_done, "all_tasks_done"},
             {&strings.not_empty, "not_empty"},
             {&strings.not_full, "not_full"},
             {&strings.acquire_restore, "_acquire_restore"},
             {&strings.is_owned, "_is_owned"},
             {&strings.shutdown, "_shutdown"}};
  if (!(strings.zero = PyLong_FromLong(0))) return -1;
  for (const auto& [string, text] : all) {
    *string = PyUnicode_InternFromString(text);
    if (!*string) return -1;
  }
  return 0;
}

}  // namespace raddle::python
