// Calls: methods of containers, functions that look into their arguments, and what is handed to a callee.
#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "checker/python/instrument/effects.h"
#include "checker/python/instrument/function_cache.h"
#include "checker/python/instrument/hook_internal.h"
#include "checker/python/instrument/library_code.h"

namespace raddle::python {
namespace {

constexpr int max_unwrapping = 4;  // partial of partial of ...

/// A call as its C code will see it: a method's object is argument 0.
struct Call {
  PyObject* callable;
  PyObject* const* arguments;
  std::size_t count;
  unsigned on_stack;             // how many of them, at the end, are on the stack, the last one on top
  PyObject* keywords = nullptr;  // names of the last ones, if known
  unsigned operand(std::size_t i) const {
    return i + on_stack >= count ? static_cast<unsigned>(count - i) : 0;
  }
};

/// What a call does, found piece by piece.
struct Step {
  Places& places;
  const char* label = nullptr;
  PyObject* value = nullptr;
  void is(const char* text, PyObject* stored = nullptr) {
    if (!label) label = text, value = stored;
  }
};

bool interesting(PyObject* argument) { return holds_containers(argument); }

bool any_interesting(const Call& call) {
  for (std::size_t i = 0; i < call.count; ++i) {
    if (interesting(call.arguments[i])) return true;
  }
  return false;
}

void use_attribute(Step& step, const Call& call, Special special, const char* label, Lookup lookup) {
  if (call.count < 2 || !PyUnicode_CheckExact(call.arguments[1])) return;
  PyObject* object = call.arguments[0];
  Ref name = interned(call.arguments[1]);
  NameFacts& facts = facts_of(name.get());
  if (special == Special::get_attribute) {
    read_attribute(object, name.get(), facts, step.places, call.operand(0), lookup);
    return step.is(label);
  }
  bool deletes = special == Special::delete_attribute;
  if (is_visible(write_attribute(object, name.get(), deletes, step.places, call.operand(0), lookup))) {
    note_dynamic_write(object, facts);
    if (!deletes && call.count > 2 && name.get() == names.dict)
      take_dict(object, call.arguments[2], step.places);
  }
  step.is(label, !deletes && call.count > 2 ? call.arguments[2] : nullptr);
}

void use_special(Step& step, const Call& call, Special special, const char* label) {
  if (call.count == 0) return;
  Places& places = step.places;
  PyObject* first = call.arguments[0];
  PyObject* value = nullptr;
  switch (special) {
    case Special::none: return;
    case Special::get_attribute:
    case Special::set_attribute:
    case Special::delete_attribute: {
      // Called as a method of object, it passes by what the class defines.
      bool method = Py_IS_TYPE(call.callable, &PyWrapperDescr_Type);
      return use_attribute(step, call, special, label, method ? Lookup::plain : Lookup::full);
    }
    case Special::variables: {
      if (PyModule_Check(first)) return;
      read_attribute(first, names.dict, facts_of(names.dict), places, call.operand(0));
      break;
    }
    case Special::get_item:
    case Special::set_item:
    case Special::delete_item: {
      if (call.count < 2) return;
      ItemUse use = special == Special::get_item   ? ItemUse::read
                    : special == Special::set_item ? ItemUse::write
                                                   : ItemUse::erase;
      use_item(first, call.arguments[1], use, places, call.operand(0));
      if (use == ItemUse::write && call.count > 2) value = call.arguments[2];
      break;
    }
    case Special::contains:
      if (call.count < 2) return;
      test_membership(first, call.arguments[1], places, call.operand(0), 1);
      break;
    case Special::iterate:
      for (std::size_t i = 0; i < call.count; ++i) make_iterator(call.arguments[i], places, call.operand(i));
      break;
    case Special::next: step_iterator(first, places, call.operand(0), 1); break;
  }
  step.is(label, value);
}

bool is_given_function(const Call& call) {
  return std::any_of(call.arguments, call.arguments + call.count, [](PyObject* argument) {
    return PyFunction_Check(argument) || PyCFunction_Check(argument) || PyMethod_Check(argument);
  });
}

/// Is it a text for str.format() with a field like {0.name}?
bool names_fields(PyObject* text) {
  return PyUnicode_Check(text) && PyUnicode_FindChar(text, '.', 0, PyUnicode_GET_LENGTH(text), 1) >= 0 &&
         PyUnicode_FindChar(text, '{', 0, PyUnicode_GET_LENGTH(text), 1) >= 0;
}

/// How far the call looks into what it reads.
Depth depth_of(const Effect& effect, const Call& call) {
  if (effect.by_function && !is_given_function(call)) return Depth::deep;
  if (effect.by_field && !names_fields(call.arguments[0])) return Depth::deep;
  if (!effect.compares) return effect.depth;
  for (std::size_t i = 1; i < call.count; ++i) {
    if (holds_containers(call.arguments[i])) return effect.depth;
  }
  return Depth::shallow;
}

/// Is it Python code that tells what it does?
bool reports_itself(PyObject* function) {
  if (!PyFunction_Check(function)) return false;
  open_library(function);
  return is_instrumented(PyFunction_GET_CODE(function));
}

/// It calls one of its arguments (a key function) with the items of the others, or with these themselves.
void apply_argument(const Call& call, Places& places, bool reduces) {
  for (std::size_t f = 0; f < call.count; ++f) {
    PyObject* function = call.arguments[f];
    if (!PyCallable_Check(function) || reports_itself(function)) continue;
    std::vector<PyObject*> items;
    for (std::size_t i = 0; i < call.count; ++i) {
      if (i == f) continue;
      if (!items_of(call.arguments[i], items)) items.push_back(call.arguments[i]);
    }
    for (PyObject* item : items) {
      PyObject* arguments[] = {item, item};  // reduce calls it with two
      add_called(function, std::span(arguments, reduces ? 2 : 1), places);
    }
  }
}

/// d.update(k=v) and d.update({k: v}) are d[k] = v.
bool update_one_item(Step& step, const Call& call) {
  if (call.count != 2 || !PyDict_Check(call.arguments[0])) return false;
  PyObject *key = nullptr, *value = call.arguments[1];
  if (call.keywords) {
    key = PyTuple_GET_ITEM(call.keywords, 0);
  } else {
    Py_ssize_t at = 0;
    if (!PyDict_CheckExact(value) || PyDict_GET_SIZE(value) != 1 || !PyDict_Next(value, &at, &key, &value) ||
        !is_plain_key(key))
      return false;
  }
  step.places.add({.container = call.arguments[0],
                   .key = key,
                   .kind = PlaceKind::item,
                   .mode = Mode::write,
                   .operand = static_cast<std::uint16_t>(call.operand(0))});
  if (!call.keywords) add_whole(call.arguments[1], Mode::read, step.places, call.operand(1));
  step.is("write", value);
  return true;
}

void apply(Step& step, const Call& call, const Effect& effect, const char* label) {
  if (effect.special != Special::none) return use_special(step, call, effect.special, label);
  Places& places = step.places;
  if (effect.subject == 0 && effect.depth == Depth::state && call.count > 0 &&
      !interesting(call.arguments[0])) {
    open_state(call.arguments[0], places);
    return step.is(label);
  }
  if (std::string_view(label) == "update" && update_one_item(step, call)) return;
  const Depth depth = depth_of(effect, call);
  if (effect.subject < call.count) {
    PyObject* subject = call.arguments[effect.subject];
    ContainerKind kind = traits_of(Py_TYPE(subject)).kind;
    auto operand = static_cast<std::uint16_t>(call.operand(effect.subject));
    if (kind == ContainerKind::opaque || (traits_of(Py_TYPE(subject)).mutable_container() && !effect.keyed)) {
      places.add({.container = subject, .mode = effect.mode, .operand = operand});
      if (depth != Depth::shallow) add_items(subject, below(depth), places);
    } else if (effect.keyed && (kind == ContainerKind::dict || kind == ContainerKind::set) &&
               effect.subject + 1u < call.count && is_plain_key(call.arguments[effect.subject + 1])) {
      places.add({.container = subject,
                  .key = call.arguments[effect.subject + 1],
                  .kind = PlaceKind::item,
                  .mode = effect.mode,
                  .operand = operand});
    } else {
      add_whole(subject, effect.mode, places, operand, 1, depth);
    }
  }
  if (effect.reads_rest) {
    const bool iterates = effect.applies || depth == Depth::items;
    for (std::size_t i = 0; i < call.count; ++i) {
      if (i == effect.subject) continue;
      const bool keys = iterates && PyDict_Check(call.arguments[i]);
      add_whole(call.arguments[i], Mode::read, places, call.operand(i), 1, keys ? Depth::shallow : depth);
    }
  }
  if (effect.applies) apply_argument(call, places, std::string_view(label) == "reduce");
  step.is(label, effect.stores && call.count > 1 ? call.arguments[call.count - 1] : nullptr);
}

void classify(Step& step, const Call& call, int nesting);

/// The call with `self` in front of its arguments.
void classify_bound(Step& step, const Call& call, PyObject* callable, PyObject* self, int nesting) {
  std::vector<PyObject*> arguments{self};
  arguments.insert(arguments.end(), call.arguments, call.arguments + call.count);
  return classify(step, {callable, arguments.data(), arguments.size(), call.on_stack, call.keywords},
                  nesting);
}

void classify_partial(Step& step, const Call& call, int nesting) {
  Ref function = Ref::take(PyObject_GetAttr(call.callable, names.func));
  Ref bound = function ? Ref::take(PyObject_GetAttr(call.callable, names.args)) : Ref();
  if (!bound || !PyTuple_Check(bound.get())) {
    PyErr_Clear();
    return;
  }
  std::vector<PyObject*> arguments;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bound.get()); ++i)
    arguments.push_back(PyTuple_GET_ITEM(bound.get(), i));
  arguments.insert(arguments.end(), call.arguments, call.arguments + call.count);
  return classify(step, {function.get(), arguments.data(), arguments.size(), 0}, nesting + 1);
}

