#include "checker/python/thread_objects.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/engine/life.h"
#include "checker/engine/recorder.h"
#include "checker/python/arguments.h"
#include "checker/python/debugger.h"
#include "checker/python/failure.h"
#include "checker/python/instrument/exception_aside.h"
#include "checker/python/invariants.h"
#include "checker/python/lock.h"
#include "checker/python/misuse.h"
#include "checker/python/output.h"
#include "checker/python/patch.h"
#include "checker/python/random_streams.h"
#include "checker/python/reset.h"
#include "checker/python/sites.h"
#include "checker/python/strings.h"
#include "checker/python/thread_list.h"
#include "checker/python/threads.h"

namespace raddle::python {
namespace {

struct Started {
  engine::Tid id;
  std::uint64_t ident;
  bool daemon;
};
std::vector<Started> started;  // in this execution, through threading

PyObject *threading, *threading_dict, *active, *shutdown_locks;
PyTypeObject *thread_type, *main_thread_type, *event_type, *condition_type, *deque_type;
PyObject *original_bootstrap, *original_bootstrap_inner, *original_start, *original_init, *original_join;
PyObject *plain_excepthook, *plain_sys_excepthook, *plain_invoke;  // what is usual
PyObject* bootstrap_function;

bool set(PyObject* object, PyObject* name, PyObject* value) {
  return PyObject_SetAttr(object, name, value) == 0;
}

// Sets and gives away a new reference.
bool set_new(PyObject* object, PyObject* name, PyObject* value) {
  Ref owned = Ref::take(value);
  return owned && PyObject_SetAttr(object, name, owned.get()) == 0;
}

bool is_true(PyObject* object, PyObject* name) {
  Ref value = Ref::take(PyObject_GetAttr(object, name));
  if (!value) PyErr_Clear();
  return value && PyObject_IsTrue(value.get()) == 1;
}

PyObject* fail(PyObject* type, const char* message) {
  PyErr_SetString(type, message);
  return nullptr;
}

PyObject* fail(Misuse misuse, const char* message) {
  PyErr_SetString(PyExc_RuntimeError, message);
  note_misuse(misuse);
  return nullptr;
}

// --- the event that says that a thread has started: as Event() makes it, with a quiet lock

PyObject* new_instance(PyTypeObject* type) {
  static PyObject* none = PyTuple_New(0);
  return type->tp_new(type, none, nullptr);
}

PyObject* new_event() {
  Ref lock = Ref::take(reinterpret_cast<PyObject*>(new_lock(&LockType, LockRole::Quiet)));
  Ref condition = Ref::take(new_instance(condition_type));
  Ref event = Ref::take(new_instance(event_type));
  if (!lock || !condition || !event) return nullptr;
  const bool done =
      set(condition.get(), strings.lock, lock.get()) &&
      set_new(condition.get(), strings.acquire, PyObject_GetAttr(lock.get(), strings.acquire)) &&
      set_new(condition.get(), strings.release, PyObject_GetAttr(lock.get(), strings.release)) &&
      set_new(condition.get(), strings.waiters, PyObject_CallNoArgs((PyObject*)deque_type)) &&
      set(event.get(), strings.cond, condition.get()) && set(event.get(), strings.flag, Py_False);
  return done ? event.release() : nullptr;
}

bool has_started(PyObject* thread) {
  Ref event = Ref::take(PyObject_GetAttr(thread, strings.started));
  if (!event) return PyErr_Clear(), false;
  return is_true(event.get(), strings.flag);
}

// --- names: threads that main makes are numbered as in CPython; others carry the path of their maker, since a common
// counter would depend on the order in which threads run

std::string path_of(const engine::Thread& thread) {
  if (thread.parent == engine::kNoThread) return {};
  return path_of(runtime.engine->thread(thread.parent)) + std::to_string(thread.child_number + 1) + '.';
}

PyObject* default_pattern;  // "Thread-%d"

PyObject* new_name(PyObject*, PyObject* pattern) {
  if (!runtime.engine) return PyUnicode_FromString("Thread-0");
  const std::string number = path_of(runtime.engine->self()) + std::to_string(++self().threads_named);
  if (pattern == default_pattern) return PyUnicode_FromString(("Thread-" + number).c_str());
  Ref mark = Ref::take(PyUnicode_FromString("%d")), text = Ref::take(PyUnicode_FromString(number.c_str()));
  return mark && text ? PyUnicode_Replace(pattern, mark.get(), text.get(), 1) : nullptr;
}

PyObject* default_name(PyObject* target) {
  if (!default_pattern) default_pattern = PyUnicode_InternFromString("Thread-%d");
  Ref name = Ref::take(new_name(nullptr, default_pattern));
  if (!name || target == Py_None) return name.release();
  Ref target_name = Ref::take(PyObject_GetAttr(target, strings.dunder_name));
  if (target_name) return PyUnicode_FromFormat("%U (%S)", name.get(), target_name.get());
  if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return nullptr;
  PyErr_Clear();
  return name.release();
}

// --- Thread.__init__

bool fill(PyObject* thread, PyObject* target, PyObject* name, PyObject* args, PyObject* kwargs,
          PyObject* daemonic) {
  PyObject* stream = PySys_GetObject("stderr");
  return set(thread, strings.target, target) && set(thread, strings.name, name) &&
         set(thread, strings.args, args) && set(thread, strings.kwargs, kwargs) &&
         set(thread, strings.daemonic, daemonic) && set(thread, strings.ident, Py_None) &&
         set(thread, strings.native_id, Py_None) && set(thread, strings.tstate_lock, Py_None) &&
         set_new(thread, strings.started, new_event()) && set(thread, strings.is_stopped, Py_False) &&
         set(thread, strings.initialized, Py_True) && set(thread, strings.stderr_, stream ? stream : Py_None);
}

// There is somebody who looks?
std::optional<IdentityAside> look_aside() {
  if (!runtime.engine) return std::nullopt;
  return std::optional<IdentityAside>(std::in_place);
}

PyObject* current_thread() {
  static PyObject* function = PyObject_GetAttrString(threading, "current_thread");
  return PyObject_CallNoArgs(function);
}

// What will tell threading.excepthook of an exception, with the hooks of now in case that they go.
Ref invoke_hook() {
  PyObject* hook = PyDict_GetItemWithError(threading_dict, strings.excepthook);
  if (hook == plain_excepthook && PySys_GetObject("excepthook") == plain_sys_excepthook)
    return Ref::share(plain_invoke);
  return Ref::take(PyObject_CallMethod(threading, "_make_invoke_excepthook", nullptr));
}

PyObject* thread_init(PyObject* thread, PyObject* arguments, PyObject* keywords) {
  static const char* const names[] = {"group", "target", "name", "args", "kwargs", "daemon", nullptr};
  PyObject *group = Py_None, *target = Py_None, *name = Py_None, *args = nullptr, *kwargs = Py_None,
           *daemon = Py_None;
  if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|OOOOO$O:__init__", const_cast<char**>(names),
                                   &group, &target, &name, &args, &kwargs, &daemon)) {
    PyErr_Clear();  // the original says what is wrong with them
    Ref all = Ref::take(PyTuple_New(PyTuple_GET_SIZE(arguments) + 1));
    if (!all) return nullptr;
    PyTuple_SET_ITEM(all.get(), 0, Py_NewRef(thread));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(arguments); ++i)
      PyTuple_SET_ITEM(all.get(), i + 1, Py_NewRef(PyTuple_GET_ITEM(arguments, i)));
    return PyObject_Call(original_init, all.get(), keywords);
  }
  if (group != Py_None) return fail(PyExc_AssertionError, "group argument must be None for now");
  Ref positional = args ? Ref::share(args) : Ref::take(PyTuple_New(0));
  Ref named = kwargs == Py_None ? Ref::take(PyDict_New()) : Ref::share(kwargs);
  const int has_name = PyObject_IsTrue(name);
  if (!positional || !named || has_name < 0) return nullptr;
  Ref label = has_name ? Ref::take(PyObject_Str(name)) : Ref::take(default_name(target));
  if (!label) return nullptr;
  Ref daemonic = Ref::share(daemon);
  if (daemon == Py_None) {
    const std::optional<IdentityAside> aside = look_aside();
    Ref current = Ref::take(current_thread());
    daemonic = current ? Ref::take(PyObject_GetAttr(current.get(), strings.daemon)) : Ref();
    if (!daemonic) return nullptr;
  }
  if (!fill(thread, target, label.get(), positional.get(), named.get(), daemonic.get())) return nullptr;
  Ref invoke = invoke_hook();
  if (!invoke || !set(thread, strings.invoke_excepthook, invoke.get())) return nullptr;
  Py_RETURN_NONE;
}

