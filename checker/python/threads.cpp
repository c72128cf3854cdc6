#include "checker/python/threads.h"

#include <memory>
#include <vector>

#include "checker/engine/recorder.h"
#include "checker/python/debugger.h"
#include "checker/python/failure.h"
#include "checker/python/handlers.h"
#include "checker/python/instrument/hook.h"
#include "checker/python/instrument/site.h"
#include "checker/python/interrupt.h"
#include "checker/python/invariants.h"
#include "checker/python/lock.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

std::vector<std::unique_ptr<PythonThread>> threads;  // by id; their thread states are used again

// What get_ident() says: small for main (1) and the threads that it starts, the same in every execution and search.
std::uint64_t ident_of(const engine::Thread& thread) {
  if (thread.parent == engine::kNoThread) return 1;
  if (thread.parent == 0) return static_cast<std::uint64_t>(thread.child_number) + 2;
  return thread.name >> 33 | std::uint64_t{1} << 31;
}

void run(PythonThread& me) {
  go_on(me);
  PyObject* result = PyObject_Call(me.function.get(), me.arguments.get(), me.keywords.get());
  if (settle() < 0) Py_CLEAR(result);
  if (!result) report_thread_exception(me.function.get());
  Py_XDECREF(result);
  finish_thread(me);
}

}  // namespace

PythonThread& bind_thread(engine::Thread& thread) {
  const auto id = static_cast<std::size_t>(thread.id);
  if (threads.size() <= id) threads.resize(id + 1);
  if (!threads[id]) {
    threads[id] = std::make_unique<PythonThread>();
    threads[id]->state = PyThreadState_New(runtime.interpreter);
    ++runtime.states_made;
  }
  PythonThread& mine = *threads[id];
  mine.named = mine.entropy = 0;
  mine.rounds = 0;
  mine.ident = ident_of(thread);
  mine.unseen = mine.threads_named = mine.executors = 0;
  mine.switchable = true;
  mine.clock_step = mine.clock_reads = 0;
  mine.worked = 0;
  mine.printing[0] = mine.printing[1] = nullptr;
  mine.waiter = nullptr;
  mine.atomic = 0;
  mine.killed = mine.identity_aside = false;
  mine.state->thread_id = mine.ident;
  mine.clock.start(thread.id, thread.parent == engine::kNoThread ? nullptr : &self().clock);
  if (thread.parent == engine::kNoThread)
    mine.random = {};
  else
    inherit_random(thread, mine.random);
  thread.front_end = &mine;
  return mine;
}

engine::Tid start_thread(PyObject* function, PyObject* arguments, PyObject* keywords, bool daemon,
                         engine::Tid like) {
  engine::Engine& e = *runtime.engine;
  if (refuse_in_step("starts a thread") < 0 || refuse_in_debugger("starts a thread") < 0)
    return engine::kNoThread;
  const engine::Tid id = e.spawn(daemon);
  if (id == engine::kNoThread) return resumed(), engine::kNoThread;
  PythonThread& child = bind_thread(const_cast<engine::Thread&>(e.thread(id)));
  child.function = Ref::share(function);
  child.arguments = Ref::share(arguments);
  child.keywords = Ref::share(keywords);
  set_concurrent(true);
  e.body(id).set([&child] { run(child); });
  if (e.recorder()) e.recorder()->note(e, e.self(), engine::NoteKind::Start, id, {}, current_site());
  if (like != engine::kNoThread) e.alike(like, id);
  e.launch_now(id);
  return resumed() < 0 ? engine::kNoThread : id;
}

int wait_for_thread(engine::Tid id) {
  runtime.engine->join(id);
  if (resumed() < 0) return -1;
  inherit_clock(id);
  return 0;
}

void inherit_clock(engine::Tid id) { self().clock.join(threads[static_cast<std::size_t>(id)]->clock); }

void finish_thread(PythonThread& me) {
  restore_interrupted_code();
  me.function = {};
  me.arguments = {};
  me.keywords = {};
  Py_CLEAR(me.sentinel);
  PyThreadState_Clear(me.state);  // runs destructors of thread-local values
  raddle_renew_thread_state(me.state);
}

// While it is on, code of the program that is about to be called fails instead: destructors, callbacks of weak
// references, what suspended generators would do when they are closed. Code of the library runs, to keep its books.
PyObject* refuse(PyThreadState* state, _PyInterpreterFrame* frame, int throwing) {
  if (!is_users_code(reinterpret_cast<PyObject*>(frame->f_code)))
    return _PyEval_EvalFrameDefault(state, frame, throwing);
  if (!PyErr_Occurred()) PyErr_SetNone(runtime.killed);
  return nullptr;
}

void refuse_user_code(bool on) { raddle_set_evaluation(runtime.interpreter, on ? refuse : nullptr); }

void tear_down_thread(engine::Engine& engine, engine::Thread& thread) {
  BlankHandlers blank(static_cast<PythonThread*>(thread.front_end)->state);
  engine.resume_for_teardown(thread);
  make_current(runtime.host);
}

void abandon_threads() {
  if (*runtime.current_state)
    make_current(runtime.host);
  else
    PyEval_RestoreThread(runtime.host);
  raddle_set_gil_state(runtime.host);
  for (auto& thread : threads) static_cast<void>(thread.release());
  threads.clear();
  runtime.library = 0;
  runtime.looking = runtime.look_waits = false;
}

void release_threads() {
  for (auto& thread : threads) {
    if (!thread || !thread->function) continue;
    thread->function = {};
    thread->arguments = {};
    thread->keywords = {};
  }
}

}  // namespace raddle::python