/// operator.attrgetter('x') and operator.itemgetter(k): what they look for stands in their pickle.
void classify_getter(Step& step, const Call& call, bool attributes) {
  Ref state = Ref::take(PyObject_CallMethodNoArgs(call.callable, names.reduce));
  if (!state || !PyTuple_Check(state.get()) || PyTuple_GET_SIZE(state.get()) < 2 || call.count == 0) {
    PyErr_Clear();
    return;
  }
  PyObject* keys = PyTuple_GET_ITEM(state.get(), 1);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(keys); ++i) {
    PyObject* key = PyTuple_GET_ITEM(keys, i);
    if (!attributes) {
      use_item(call.arguments[0], key, ItemUse::read, step.places, call.operand(0));
      continue;
    }
    // 'a.b': of this object only a, the rest is of what a is then.
    Py_ssize_t dot = PyUnicode_FindChar(key, '.', 0, PyUnicode_GET_LENGTH(key), 1);
    Ref first = Ref::take(dot >= 0 ? PyUnicode_Substring(key, 0, dot) : Py_NewRef(key));
    if (!first) {
      PyErr_Clear();
      return;
    }
    Ref name = interned(first.get());
    read_attribute(call.arguments[0], name.get(), facts_of(name.get()), step.places, call.operand(0));
  }
  step.is("read");
}