// --- around run()

// The original's frame in a traceback: its file, and the line of `self.run()`.
std::string original_file;
int original_line = 0;

int find_original_line() {
  Ref path = Ref::take(PyObject_GetAttrString(threading, "__file__"));
  Ref line = Ref::take(PyObject_GetAttrString(threading, "_raddle_run_line"));
  if (!path || !line) return -1;
  original_file = PyUnicode_AsUTF8(path.get());
  original_line = static_cast<int>(PyLong_AsLong(line.get()));
  return PyErr_Occurred() ? -1 : 0;
}

// The exception that is set has left run(): tells threading.excepthook.
void invoke_excepthook(PyObject* thread) {
  _PyTraceback_Add("_bootstrap_inner", original_file.c_str(), original_line);
  const Ref v = take_raised();
  report_exception(v.get());
  PyErr_SetHandledException(v.get());
  // The original's function for it, which deals with hooks that are None or fail themselves.
  Ref hook = Ref::take(PyObject_GetAttr(thread, strings.invoke_excepthook));
  Ref done = hook ? Ref::take(PyObject_CallOneArg(hook.get(), thread)) : Ref();
  if (!done && !self().killed) PyErr_WriteUnraisable(thread);
  PyErr_SetHandledException(nullptr);
}

bool install_hooks() {
  for (PyObject* hook : {strings.trace_hook, strings.profile_hook}) {
    PyObject* function = PyDict_GetItemWithError(threading_dict, hook);
    if (!function || function == Py_None) continue;
    const char* setter = hook == strings.trace_hook ? "settrace" : "setprofile";
    Ref done = Ref::take(PyObject_CallOneArg(PySys_GetObject(setter), function));
    if (!done) return false;
  }
  return true;
}

