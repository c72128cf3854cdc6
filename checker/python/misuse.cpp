#include "checker/python/misuse.h"

#include <string>

#include "checker/python/arguments.h"
#include "checker/python/failure.h"
#include "checker/python/instrument/exception_aside.h"
#include "checker/python/labels.h"
#include "checker/python/patch.h"
#include "checker/python/primitives.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

struct Rule {
  const char* about;      // what is misused
  const char* exception;  // its text begins so
  const char* words;
};

// In the order of Misuse.
constexpr Rule kRules[] = {
    {"a lock that nobody holds", "RuntimeError: release unlocked lock",
     "a lock is released that nobody holds"},
    {"an RLock of another thread", "RuntimeError: cannot release un-acquired lock",
     "a thread releases an RLock that it does not hold"},
    {"a condition without its lock", "RuntimeError: cannot wait on un-acquired lock",
     "a thread waits on a condition without holding its lock"},
    {"a condition without its lock", "RuntimeError: cannot notify on un-acquired lock",
     "a thread notifies without holding the condition's lock"},
    {"a bounded semaphore", "ValueError: Semaphore released too many times",
     "a bounded semaphore is released more often than it was acquired"},
    {"a thread that was started before", "RuntimeError: threads can only be started once",
     "a thread is started a second time"},
    {"the thread itself", "RuntimeError: cannot join current thread", "a thread joins itself"},
    {"a thread that was not started", "RuntimeError: cannot join thread before it is started",
     "a thread is joined before it is started"},
    {"a queue's task_done()", "ValueError: task_done() called too many times",
     "task_done() is called more often than items were put"},
    {"a future that is done",
     "InvalidStateError: ", "a future is given a result that has one, or was cancelled"},
};

const Rule& rule_of(Misuse misuse) { return kRules[static_cast<std::size_t>(misuse)]; }

// Of the exception that is set, which stays set.
std::string text_of_raised() {
  const Ref raised = take_raised();
  const std::string text = raised ? exception_text(raised.get()) : "";
  raise_again(raised);
  return text;
}

// The latest: earlier ones of the same text and place have been caught. One of `tid`, if it has one; else the exception
// has come from another thread, by a future.
void take_back(engine::Tid tid, const std::string& text, const engine::Site& site) {
  const engine::Failure *latest = nullptr, *own = nullptr;
  for (const engine::Failure& f : runtime.engine->failures()) {
    if (f.kind != engine::Failure::Kind::Misuse || !f.gone_on || f.detail != text ||
        f.site.line != site.line || f.site.file != site.file)
      continue;
    latest = &f;
    if (f.tid == tid) own = &f;
  }
  const engine::Failure* taken = own ? own : latest;
  if (!taken) return;
  runtime.engine->withdraw_failures([&](const engine::Failure& f) { return &f == taken; });
}

PyObject* original_task_done;

PyObject* task_done(PyObject* queue, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return watch_misuse(call_original(original_task_done, queue, arguments, count, keywords), Misuse::TaskDone,
                      queue);
}

Patch task_done_patch = {
    {"task_done", method(task_done), METH_FASTCALL | METH_KEYWORDS, "task_done($self)\n--\n\n"},
    &original_task_done};

}  // namespace

void note_misuse(Misuse misuse, LockObject* lock) {
  if (!runtime.engine || runtime.engine->killing() || self().killed) return;
  const Rule& rule = rule_of(misuse);
  const std::string text = text_of_raised();
  if (!text.starts_with(rule.exception)) return;
  engine::Failure failure;
  failure.kind = engine::Failure::Kind::Misuse;
  failure.type = rule.about;
  failure.message = std::string(rule.words) + " (" + text + "), and the exception is caught";
  failure.detail = text;
  failure.site = current_site();
  failure.gone_on = true;
  if (lock && runtime.engine->recorder()) {
    describe_use(lock);
    failure.object = object_of(lock);
  }
  runtime.engine->fail(std::move(failure));
}

PyObject* watch_misuse(PyObject* result, Misuse misuse, PyObject* object) {
  const char* kind = nullptr;
  if (!result && PyErr_Occurred()) note_misuse(misuse, inner_lock(object, kind));
  return result;
}

void take_back_misuse(PyObject* exception) {
  constexpr int kDeepest = 16;  // exceptions raised in handling others
  Ref current = Ref::share(exception);
  for (int depth = 0; current && depth < kDeepest; ++depth) {
    Ref traceback = Ref::take(PyException_GetTraceback(current.get()));
    take_back(runtime.engine->self().id, exception_text(current.get()), raise_site(traceback.get()));
    Ref cause = Ref::take(PyException_GetCause(current.get()));
    current = cause ? std::move(cause) : Ref::take(PyException_GetContext(current.get()));
  }
}

void take_back_misuse(const engine::Failure& exception) {
  take_back(exception.tid,
            exception.message.empty() ? exception.type : exception.type + ": " + exception.message,
            exception.site);
}

int prepare_misuse() {
  PyTypeObject* queue = library_type("queue", "Queue");
  return !queue ? -1 : patch(queue, task_done_patch);
}

}  // namespace raddle::python
