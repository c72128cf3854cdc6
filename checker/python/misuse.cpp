#include "checker/python/misuse.h"

#include <string>

#include "checker/python/arguments.h"
#include "checker/python/failure.h"
#include "checker/python/labels.h"
#include "checker/python/patch.h"
#include "checker/python/primitives.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

struct Rule {
  const char* type;
  const char* exception;  // its text begins so
  const char* words;
};

// In the order of Misuse.
constexpr Rule kRules[] = {
    {"release-unlocked", "RuntimeError: release unlocked lock", "a lock is released that nobody holds"},
    {"release-not-owner", "RuntimeError: cannot release un-acquired lock",
     "a thread releases an RLock that it does not hold"},
    {"wait-not-owner", "RuntimeError: cannot wait on un-acquired lock",
     "a thread waits on a condition without holding its lock"},
    {"notify-not-owner", "RuntimeError: cannot notify on un-acquired lock",
     "a thread notifies without holding the condition's lock"},
    {"over-release", "ValueError: Semaphore released too many times",
     "a bounded semaphore is released more often than it was acquired"},
    {"start-twice", "RuntimeError: threads can only be started once", "a thread is started a second time"},
    {"self-join", "RuntimeError: cannot join current thread", "a thread joins itself"},
    {"join-unstarted", "RuntimeError: cannot join thread before it is started",
     "a thread is joined before it is started"},
    {"task-done", "ValueError: task_done() called too many times",
     "task_done() is called more often than items were put"},
    {"set-twice", "InvalidStateError: ", "a future is given a result that has one, or was cancelled"},
};

const Rule& rule_of(Misuse misuse) { return kRules[static_cast<std::size_t>(misuse)]; }

// Of the exception that is set, which stays set.
std::string text_of_raised() {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  const std::string text = value ? exception_text(value) : "";
  PyErr_Restore(type, value, traceback);
  return text;
}

void take_back(const std::string& text, const engine::Site& site) {
  runtime.engine->withdraw_failures([&](const engine::Failure& f) {
    return f.handled && f.detail == text && f.site.line == site.line && f.site.file == site.file;
  });
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
  failure.type = rule.type;
  failure.message = std::string(rule.words) + " (" + text + "), and the exception is caught";
  failure.detail = text;
  failure.site = current_site();
  failure.handled = true;
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
    take_back(exception_text(current.get()), raise_site(traceback.get()));
    Ref cause = Ref::take(PyException_GetCause(current.get()));
    current = cause ? std::move(cause) : Ref::take(PyException_GetContext(current.get()));
  }
}

void take_back_misuse(const engine::Failure& exception) {
  take_back(exception.message.empty() ? exception.type : exception.type + ": " + exception.message,
            exception.site);
}

int prepare_misuse() {
  PyTypeObject* queue = library_type("queue", "Queue");
  return !queue ? -1 : patch(queue, task_done_patch);
}

}  // namespace raddle::python