/// operator.methodcaller('m', ...): the method of its argument, looked up in the class.
void classify_method_caller(Step& step, const Call& call, int nesting) {
  // (methodcaller, (name, argument...)), or, with keywords, (partial(methodcaller, name, ...), (argument...)).
  Ref state = Ref::take(PyObject_CallMethodNoArgs(call.callable, names.reduce));
  Ref maker, arguments_of, name;
  if (state && PyTuple_Check(state.get()) && PyTuple_GET_SIZE(state.get()) > 1) {
    maker = Ref::share(PyTuple_GET_ITEM(state.get(), 0));
    arguments_of = Ref::share(PyTuple_GET_ITEM(state.get(), 1));
    const bool keywords = !PyType_Check(maker.get());
    Ref first =
        keywords ? Ref::take(PyObject_GetAttr(maker.get(), names.args)) : Ref::share(arguments_of.get());
    if (first && PyTuple_Check(first.get()) && PyTuple_GET_SIZE(first.get()) > 0)
      name = Ref::share(PyTuple_GET_ITEM(first.get(), 0));
    if (name && !keywords)
      arguments_of = Ref::take(PyTuple_GetSlice(arguments_of.get(), 1, PyTuple_GET_SIZE(arguments_of.get())));
  }
  PyErr_Clear();
  if (!name || !PyUnicode_Check(name.get()) || !arguments_of || !PyTuple_Check(arguments_of.get()) ||
      call.count != 1)
    return;
  PyObject* method = _PyType_Lookup(Py_TYPE(call.arguments[0]), name.get());
  if (!method) return;
  std::vector<PyObject*> arguments{call.arguments[0]};
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(arguments_of.get()); ++i)
    arguments.push_back(PyTuple_GET_ITEM(arguments_of.get(), i));
  step.places.keep(std::move(arguments_of));
  classify(step, {method, arguments.data(), arguments.size(), 0}, nesting + 1);
}