bool enter(PyObject* thread) {
  Ref ident = Ref::take(PyLong_FromUnsignedLongLong(self().ident));
  auto* lock = new_lock(&LockType, LockRole::Thread);
  Ref sentinel = Ref::take(reinterpret_cast<PyObject*>(lock));
  if (!ident || !sentinel) return false;
  lock->thread = runtime.engine->self().id;
  note_started_thread();
  Ref event = Ref::take(PyObject_GetAttr(thread, strings.started));
  return event && set(thread, strings.ident, ident.get()) &&
         set(thread, strings.tstate_lock, sentinel.get()) && set(thread, strings.native_id, ident.get()) &&
         set(event.get(), strings.flag, Py_True) && PyDict_SetItem(active, ident.get(), thread) == 0 &&
         install_hooks();
}

// Who has been given a name by the program is shown by it.
void show_name(PyObject* thread) {
  engine::Engine& e = *runtime.engine;
  Ref name = e.recorder() ? Ref::take(PyObject_GetAttr(thread, strings.name)) : Ref();
  const char* text = name && PyUnicode_Check(name.get()) ? PyUnicode_AsUTF8(name.get()) : nullptr;
  constexpr std::string_view pool = "ThreadPoolExecutor-";
  const std::string_view label = text ? text : "Thread-";
  if (label.starts_with(pool))  // too long for a column
    e.recorder()->thread(e.self().id, "worker-" + std::string(label.substr(pool.size())));
  else if (!label.starts_with("Thread-"))
    e.recorder()->thread(e.self().id, label);
  PyErr_Clear();
}

