// queue.Queue, LifoQueue, PriorityQueue and SimpleQueue.
#include <algorithm>
#include <climits>
#include <cmath>

#include "checker/python/arguments.h"
#include "checker/python/guarded.h"
#include "checker/python/instrument/exception_aside.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/instrument/site.h"
#include "checker/python/interpreter.h"
#include "checker/python/locations.h"
#include "checker/python/object_names.h"
#include "checker/python/patch.h"
#include "checker/python/primitives.h"
#include "checker/python/strings.h"
#include "checker/python/values.h"

namespace raddle::python {
namespace {

PyObject *original_put, *original_get, *original_qsize, *original_empty, *original_full, *original_task_done,
    *original_join;
PyObject *simple_put, *simple_get, *simple_qsize, *simple_empty;
PyObject *full_error, *empty_error;
PyTypeObject *queue_type, *lifo_type, *simple_type;
PyObject *c_queue, *c_put,
    *c_get;  // a SimpleQueue of the module in C, always empty, says what is wrong with a call

bool is_simple(PyObject* queue) { return PyType_IsSubtype(Py_TYPE(queue), simple_type); }

// Does the class put and get items with the library's own code?
bool is_ordinary(PyTypeObject* type) {
  for (PyObject* name : {strings.put_item, strings.get_item, strings.qsize_item, strings.init_items}) {
    PyObject* function = _PyType_Lookup(type, name);
    if (function && PyFunction_Check(function) && is_instrumented(PyFunction_GET_CODE(function)))
      return false;
  }
  return true;
}

LockObject* lock_of(PyObject* queue) {
  if (is_simple(queue)) {
    PyObject* count = instance_value(queue, strings.count);
    PyObject* condition = count ? instance_value(count, strings.cond) : nullptr;
    return condition ? as_inner(instance_value(condition, strings.lock), true) : nullptr;
  }
  return is_ordinary(Py_TYPE(queue)) ? as_inner(instance_value(queue, strings.mutex)) : nullptr;
}

std::int32_t length_of(PyObject* queue) {
  PyObject* items = instance_value(queue, is_simple(queue) ? strings.inner_queue : strings.queue);
  const Py_ssize_t length = items ? PyObject_Size(items) : 0;
  if (length < 0) PyErr_Clear();
  return static_cast<std::int32_t>(length < 0 ? 0 : length);
}

// maxsize may be any number.
std::int32_t capacity_of(PyObject* queue) {
  PyObject* size = is_simple(queue) ? nullptr : instance_value(queue, strings.maxsize);
  if (!size) return INT_MAX;
  const double capacity = PyFloat_Check(size)  ? std::ceil(PyFloat_AS_DOUBLE(size))
                          : PyLong_Check(size) ? PyLong_AsDouble(size)
                                               : 0;
  if (PyErr_Occurred()) PyErr_Clear();
  return capacity > 0 && capacity < INT_MAX ? static_cast<std::int32_t>(capacity) : INT_MAX;
}

bool is_bounded(PyObject* queue) {
  PyObject* size = is_simple(queue) ? nullptr : instance_value(queue, strings.maxsize);
  return size && !(PyLong_Check(size) && capacity_of(queue) == INT_MAX);
}

bool all_done(PyObject* queue) {
  PyObject* unfinished = instance_value(queue, strings.unfinished_tasks);
  return !unfinished || PyObject_IsTrue(unfinished) == 0;
}

// Does the class put and get items as this one of the library does?
bool is_like(PyObject* queue, PyTypeObject* type) {
  for (PyObject* name : {strings.put_item, strings.get_item, strings.qsize_item, strings.init_items})
    if (_PyType_Lookup(Py_TYPE(queue), name) != _PyType_Lookup(type, name)) return false;
  return true;
}

// Does the item that was put first come out first, whoever looks?
bool is_fifo(PyObject* queue) { return is_simple(queue) || is_like(queue, queue_type); }

engine::QueueOrder order_of(PyObject* queue) {
  using engine::QueueOrder;
  return is_fifo(queue)              ? QueueOrder::FirstInFirstOut
         : is_like(queue, lifo_type) ? QueueOrder::LastInFirstOut
                                     : QueueOrder::Other;
}

std::optional<Step::Items> items_of(PyObject* queue) {
  if (!is_fifo(queue)) return std::nullopt;
  return Step::Items{length_of(queue), capacity_of(queue)};
}

engine::ObjectState state_of(PyObject* queue, const LockObject* lock) {
  const std::int32_t length = length_of(queue), capacity = capacity_of(queue);
  if (!joined_objects.contains(lock->name)) return {length, capacity};
  constexpr std::int32_t kMost = INT_MAX / 2;
  return {2 * std::min(length, kMost), 2 * std::min(capacity, kMost) - !all_done(queue)};
}

void show_length(PyObject* queue) {
  const std::int32_t capacity = capacity_of(queue);
  show_items(length_of(queue), capacity == INT_MAX ? 0 : capacity);
}

// --- put and get

struct Waiting {
  bool blocks = true;
  std::int64_t timeout = kForever;  // 0: does not wait
  PyObject* odd_timeout = nullptr;  // it will not be waited for, since this is no timeout
};

// false: an exception is set.
bool parse(PyObject* queue, PyObject* block, PyObject* timeout, Waiting& w) {
  const int blocks = PyObject_IsTrue(block);
  if (blocks < 0) return false;
  w.blocks = blocks;
  if (!blocks || timeout == Py_None) return true;
  const Seconds kind = read_seconds(timeout, w.timeout);
  // With NaN, the original tries again and again; that in C refuses it.
  if (kind == Seconds::Odd || (kind == Seconds::Number ? w.timeout < 0 : is_simple(queue)))
    w.odd_timeout = timeout;
  if (w.odd_timeout || w.timeout == 0) w.blocks = false;
  return true;
}

// Without blocking, in one piece.
PyObject* now(PyObject* original, PyObject* queue, PyObject* item, PyObject* odd_timeout) {
  AtomicSection atomic;
  if (odd_timeout)
    return item ? PyObject_CallFunctionObjArgs(original, queue, item, Py_True, odd_timeout, nullptr)
                : PyObject_CallFunctionObjArgs(original, queue, Py_True, odd_timeout, nullptr);
  return item ? PyObject_CallFunctionObjArgs(original, queue, item, Py_False, nullptr)
              : PyObject_CallFunctionObjArgs(original, queue, Py_False, nullptr);
}

PyObject* exchange(PyObject* queue, LockObject* lock, PyObject* item, const Waiting& w) {
  const bool put = item != nullptr;
  PyObject* original =
      is_simple(queue) ? (put ? simple_put : simple_get) : (put ? original_put : original_get);
  for (;;) {
    const engine::ObjectState state = state_of(queue, lock);
    Step step{.kind = w.blocks ? (put ? engine::OpKind::Put : engine::OpKind::Get)
                               : (put ? engine::OpKind::TryPut : engine::OpKind::TryGet),
              .ready = !w.blocks || (put ? state.n < state.cap : state.n > 0),
              .tries = !w.blocks,
              .timeout = w.blocks ? w.timeout : kForever,
              .state = state,
              .items = items_of(queue)};
    const int go = take_step(lock, step);
    if (go < 0) return nullptr;
    PyObject* result = now(original, queue, item, w.odd_timeout);
    {
      ExceptionAside aside;
      set_state(lock, state_of(queue, lock));
      if (result) move_item(lock, put);
    }
    // The program has changed the queue from outside: wait again.
    if (!result && go > 0 && w.blocks && PyErr_ExceptionMatches(put ? full_error : empty_error)) {
      PyErr_Clear();
      continue;
    }
    if (result) set_result(put ? 1 : digest_of(result));
    if (!result && go > 0 && w.timeout == 0) runtime.engine->overshoot();
    if (recording()) {
      const std::string failed = w.blocks ? "timeout" : put ? "Full" : "Empty";
      show_effect({}, put && result ? show_value(item) : "",
                  !result ? failed
                  : put   ? ""
                          : show_value(result));
      ExceptionAside aside;
      if (result) put ? show_put(item) : show_got(result, order_of(queue));
      show_length(queue);
    }
    return result;
  }
}

PyObject* queue_put(PyObject* queue, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  static const char* const names[] = {"item", "block", "timeout"};
  PyObject* values[] = {nullptr, Py_True, Py_None};
  LockObject* lock = lock_of(queue);
  if (!parse_arguments(arguments, count, keywords, names, values, 3) || !values[0]) {
    PyErr_Clear();
    return is_simple(queue) ? call_original(c_put, c_queue, arguments, count, keywords)
                            : call_original(original_put, queue, arguments, count, keywords);
  }
  if (!lock)
    return call_original(is_simple(queue) ? simple_put : original_put, queue, arguments, count, keywords);
  Waiting w;  // an unbounded queue never waits, whatever it is asked to
  if (is_bounded(queue) && !parse(queue, values[1], values[2], w)) return nullptr;
  publish(values[0]);
  return exchange(queue, lock, values[0], w);
}

PyObject* queue_get(PyObject* queue, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  static const char* const names[] = {"block", "timeout"};
  PyObject* values[] = {Py_True, Py_None};
  LockObject* lock = lock_of(queue);
  if (!parse_arguments(arguments, count, keywords, names, values, 2)) {
    PyErr_Clear();
    return is_simple(queue) ? call_original(c_get, c_queue, arguments, count, keywords)
                            : call_original(original_get, queue, arguments, count, keywords);
  }
  if (!lock)
    return call_original(is_simple(queue) ? simple_get : original_get, queue, arguments, count, keywords);
  Waiting w;
  if (!parse(queue, values[0], values[1], w)) return nullptr;
  if (is_simple(queue) && w.odd_timeout) return call_original(c_get, c_queue, arguments, count, keywords);
  return exchange(queue, lock, nullptr, w);
}

// --- looking

PyObject* look(PyObject* queue, PyObject* original) {
  LockObject* lock = lock_of(queue);
  if (!lock) return PyObject_CallOneArg(original, queue);
  if (take_step(lock, {.kind = engine::OpKind::QueueTest,
                       .write = false,
                       .state = state_of(queue, lock),
                       .items = items_of(queue)}) < 0)
    return nullptr;
  AtomicSection atomic;
  PyObject* result = PyObject_CallOneArg(original, queue);
  if (result) set_result(digest_of(result));
  if (result && recording()) {
    show_effect({}, {}, show_value(result));
    show_length(queue);
  }
  return result;
}

PyObject* queue_qsize(PyObject* q) { return look(q, original_qsize); }
PyObject* queue_empty(PyObject* q) { return look(q, original_empty); }
PyObject* queue_full(PyObject* q) { return look(q, original_full); }
PyObject* look_at_simple_qsize(PyObject* q) { return look(q, simple_qsize); }
PyObject* look_at_simple_empty(PyObject* q) { return look(q, simple_empty); }

// --- tasks

PyObject* queue_task_done(PyObject* queue) {
  LockObject* lock = lock_of(queue);
  if (!lock) return PyObject_CallOneArg(original_task_done, queue);
  if (take_step(lock, {.kind = engine::OpKind::QueueUpdate,
                       .state = state_of(queue, lock),
                       .items = items_of(queue)}) < 0)
    return nullptr;
  AtomicSection atomic;
  PyObject* result = PyObject_CallOneArg(original_task_done, queue);
  if (result) set_state(lock, state_of(queue, lock));  // else it has changed nothing
  return result;
}

PyObject* queue_join(PyObject* queue) {
  LockObject* lock = lock_of(queue);
  if (!lock) return PyObject_CallOneArg(original_join, queue);
  joined_objects.add(lock->name);
  if (runtime.engine->killing()) return resumed() < 0 ? nullptr : Py_NewRef(Py_None);
  if (take_step(lock, {.kind = engine::OpKind::QueueJoin,
                       .write = false,
                       .ready = all_done(queue),
                       .state = state_of(queue, lock),
                       .items = items_of(queue)}) < 0)
    return nullptr;
  Py_RETURN_NONE;
}

Patch queue_patches[] = {
    {{"put", method(queue_put), METH_FASTCALL | METH_KEYWORDS,
      "put($self, item, block=True, timeout=None)\n--\n\n"},
     &original_put},
    {{"get", method(queue_get), METH_FASTCALL | METH_KEYWORDS,
      "get($self, block=True, timeout=None)\n--\n\n"},
     &original_get},
    {{"qsize", method(no_arguments<queue_qsize, original_qsize>), METH_FASTCALL | METH_KEYWORDS,
      "qsize($self)\n--\n\n"},
     &original_qsize},
    {{"empty", method(no_arguments<queue_empty, original_empty>), METH_FASTCALL | METH_KEYWORDS,
      "empty($self)\n--\n\n"},
     &original_empty},
    {{"full", method(no_arguments<queue_full, original_full>), METH_FASTCALL | METH_KEYWORDS,
      "full($self)\n--\n\n"},
     &original_full},
    {{"task_done", method(no_arguments<queue_task_done, original_task_done>), METH_FASTCALL | METH_KEYWORDS,
      "task_done($self)\n--\n\n"},
     &original_task_done},
    {{"join", method(no_arguments<queue_join, original_join>), METH_FASTCALL | METH_KEYWORDS,
      "join($self)\n--\n\n"},
     &original_join},
};

Patch simple_patches[] = {
    {{"put", method(queue_put), METH_FASTCALL | METH_KEYWORDS,
      "put($self, item, block=True, timeout=None)\n--\n\n"},
     &simple_put},
    {{"get", method(queue_get), METH_FASTCALL | METH_KEYWORDS,
      "get($self, block=True, timeout=None)\n--\n\n"},
     &simple_get},
    {{"qsize", method(no_arguments<look_at_simple_qsize, simple_qsize>), METH_FASTCALL | METH_KEYWORDS,
      "qsize($self)\n--\n\n"},
     &simple_qsize},
    {{"empty", method(no_arguments<look_at_simple_empty, simple_empty>), METH_FASTCALL | METH_KEYWORDS,
      "empty($self)\n--\n\n"},
     &simple_empty},
};

}  // namespace

void set_queue_state(PyObject* queue) {
  if (LockObject* lock = lock_of(queue)) runtime.engine->object(object_of(lock)) = state_of(queue, lock);
}

int prepare_queues() {
  queue_type = library_type("queue", "Queue");
  lifo_type = library_type("queue", "LifoQueue");
  simple_type = library_type("queue", "_PySimpleQueue");
  if (simple_type) simple_type->tp_name = "_queue.SimpleQueue";  // in messages
  Ref c_type = Ref::take(PyObject_GetAttrString(library_module("library"), "c_queue"));
  if (c_type) c_type = Ref::take(PyObject_GetAttrString(c_type.get(), "SimpleQueue"));
  c_queue = c_type ? PyObject_CallNoArgs(c_type.get()) : nullptr;
  c_put = c_type ? PyObject_GetAttrString(c_type.get(), "put") : nullptr;
  c_get = c_type ? PyObject_GetAttrString(c_type.get(), "get") : nullptr;
  if (!c_queue || !c_put || !c_get) return -1;
  full_error = reinterpret_cast<PyObject*>(library_type("queue", "Full"));
  empty_error = reinterpret_cast<PyObject*>(library_type("queue", "Empty"));
  if (!queue_type || !lifo_type || !simple_type || !full_error || !empty_error) return -1;
  for (Patch& p : queue_patches)
    if (patch(queue_type, p) < 0) return -1;
  for (Patch& p : simple_patches)
    if (patch(simple_type, p) < 0) return -1;
  return 0;
}

}  // namespace raddle::python