void classify_class(Step& step, const Call& call, int nesting) {
  auto* type = reinterpret_cast<PyTypeObject*>(call.callable);
  for (PyObject* name : {names.init, names.make}) {
    PyObject* maker = _PyType_Lookup(type, name);
    if (maker && PyFunction_Check(maker))
      return classify(step, {maker, call.arguments, call.count, call.on_stack}, nesting);
  }
  if (!any_interesting(call)) return;
  return apply(step, call, effect_of_type(type), type->tp_name);
}

void classify_foreign(Step& step, const Call& call) {
  open_library(call.callable);
  if (is_instrumented(PyFunction_GET_CODE(call.callable))) return;
  const bool has_containers = any_interesting(call);
  if (!has_containers && !is_given_function(call)) return;
  bool container_self = false;
  if (call.count > 0) {
    // A method of a container class, if the class has this function under its name.
    PyTypeObject* type = Py_TYPE(call.arguments[0]);
    const TypeTraits& traits = traits_of(type);
    container_self =
        (traits.mutable_container() || traits.kind == ContainerKind::foreign) &&
        _PyType_Lookup(type, reinterpret_cast<PyFunctionObject*>(call.callable)->func_name) == call.callable;
  }
  const Effect effect = effect_of_foreign(call.callable, container_self);
  if (!has_containers && !effect.by_function) return;
  const char* name = PyUnicode_AsUTF8(reinterpret_cast<PyFunctionObject*>(call.callable)->func_name);
  return apply(step, call, effect, name ? name : "call");
}

/// A call of a function with a cache, up to the call of the function itself or after that.
void use_cache(Step& step, PyObject* callable, const Call& call) {
  const FunctionCache cache = function_cache(callable);
  hook_state.sink->alias(cache.results, cache.function);
  Place place{.container = cache.results, .mode = Mode::update, .function = cache.function};
  Ref key = cache.bounded ? Ref() : entry_of_call(call.arguments, call.count);
  if (key && is_plain_key(key.get())) {
    place.kind = PlaceKind::item;
    place.key = key.get();
    step.places.keep(std::move(key));
  }
  step.places.add(place);
  step.is("cache");
}

bool is_method_of_cache(PyObject* method) {
  return Py_IS_TYPE(method, &PyMethodDescr_Type) &&
         is_function_cache(reinterpret_cast<PyDescrObject*>(method)->d_type);
}

/// cache_info() and cache_clear().
void use_whole_cache(Step& step, PyObject* callable, std::string_view method) {
  const FunctionCache cache = function_cache(callable);
  hook_state.sink->alias(cache.results, cache.function);
  const bool clears = method == "cache_clear";
  if (!clears && method != "cache_info") return;
  step.places.add(
      {.container = cache.results, .mode = clears ? Mode::update : Mode::read, .function = cache.function});
  step.is(clears ? "cache_clear" : "cache_info");
}