// The body of a thread: Thread._bootstrap.
PyObject* bootstrap(PyObject*, PyObject* thread) {
  show_name(thread);
  Ref result;
  if (enter(thread) &&
      Py_EnterRecursiveCall("") == 0) {  // as deep as the original, which takes one step more
    result = Ref::take(PyObject_CallMethodNoArgs(thread, strings.run));
    Py_LeaveRecursiveCall();
  }
  if (self().killed) return nullptr;
  if (!result) invoke_excepthook(thread);
  if (self().killed || change_thread_list() < 0) return nullptr;
  Ref ident = Ref::take(PyLong_FromUnsignedLongLong(self().ident));
  if (!ident || PyDict_DelItem(active, ident.get()) < 0) PyErr_Clear();
  Py_RETURN_NONE;
}

PyMethodDef bootstrap_method = {"_bootstrap", bootstrap, METH_O, nullptr};

// Does its class run the original's private steps?
bool is_ordinary(PyObject* thread) {
  PyTypeObject* type = Py_TYPE(thread);
  if (type == thread_type) return true;
  return _PyType_Lookup(type, strings.bootstrap) == original_bootstrap &&
         _PyType_Lookup(type, strings.bootstrap_inner) == original_bootstrap_inner;
}

// --- threads that are alike: the same function with the same arguments, and nothing of their own

// What a thread does. References, since as long as a thread lives it has them itself.
struct Task {
  Ref target, args, kwargs;  // null: it is like no other
};
struct Alike {
  engine::Tid id;
  PyObject* thread;  // valid as long as it has not ended
};
std::vector<Alike> tasks;  // threads of this execution that others may be like

bool is_same(PyObject* a, PyObject* b) {
  if (a == b) return true;
  if (Py_TYPE(a) != Py_TYPE(b)) return false;
  if (PyTuple_CheckExact(a)) {
    if (PyTuple_GET_SIZE(a) != PyTuple_GET_SIZE(b)) return false;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(a); ++i)
      if (!is_same(PyTuple_GET_ITEM(a, i), PyTuple_GET_ITEM(b, i))) return false;
    return true;
  }
  if (PyMethod_Check(a))
    return PyMethod_GET_FUNCTION(a) == PyMethod_GET_FUNCTION(b) &&
           PyMethod_GET_SELF(a) == PyMethod_GET_SELF(b);
  if (PyCFunction_CheckExact(a))
    return reinterpret_cast<PyCFunctionObject*>(a)->m_ml == reinterpret_cast<PyCFunctionObject*>(b)->m_ml &&
           PyCFunction_GET_SELF(a) == PyCFunction_GET_SELF(b);
  const bool plain = PyLong_CheckExact(a) || PyUnicode_CheckExact(a) || PyBytes_CheckExact(a);
  return plain && PyObject_RichCompareBool(a, b, Py_EQ) == 1;
}

bool is_same(const Task& a, const Task& b) {
  if (!is_same(a.target.get(), b.target.get()) || !is_same(a.args.get(), b.args.get())) return false;
  if (PyDict_GET_SIZE(a.kwargs.get()) != PyDict_GET_SIZE(b.kwargs.get())) return false;
  PyObject *name, *value, *other_name, *other;
  Py_ssize_t i = 0, k = 0;
  while (PyDict_Next(a.kwargs.get(), &i, &name, &value) &&
         PyDict_Next(b.kwargs.get(), &k, &other_name, &other))
    if (!is_same(name, other_name) || !is_same(value, other)) return false;
  return true;
}

// `starting`: nobody else may have its keywords, which could be changed before the next thread starts.
Task task_of(PyObject* thread, bool starting) {
  Task task{Ref::take(PyObject_GetAttr(thread, strings.target)),
            Ref::take(PyObject_GetAttr(thread, strings.args)),
            Ref::take(PyObject_GetAttr(thread, strings.kwargs))};
  const bool fine =
      task.target && task.args && task.kwargs && task.target.get() != Py_None &&
      PyTuple_CheckExact(task.args.get()) && PyDict_CheckExact(task.kwargs.get()) &&
      (!starting || PyDict_GET_SIZE(task.kwargs.get()) == 0 || Py_REFCNT(task.kwargs.get()) == 2);
  if (fine) return task;
  PyErr_Clear();
  return {};
}

