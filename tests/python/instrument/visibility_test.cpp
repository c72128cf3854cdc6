// Reads that are left out must not hide a race: what a program does to a name anywhere decides.
#include <string>

#include <doctest/doctest.h>

#include "recorder.h"

using namespace raddle::python;
using namespace raddle::python::test;

namespace {

using Lines = std::vector<std::string>;

/// Back to the defaults, whatever the test did.
struct Defaults {
  ~Defaults() {
    set_concurrent(false);
    set_quiet_reads(QuietReads::definitions);
  }
};

Lines accesses(const std::string& source, PyObject* globals) {
  Recorder recorder;
  CHECK(run(source, globals, &recorder) == "");
  return recorder.accesses;
}

}  // namespace

TEST_CASE("a function that is a global's value is read silently") {
  Ref globals = globals_after("def quiet_1(): pass\nimport sys\nclass Quiet_2: pass");
  CHECK(accesses("quiet_1; sys; Quiet_2; len; quiet_1()", globals.get()).empty());
}

TEST_CASE("unless some function assigns the global") {
  Ref globals = globals_after("def handler_1(): pass");
  CHECK(accesses("handler_1\ndef set():\n  global handler_1\n  handler_1 = None", globals.get()) ==
        Lines{"R handler_1", "W set"});
}

TEST_CASE("or it is assigned while other threads are alive") {
  Defaults defaults;
  Ref globals = globals_after("def handler_2(): pass");
  Ref code = Ref::take(Py_CompileString("handler_2\nhandler_2 = len\nhandler_2", "model.py", Py_file_input));
  code = Ref::take(instrument(code.get()));
  auto lines = [&] {
    Recorder recorder;
    set_sink(&recorder);
    Ref result = Ref::take(PyEval_EvalCode(code.get(), globals.get(), globals.get()));
    set_sink(nullptr);
    return recorder.accesses;
  };
  std::uint32_t epoch = visibility_epoch();
  CHECK(lines() == Lines{"W handler_2"});
  CHECK(visibility_epoch() == epoch);
  set_concurrent(true);
  CHECK(lines() == Lines{"W handler_2", "R handler_2"});
  CHECK(visibility_epoch() > epoch);
  epoch = visibility_epoch();
  CHECK(lines() == Lines{"R handler_2", "W handler_2", "R handler_2"});
  CHECK(visibility_epoch() == epoch);
}

TEST_CASE("a value that is no definition needs no new epoch") {
  Defaults defaults;
  Ref globals = globals_after("plain_value = 1");
  set_concurrent(true);
  std::uint32_t epoch = visibility_epoch();
  CHECK(accesses("plain_value\nplain_value = 2\nplain_value", globals.get()) ==
        Lines{"R plain_value", "W plain_value", "R plain_value"});
  CHECK(visibility_epoch() == epoch);
}

TEST_CASE("methods are looked up silently unless such an attribute is assigned") {
  Ref globals = globals_after("class C:\n  def run_1(self): pass\n  def run_2(self): pass\nc = C()\n");
  CHECK(accesses("c.run_1()", globals.get()) == Lines{"R c"});
  CHECK(accesses("c.run_2()\ndef f(o): o.run_2 = 1", globals.get()) ==
        Lines{"R c", "R c.run_2 + R c.run_2", "W f"});
}

TEST_CASE("setattr by a computed name makes it visible, too") {
  Defaults defaults;
  Ref globals = globals_after("class C:\n  def run_3(self): pass\nc = C()\nname = 'run_' + '3'");
  const char* source = "c.run_3; setattr(C, name, 5); c.run_3";
  CHECK(accesses(source, globals.get()) == Lines{"R c", "R name", "W C.run_3 setattr", "R c", "R c.run_3"});
  globals = globals_after("class C:\n  def run_3(self): pass\nc = C()\nname = 'run_' + '3'");
  set_concurrent(true);
  std::uint32_t epoch = visibility_epoch();
  accesses(source, globals.get());
  CHECK(visibility_epoch() > epoch);
  globals = globals_after("class C:\n  def run_3(self): pass\nc = C()\nname = 'run_' + '3'");
  CHECK(accesses(source, globals.get())[1] == "R c.run_3 + R c.run_3");
}

TEST_CASE("a module's functions, likewise") {
  Defaults defaults;
  Ref globals = globals_after("import types\nm = types.ModuleType('m')\nm.helper_1 = len\nm.number = 3");
  CHECK(accesses("m.helper_1; m.number", globals.get()) == Lines{"R m.number"});
  set_concurrent(true);
  CHECK(accesses("m.helper_1 = abs; m.helper_1", globals.get()) == Lines{"W m.helper_1", "R m.helper_1"});
}

TEST_CASE("nothing unwritten is read aloud, if so asked") {
  Defaults defaults;
  set_quiet_reads(QuietReads::unwritten);
  Ref globals = globals_after("number_1 = 1\nnumber_2 = 2\nobject_1 = [1]");
  std::string source = "number_1; number_2; object_1[0]\ndef f():\n  global number_2\n  number_2 += 1\nf()";
  CHECK(accesses(source, globals.get()) ==
        Lines{"R number_2", "R object_1[0]", "W f", "R number_2", "W number_2"});
  set_concurrent(true);
  std::uint32_t epoch = visibility_epoch();
  CHECK(accesses("number_1; number_1 = 5; number_1", globals.get()) == Lines{"W number_1", "R number_1"});
  CHECK(visibility_epoch() > epoch);
}

TEST_CASE("captured functions") {
  Defaults defaults;
  Ref globals = globals_after("");
  const char* once = "def outer():\n  def helper_2(): pass\n  def f(): helper_2()\n  f()\nouter()";
  CHECK(accesses(once, globals.get()) == Lines{"W outer"});
  const char* twice =
      "def outer():\n  def helper_3(): pass\n  def f(): helper_3()\n  f()\n  helper_3 = None\nouter()";
  CHECK(accesses(twice, globals.get()) == Lines{"W outer", "R helper_3", "W helper_3"});
}

TEST_CASE("locations are told apart by numbers") {
  start_python();
  prepare_hooks();
  Ref dict = Ref::take(PyDict_New()), a = Ref::take(PyUnicode_InternFromString("a")),
      b = Ref::take(PyUnicode_InternFromString("b"));
  auto number = [&](PlaceKind kind, PyObject* key, Py_ssize_t index = 0) {
    return location_number({.container = dict.get(), .key = key, .index = index, .kind = kind});
  };
  CHECK(number(PlaceKind::whole, nullptr) == 0);
  CHECK(number(PlaceKind::item, a.get()) == number(PlaceKind::global, a.get()));
  CHECK(number(PlaceKind::item, a.get()) != number(PlaceKind::item, b.get()));
  CHECK(number(PlaceKind::item, a.get()) != number(PlaceKind::attribute, a.get()));
  CHECK(number(PlaceKind::index, nullptr, 0) != number(PlaceKind::index, nullptr, 1));
  CHECK(number(PlaceKind::index, nullptr, 0) != 0);
  Ref one = Ref::take(PyLong_FromLong(1)), one_too = Ref::take(PyFloat_FromDouble(1.0));
  CHECK(number(PlaceKind::item, one.get()) == number(PlaceKind::item, one_too.get()));
}