void classify(Step& step, const Call& call, int nesting) {
  if (nesting > max_unwrapping) return;
  PyObject* callable = call.callable;
  PyTypeObject* type = Py_TYPE(callable);
  if (type == &PyFunction_Type) return classify_foreign(step, call);
  if (type == &PyMethodDescr_Type) {
    const Effect& effect = effect_of_method(callable);
    const char* name = reinterpret_cast<PyMethodDescrObject*>(callable)->d_method->ml_name;
    if (is_method_of_cache(callable) && call.count > 0 && is_function_cache(call.arguments[0]))
      return use_whole_cache(step, call.arguments[0], name);
    return apply(step, call, effect, name);
  }
  if (PyCFunction_Check(callable)) {
    PyObject* self = PyCFunction_GET_SELF(callable);
    const char* name = reinterpret_cast<PyCFunctionObject*>(callable)->m_ml->ml_name;
    if (!self || PyModule_Check(self) || PyType_Check(self))
      return apply(step, call, effect_of_function(callable), name);
    if (is_function_cache(self)) return use_whole_cache(step, self, name);
    // A bound method: the descriptor that it came from says more.
    Ref text = Ref::take(PyUnicode_InternFromString(name));
    PyObject* method = text ? _PyType_Lookup(Py_TYPE(self), text.get()) : nullptr;
    if (!method) PyErr_Clear();
    if (!method || !Py_IS_TYPE(method, &PyMethodDescr_Type)) return;
    return classify_bound(step, call, method, self, nesting + 1);
  }
  if (PyType_Check(callable)) return classify_class(step, call, nesting + 1);
  if (type == &PyMethod_Type)
    return classify_bound(step, call, PyMethod_GET_FUNCTION(callable), PyMethod_GET_SELF(callable),
                          nesting + 1);
  if (type == &PyWrapperDescr_Type) {
    return apply(step, call, effect_of_method(callable),
                 reinterpret_cast<PyWrapperDescrObject*>(callable)->d_base->name);
  }
  if (type == &_PyMethodWrapper_Type) {
    BoundSlot slot = bound_slot(callable);
    return classify_bound(step, call, slot.descriptor, slot.self, nesting + 1);
  }
  if (PyWeakref_CheckRef(callable)) {
    auto operand = static_cast<std::uint16_t>(call.on_stack + 1);
    step.places.add({.container = callable, .kind = PlaceKind::life, .operand = operand});
    return step.is("alive");
  }
  std::string_view name = type->tp_name;
  if (name == "functools.partial") return classify_partial(step, call, nesting);
  if (name == "operator.attrgetter") return classify_getter(step, call, true);
  if (name == "operator.itemgetter") return classify_getter(step, call, false);
  if (name == "operator.methodcaller") return classify_method_caller(step, call, nesting);
  if (is_function_cache(callable)) use_cache(step, callable, call);
}

bool acts_alone(const Effect& effect) {
  return effect.special != Special::none || effect.depth == Depth::state;
}

/// Is it a method of object that takes all attributes, as copying and pickling do?
bool takes_state(PyObject* method) {
  std::string_view name = reinterpret_cast<PyCFunctionObject*>(method)->m_ml->ml_name;
  return name == "__reduce_ex__" || name == "__reduce__" || name == "__getstate__";
}

/// Can this callable touch something although no argument is a container?
bool acts_alone(PyObject* callable) {
  PyTypeObject* type = Py_TYPE(callable);
  if (type == &PyFunction_Type || PyType_Check(callable)) return false;
  if (type == &PyMethod_Type)
    return interesting(PyMethod_GET_SELF(callable)) || is_function_cache(PyMethod_GET_FUNCTION(callable));
  if (type == &PyMethodDescr_Type || type == &PyWrapperDescr_Type) {
    return acts_alone(effect_of_method(callable)) || is_method_of_cache(callable);
  }
  if (type == &PyCFunction_Type) {
    PyObject* self = PyCFunction_GET_SELF(callable);
    if (!self || PyModule_Check(self)) return acts_alone(effect_of_function(callable));
    return interesting(self) || takes_state(callable) || is_function_cache(self);
  }
  return true;
}