// Is it one of those that others may be like? It has nothing of its own that they could not have.
bool may_be_alike(PyObject* thread) {
  if (!runtime.engine->symmetric() || Py_TYPE(thread) != thread_type || is_random_in_use()) return false;
  Ref name = Ref::take(PyObject_GetAttr(thread, strings.name)),
      run = Ref::take(PyObject_GetAttr(thread, strings.run));
  const char* text = name && PyUnicode_Check(name.get()) ? PyUnicode_AsUTF8(name.get()) : nullptr;
  PyErr_Clear();
  const bool own_run = !run || !PyMethod_Check(run.get()) ||
                       PyMethod_GET_FUNCTION(run.get()) != _PyType_Lookup(thread_type, strings.run);
  return text && std::string_view(text).starts_with("Thread-") && !own_run && task_of(thread, true).target;
}

// The latest thread that does the same, of those that the running one has started.
engine::Tid find_alike(PyObject* thread) {
  engine::Engine& e = *runtime.engine;
  const Task task = task_of(thread, false);
  for (std::size_t i = tasks.size(); i-- > 0;) {
    const Alike& other = tasks[i];
    if (e.thread(other.id).parent != e.self().id || e.ended(other.id)) continue;
    if (const Task its = task_of(other.thread, false); its.target && is_same(its, task)) return other.id;
  }
  return engine::kNoThread;
}

PyObject* thread_start(PyObject* thread, PyObject*) {
  if (!is_true(thread, strings.initialized)) return fail(PyExc_RuntimeError, "thread.__init__() not called");
  if (has_started(thread)) return fail(Misuse::StartTwice, "threads can only be started once");
  if (!runtime.engine || !is_ordinary(thread)) return PyObject_CallOneArg(original_start, thread);
  if (change_thread_list() < 0) return nullptr;
  const bool daemon = is_true(thread, strings.daemonic);
  Ref arguments = Ref::take(PyTuple_Pack(1, thread));
  if (!arguments) return nullptr;
  const bool alike = may_be_alike(thread);
  const engine::Tid id = start_thread(bootstrap_function, arguments.get(), nullptr, daemon,
                                      alike ? find_alike(thread) : engine::kNoThread);
  if (id == engine::kNoThread) return nullptr;
  if (alike) tasks.push_back({id, thread});
  Py_RETURN_NONE;
}

// --- the end of main, as others see it: it comes in shut_down_threads, before main waits for them

Ref main_lock;  // held by main until then
bool main_has_ended = false;

// Who sees the end of main comes after all that it did before.
int saw_end_of_main() {
  runtime.engine->learn_past();
  inherit_clock(0);
  return 0;
}

int main_is_alive() {
  if (!runtime.engine || runtime.engine->self().id == 0) return !main_has_ended;
  const int alive = is_locked(reinterpret_cast<LockObject*>(main_lock.get()));
  return alive == 0 ? saw_end_of_main() : alive;
}

// Precondition: it is not main that waits.
int wait_for_end_of_main(std::int64_t timeout) {
  auto* lock = reinterpret_cast<LockObject*>(main_lock.get());
  const int got = acquire(lock, true, timeout);
  if (got <= 0) return got;
  return release(lock) < 0 ? -1 : saw_end_of_main();
}

// --- waiting

// The engine's id of a thread that has started.
engine::Tid id_of(PyObject* thread) {
  Ref ident = Ref::take(PyObject_GetAttr(thread, strings.ident));
  const std::uint64_t number = ident ? PyLong_AsUnsignedLongLong(ident.get()) : 0;
  if (PyErr_Occurred()) PyErr_Clear();
  for (const Started& s : started)
    if (s.ident == number) return s.id;
  return number == 1 ? 0 : engine::kNoThread;
}

// Thread._stop: it is known to have ended.
bool mark_stopped(PyObject* thread) {
  return set(thread, strings.is_stopped, Py_True) && set(thread, strings.tstate_lock, Py_None);
}

int wait_for_end(engine::Tid id) {
  engine::Engine& e = *runtime.engine;
  const engine::Site site = current_site();
  e.self().op.site = site;
  if (wait_for_thread(id) < 0) return -1;
  if (e.recorder()) e.recorder()->note(e, e.self(), engine::NoteKind::Join, id, {}, site);
  return 0;
}

