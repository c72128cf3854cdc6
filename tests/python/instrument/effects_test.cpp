// The table of what C functions do: every line names something that exists.
#include "checker/python/instrument/effects.h"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "recorder.h"

using namespace raddle::python;
using namespace raddle::python::test;

TEST_CASE("no line is there twice") {
  std::set<std::string> seen;
  for (const EffectRow& row : effect_rows()) {
    std::string name = std::string(row.owner) + " " + std::string(row.name);
    INFO(name);
    CHECK(seen.insert(name).second);
  }
}

TEST_CASE("every method and function exists") {
  Ref globals = globals_after(R"(
import array, builtins, collections, functools, importlib, io, itertools, operator, pickle, socket, struct, types
def gen(): yield
types_by_name = {t.__name__: t for t in vars(builtins).values() if isinstance(t, type)}
types_by_name |= {'collections.OrderedDict': collections.OrderedDict, 'collections.defaultdict': collections.defaultdict,
    'collections.deque': collections.deque, 'array.array': array.array, 'generator': type(gen()),
    '_io.StringIO': io.StringIO, '_io.BytesIO': io.BytesIO, '_struct.Struct': struct.Struct,
    '_socket.socket': socket.socket.__base__, '_io.FileIO': io.FileIO, '_io.BufferedReader': io.BufferedReader,
    'itertools.chain': itertools.chain, '_pickle.Pickler': pickle.Pickler}
slots = [object, int, array.array, list, dict, set, type(iter([])), collections.deque, str, dict.items, io.StringIO, type(gen()), types.GenericAlias]
def exists(owner, name):
    if owner == '*':
        return any(hasattr(t, name) for t in slots)
    if owner == 'type':
        return name == '*' or name.startswith('weak') or eval(name) and True
    if owner in types_by_name:
        return name == '*' or hasattr(types_by_name[owner], name)
    if owner in ('raddle', '_raddle'):
        return True
    found = importlib.import_module(owner)
    for part in name.split('.'):
        if part != '*': found = getattr(found, part)
    return True
)");
  for (const EffectRow& row : effect_rows()) {
    std::string call = "good = exists('" + std::string(row.owner) + "', '" + std::string(row.name) + "')";
    INFO(call);
    CHECK(run_plain(call, globals.get()) == "");
    CHECK(text_of(globals.get(), "good") == "True");
  }
}

TEST_CASE("every method of a built-in container has a line") {
  Ref globals = globals_after(R"(
import collections
names = []
for t in (list, dict, set, collections.deque, collections.OrderedDict, collections.defaultdict):
    owner = t.__name__ if t.__module__ == 'builtins' else 'collections.' + t.__name__
    names += [owner + ' ' + name for name in vars(t) if not name.startswith('__')]
)");
  std::set<std::string> seen;
  for (const EffectRow& row : effect_rows())
    seen.insert(std::string(row.owner) + " " + std::string(row.name));
  PyObject* all = PyDict_GetItemString(globals.get(), "names");
  CHECK(PyList_GET_SIZE(all) > 60);
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(all); ++i) {
    std::string name = PyUnicode_AsUTF8(PyList_GET_ITEM(all, i));
    if (name == "collections.deque maxlen" || name == "collections.defaultdict default_factory") continue;
    INFO(name);
    CHECK(seen.count(name) == 1);
  }
}