/// The function that runs, if it is one of the library's that reports what it does.
void open_called(PyObject* callable) {
  PyObject* function = callable;
  if (PyMethod_Check(function)) function = PyMethod_GET_FUNCTION(function);
  if (PyType_Check(function)) {
    auto* type = reinterpret_cast<PyTypeObject*>(function);
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return;
    function = _PyType_Lookup(type, names.init);
  }
  if (function && PyFunction_Check(function)) open_library(function);
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_text(PyObject* object, const char* text) {
  return object && PyUnicode_Check(object) && PyUnicode_CompareWithASCIIString(object, text) == 0;
}

/// Methods and functions in C that change nothing, or nothing but what is reported, as an access or as an operation.
bool is_known(PyObject* callable) {
  static constexpr std::string_view kFunctions[] = {"len", "isinstance", "sleep", "print"};
  static constexpr std::string_view kOperations[] = {"is_set",  "wait",   "get",      "put",
                                                     "qsize",   "empty",  "full",     "set",
                                                     "acquire", "locked", "is_alive", "join"};
  static constexpr std::string_view kTypes[] = {"list",         "dict",         "set", "collections.deque",
                                                "_thread.lock", "_thread.RLock"};
  // Python code whose effects are operations.
  static constexpr const char* kLibrary[][2] = {{"threading", "main_thread"},
                                                {"threading", "current_thread"},
                                                {"threading", "__exit__"},
                                                {"queue", "get_nowait"},
                                                {"queue", "put_nowait"},
                                                {"concurrent.futures._base", "done"},
                                                {"concurrent.futures._base", "running"},
                                                {"concurrent.futures._base", "cancelled"},
                                                {"raddle", "atomic"},
                                                {"raddle", "__exit__"}};
  if (PyMethod_Check(callable)) callable = PyMethod_GET_FUNCTION(callable);
  if (PyFunction_Check(callable)) {
    auto* function = reinterpret_cast<PyFunctionObject*>(callable);
    if (is_instrumented(function->func_code)) return true;
    return std::any_of(std::begin(kLibrary), std::end(kLibrary), [&](const auto& known) {
      return is_text(function->func_module, known[0]) && is_text(function->func_name, known[1]);
    });
  }
  if (Py_IS_TYPE(callable, &PyMethodDescr_Type)) {
    auto* method = reinterpret_cast<PyMethodDescrObject*>(callable);
    if (is_one_of(method->d_common.d_type->tp_name, kTypes)) return true;
    return method->d_common.d_type->tp_flags & Py_TPFLAGS_HEAPTYPE &&
           is_one_of(method->d_method->ml_name, kOperations);
  }
  if (!PyCFunction_Check(callable)) return false;
  PyObject* self = PyCFunction_GET_SELF(callable);
  if (self && is_one_of(Py_TYPE(self)->tp_name, kTypes)) return true;
  return (!self || PyModule_Check(self)) &&
         is_one_of(reinterpret_cast<PyCFunctionObject*>(callable)->m_ml->ml_name, kFunctions);
}

/// Tells of a call that may change what nobody sees: state of objects in C, of the process, of an iterator.
void watch(const Call& call) {
  bool known = is_known(call.callable);
  for (std::size_t i = 0; known && i < call.count; ++i) {
    PyTypeObject* type = Py_TYPE(call.arguments[i]);
    known = !type->tp_iternext || type->tp_iternext == _PyObject_NextNotImplemented;
  }
  if (!known) hook_state.sink->unknown();
}

/// Is it a function of the library that looks into objects with a function that it is given?
bool looks_by_function(const Call& call) {
  return PyFunction_Check(call.callable) && is_given_function(call) &&
         !is_instrumented(PyFunction_GET_CODE(call.callable)) &&
         effect_of_foreign(call.callable, false).by_function;
}

int on_arguments(Site& site, const Call& call, std::size_t bound) {
  if (hook_state.watches) [[unlikely]]
    watch(call);
  bool looks = false, publishes = false;
  for (std::size_t i = 0; i < call.count; ++i) {
    const TypeTraits& traits = traits_of(Py_TYPE(call.arguments[i]));
    if (traits.plain) continue;
    looks |= traits.kind != ContainerKind::none ||
             (PyTuple_Check(call.arguments[i]) && interesting(call.arguments[i]));
    publishes |=
        i >= bound && (!PyTuple_CheckExact(call.arguments[i]) || needs_publishing(call.arguments[i]));
  }
  open_called(call.callable);
  if (PyType_Check(call.callable) && bound < call.count &&
      PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(call.callable), &_PyWeakref_RefType)) {
    hook_state.sink->weakly_referred(call.arguments[bound]);
  }
  if (publishes) hook_state.sink->call(call.callable, call.arguments + bound, call.count - bound);
  if (!looks && !acts_alone(call.callable) && !looks_by_function(call)) return 0;
  Places places;
  Step step{places};
  classify(step, call, 0);
  return report(site, places, step.label ? step.label : "call", step.value);
}

}  // namespace