PyObject* thread_join(PyObject* thread, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  PyObject* timeout = Py_None;
  if (!parse_timeout(arguments, count, keywords, timeout)) {
    PyErr_Clear();
    return call_original(original_join, thread, arguments, count, keywords);
  }
  if (refuse_in_step("waits for a thread") < 0 || refuse_in_debugger("waits for a thread") < 0)
    return nullptr;
  if (!is_true(thread, strings.initialized)) return fail(PyExc_RuntimeError, "Thread.__init__() not called");
  if (!has_started(thread)) return fail(Misuse::JoinUnstarted, "cannot join thread before it is started");
  const engine::Tid id = runtime.engine ? id_of(thread) : engine::kNoThread;
  std::int64_t nanoseconds = 0;
  const bool odd = timeout != Py_None && read_seconds(timeout, nanoseconds) == Seconds::Odd;
  if (id == engine::kNoThread || odd) {  // not one of those that we start, or no ordinary timeout
    static PyObject* wait = PyObject_GetAttrString(threading, "_raddle_join");
    return PyObject_CallFunctionObjArgs(wait, thread, timeout, nullptr);
  }
  engine::Engine& e = *runtime.engine;
  if (id == e.self().id) return fail(Misuse::JoinSelf, "cannot join current thread");
  if (id == 0) {
    const std::int64_t limit = timeout == Py_None ? kForever : std::max<std::int64_t>(nanoseconds, 0);
    if (wait_for_end_of_main(limit) < 0) return nullptr;
    Py_RETURN_NONE;
  }
  if (timeout == Py_None) {
    if (wait_for_end(id) < 0) return nullptr;
  } else {
    const engine::Site site = current_site();
    const bool ended =
        nanoseconds <= 0 ? !engine::is_alive(e, id, site) : engine::join_for(e, id, nanoseconds, site);
    if (resumed() < 0) return nullptr;
    if (!ended) {
      e.overshoot();
      Py_RETURN_NONE;
    }
    if (wait_for_end(id) < 0) return nullptr;
  }
  if (!mark_stopped(thread)) return nullptr;
  Py_RETURN_NONE;
}

PyObject* thread_is_alive(PyObject* thread, PyObject*) {
  if (refuse_in_step("asks whether a thread is alive") < 0) return nullptr;
  if (!is_true(thread, strings.initialized))
    return fail(PyExc_AssertionError, "Thread.__init__() not called");
  if (!has_started(thread)) Py_RETURN_FALSE;
  const engine::Tid id = runtime.engine ? id_of(thread) : engine::kNoThread;
  if (id == engine::kNoThread) return PyBool_FromLong(!is_true(thread, strings.is_stopped));
  if (is_debugging()) return PyBool_FromLong(!runtime.engine->ended(id));
  if (id == 0) {
    const int main_alive = main_is_alive();
    return main_alive < 0 ? nullptr : PyBool_FromLong(main_alive);
  }
  const bool alive = engine::is_alive(*runtime.engine, id, current_site());
  if (resumed() < 0) return nullptr;
  // Who has seen the end of a thread comes after all that it did.
  if (!alive && (wait_for_thread(id) < 0 || !mark_stopped(thread))) return nullptr;
  return PyBool_FromLong(alive);
}

Patch methods[] = {
    {{"__init__", method(thread_init), METH_VARARGS | METH_KEYWORDS,
      "__init__($self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None)\n--\n\n"},
     &original_init},
    {{"start", thread_start, METH_NOARGS, "start($self)\n--\n\n"}, &original_start},
    {{"join", method(thread_join), METH_FASTCALL | METH_KEYWORDS, "join($self, timeout=None)\n--\n\n"},
     &original_join},
    {{"is_alive", thread_is_alive, METH_NOARGS, "is_alive($self)\n--\n\n"}, nullptr},
};

// --- what tells threads apart

// A property, or method without arguments, behind whose original the identity of its thread is: `Original` is a place.
template <PyObject** Original>
PyObject* shown(PyObject* thread, PyObject*) {
  if (runtime.engine && has_started(thread)) {
    const engine::Tid id = id_of(thread);
    if (id != engine::kNoThread && show_thread(id) < 0) return nullptr;
  }
  return PyObject_CallOneArg(*Original, thread);
}

PyObject *original_repr, *original_name, *original_ident, *original_native_id;
Patch shown_repr = {{"__repr__", shown<&original_repr>, METH_NOARGS, nullptr}, &original_repr};
struct ShownProperty {
  PyMethodDef getter;
  PyObject** original;
};
ShownProperty shown_properties[] = {
    {{"name", shown<&original_name>, METH_NOARGS, nullptr}, &original_name},
    {{"ident", shown<&original_ident>, METH_NOARGS, nullptr}, &original_ident},
    {{"native_id", shown<&original_native_id>, METH_NOARGS, nullptr}, &original_native_id},
};

int watch_property(ShownProperty& p) {
  auto* type = reinterpret_cast<PyObject*>(thread_type);
  Ref property = Ref::take(PyObject_GetAttrString(type, p.getter.ml_name));
  Ref getter = property ? Ref::take(PyObject_GetAttrString(property.get(), "fget")) : Ref();
  Ref with = getter ? Ref::take(PyDescr_NewMethod(thread_type, &p.getter)) : Ref();
  Ref change = with ? Ref::take(PyObject_GetAttrString(property.get(), "getter")) : Ref();
  Ref changed = change ? Ref::take(PyObject_CallOneArg(change.get(), with.get())) : Ref();
  if (!changed) return -1;
  *p.original = getter.release();
  return PyObject_SetAttrString(type, p.getter.ml_name, changed.get());
}

PyMethodDef new_name_method = {"_newname", new_name, METH_O, nullptr};

// Threads of executors, and their queues.
PyObject* pool_globals;
PyObject* pool_threads() {
  static PyObject* name = PyUnicode_InternFromString("_threads_queues");
  PyObject* dictionary = PyDict_GetItemWithError(pool_globals, name);
  static PyObject* data = PyUnicode_InternFromString("data");
  Ref items = dictionary ? Ref::take(PyObject_GetAttr(dictionary, data)) : Ref();
  return items.get();  // the dictionary keeps it
}

PyTypeObject* type_in(PyObject* module, const char* name) {
  return reinterpret_cast<PyTypeObject*>(PyObject_GetAttrString(module, name));
}

}  // namespace

int prepare_thread_objects() {
  threading = PyImport_ImportModule("threading");
  Ref collections = Ref::take(PyImport_ImportModule("collections"));
  if (!threading || !collections) return -1;
  threading_dict = PyModule_GetDict(threading);
  Ref pools = Ref::take(PyImport_ImportModule("concurrent.futures.thread"));
  if (!pools) return -1;
  pool_globals = PyModule_GetDict(pools.get());
  active = PyObject_GetAttrString(threading, "_active");
  shutdown_locks = PyObject_GetAttrString(threading, "_shutdown_locks");
  thread_type = type_in(threading, "Thread");
  main_thread_type = type_in(threading, "_MainThread");
  event_type = type_in(threading, "Event");
  condition_type = type_in(threading, "Condition");
  deque_type = type_in(collections.get(), "deque");
  if (!active || !shutdown_locks || !thread_type || !main_thread_type || !event_type || !condition_type ||
      !deque_type)
    return -1;
  auto* type = reinterpret_cast<PyObject*>(thread_type);
  original_bootstrap = PyObject_GetAttrString(type, "_bootstrap");
  original_bootstrap_inner = PyObject_GetAttrString(type, "_bootstrap_inner");
  plain_excepthook = Py_XNewRef(PyDict_GetItemString(threading_dict, "excepthook"));
  plain_sys_excepthook = Py_XNewRef(PySys_GetObject("excepthook"));
  plain_invoke = PyObject_CallMethod(threading, "_make_invoke_excepthook", nullptr);
  bootstrap_function = PyCFunction_New(&bootstrap_method, nullptr);
  if (find_original_line() < 0 || !original_bootstrap || !original_bootstrap_inner || !bootstrap_function ||
      !plain_invoke)
    return -1;
  for (Patch& method : methods)
    if (patch(thread_type, method) < 0) return -1;
  if (patch(thread_type, shown_repr) < 0) return -1;
  for (ShownProperty& property : shown_properties)
    if (watch_property(property) < 0) return -1;
  Ref name = Ref::take(PyCFunction_New(&new_name_method, nullptr));
  return name ? PyObject_SetAttrString(threading, "_newname", name.get()) : -1;
}