void add_called(PyObject* function, std::span<PyObject* const> arguments, Places& places) {
  if (reports_itself(function)) return;
  Step step{places};
  classify(step, {function, arguments.data(), arguments.size(), 0}, 1);
}

bool returns_new(PyObject* function) {
  static constexpr std::string_view kNew[] = {"len", "repr", "format",     "ascii",   "hash",
                                              "id",  "sum",  "any",        "all",     "abs",
                                              "ord", "chr",  "isinstance", "callable"};
  static constexpr const PyTypeObject* kPlain[] = {&PyUnicode_Type, &PyBytes_Type, &PyLong_Type,
                                                   &PyFloat_Type, &PyBool_Type};
  if (PyFunction_Check(function)) return true;  // its values are not known
  if (PyType_Check(function))
    return std::find(std::begin(kPlain), std::end(kPlain), reinterpret_cast<PyTypeObject*>(function)) !=
           std::end(kPlain);
  return PyCFunction_Check(function) &&
         std::find(std::begin(kNew), std::end(kNew),
                   std::string_view(reinterpret_cast<PyCFunctionObject*>(function)->m_ml->ml_name)) !=
             std::end(kNew);
}

int on_call(Site& site) {
  PyObject** end = stack_end(site);
  std::size_t count = site.argument;
  PyObject** arguments = end - count;
  PyObject* method = arguments[-2];  // then arguments[-1] is its object, else the callable
  if (!method)
    return on_arguments(site, {arguments[-1], arguments, count, static_cast<unsigned>(count), site.name}, 0);
  return on_arguments(site, {method, arguments - 1, count + 1, static_cast<unsigned>(count) + 1, site.name},
                      1);
}

int on_call_unpacked(Site& site) {
  PyObject** end = stack_end(site);
  bool keywords = site.argument & 1;  // a dict that the interpreter made for this call
  PyObject** last = keywords ? end - 1 : end;
  PyObject *callable = last[-2], *positional = last[-1];
  std::vector<PyObject*> arguments;
  Ref items;  // keeps the arguments alive
  if (PyTuple_CheckExact(positional)) {
    items = Ref::share(positional);
  } else {
    // Some other iterable, which the interpreter makes a tuple of first.
    Places places;
    add_whole(positional, Mode::read, places, static_cast<unsigned>(end - last) + 1);
    if (report(site, places, "read") < 0) return -1;
    if (PyList_CheckExact(positional) && !(items = Ref::take(PyList_AsTuple(positional)))) return -1;
  }
  for (Py_ssize_t i = 0; items && i < PyTuple_GET_SIZE(items.get()); ++i) {
    arguments.push_back(PyTuple_GET_ITEM(items.get(), i));
  }
  if (keywords && PyDict_CheckExact(end[-1])) {
    PyObject *key, *value;
    for (Py_ssize_t at = 0; PyDict_Next(end[-1], &at, &key, &value);) arguments.push_back(value);
  }
  return on_arguments(site, {callable, arguments.data(), arguments.size(), 0}, 0);
}

}  // namespace raddle::python