IdentityAside::IdentityAside() : outer_(std::exchange(self().identity_aside, true)) {}
IdentityAside::~IdentityAside() { self().identity_aside = outer_; }

int show_thread(engine::Tid id) {
  if (self().identity_aside || runtime.engine->tell_apart(id, "the program asks which of them it is"))
    return 0;
  return resumed();
}

void reset_thread_objects() {
  started.clear();
  tasks.clear();
  PyDict_Clear(active);
  // Threads of pools that live on in garbage.
  if (PyObject* pools = pool_threads(); pools && PyDict_GET_SIZE(pools) > 0) PyDict_Clear(pools);
}

void note_started_thread() {
  const engine::Thread& thread = runtime.engine->self();
  started.push_back({thread.id, self().ident, thread.daemon});
}

int make_main_thread_object() {
  Ref thread = Ref::take(new_instance(main_thread_type));
  static PyObject* main_name = PyUnicode_InternFromString("MainThread");
  Ref none = Ref::take(PyTuple_New(0)), empty = Ref::take(PyDict_New()),
      ident = Ref::take(PyLong_FromLong(1));
  auto* lock = new_lock(&LockType, LockRole::MainThread);
  Ref sentinel = Ref::take(reinterpret_cast<PyObject*>(lock));
  if (!thread || !none || !empty || !ident || !sentinel || acquire(lock, true, kForever) < 0) return -1;
  main_lock = Ref::share(sentinel.get());
  main_has_ended = false;
  PyObject* t = thread.get();
  if (!fill(t, Py_None, main_name, none.get(), empty.get(), Py_False) ||
      !set(t, strings.tstate_lock, sentinel.get()) || !set(t, strings.ident, ident.get()) ||
      !set(t, strings.native_id, ident.get()))
    return -1;
  Ref event = Ref::take(PyObject_GetAttr(t, strings.started));
  if (!event || !set(event.get(), strings.flag, Py_True)) return -1;
  if (PyDict_SetItem(active, ident.get(), t) < 0) return -1;
  if (set_in_library(threading_dict, strings.shutting_down, Py_False) < 0 ||
      set_in_library(pool_globals, strings.shutdown, Py_False) < 0)
    return -1;
  return set_in_library(threading_dict, strings.main_thread, t);
}

int shut_down_threads() {
  if (set_in_library(threading_dict, strings.shutting_down, Py_True) < 0) return -1;
  // The exit function of thread pools has nothing to do as long as no pool has a thread.
  const bool no_pools = PyDict_GET_SIZE(pool_threads()) == 0;
  if (no_pools && set_in_library(pool_globals, strings.shutdown, Py_True) < 0) return -1;
  PyObject* exits = PyDict_GetItemWithError(threading_dict, strings.threading_atexits);
  for (Py_ssize_t i = exits ? PyList_GET_SIZE(exits) : 0; i-- > 0;) {
    if (i == 0 && no_pools) continue;
    Ref function = Ref::share(PyList_GET_ITEM(exits, i));
    Ref done = Ref::take(PyObject_CallNoArgs(function.get()));
    if (!done) return -1;
  }
  PyObject* main = PyDict_GetItemWithError(threading_dict, strings.main_thread);
  if (release(reinterpret_cast<LockObject*>(main_lock.get())) < 0) return -1;
  main_has_ended = true;
  if (main && !mark_stopped(main)) return -1;
  // All of them, ended or not, in an order that does not depend on when they were started: what they did comes before
  // what main does from here on. While main waits, they may start more.
  std::size_t seen = 0;
  while (seen < started.size()) {
    std::vector<Started> next(started.begin() + static_cast<std::ptrdiff_t>(seen), started.end());
    seen = started.size();
    std::sort(next.begin(), next.end(), [](const Started& a, const Started& b) { return a.ident < b.ident; });
    runtime.engine->self().op.site = {};
    for (const Started& thread : next)
      if (!thread.daemon && wait_for_thread(thread.id) < 0) return -1;
  }
  return 0;
}

}  // namespace raddle::python
