// Taking bytecode apart and putting it together again.
#include "checker/python/instrument/bytecode.h"

#include <string>

#include <doctest/doctest.h>

#include "checker/python/instrument/expression.h"
#include "recorder.h"

using namespace raddle::python;
using namespace raddle::python::test;

namespace {

std::string bytes(PyObject* object) {
  return {PyBytes_AS_STRING(object), static_cast<std::size_t>(PyBytes_GET_SIZE(object))};
}

/// Every code object in a module of the standard library, depth first.
void visit_code(PyObject* code, void (*visit)(PyCodeObject*)) {
  visit(reinterpret_cast<PyCodeObject*>(code));
  PyObject* constants = reinterpret_cast<PyCodeObject*>(code)->co_consts;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(constants); ++i) {
    if (PyCode_Check(PyTuple_GET_ITEM(constants, i))) visit_code(PyTuple_GET_ITEM(constants, i), visit);
  }
}

void for_library(std::initializer_list<const char*> modules, void (*visit)(PyCodeObject*)) {
  start_python();
  Ref globals = globals_after("import importlib.util");
  for (const char* module : modules) {
    INFO(module);
    std::string source =
        std::string("code = importlib.util.find_spec('") + module + "').loader.get_code('" + module + "')";
    CHECK(run_plain(source, globals.get()) == "");
    visit_code(PyDict_GetItemString(globals.get(), "code"), visit);
  }
}

}  // namespace

TEST_CASE("without hooks the assembled code is what it was") {
  for_library(
      {"argparse", "typing", "dataclasses", "asyncio.base_events", "traceback", "contextlib", "_pydecimal"},
      [](PyCodeObject* code) {
        Bytecode bytecode;
        REQUIRE(decode(code, bytecode));
        Assembled parts;
        REQUIRE(
            assemble(bytecode, std::vector<Hook>(bytecode.instructions.size()), code->co_firstlineno, parts));
        Ref original = Ref::take(PyCode_GetCode(code));
        CHECK(bytes(parts.code.get()) == bytes(original.get()));
        CHECK(bytes(parts.exception_table.get()) == bytes(code->co_exceptiontable));
        CHECK(bytes(parts.line_table.get()) == bytes(code->co_linetable));
      });
}

TEST_CASE("stack heights stay within the code's own stack") {
  for_library(
      {"argparse", "typing", "asyncio.base_events", "asyncio.tasks", "contextlib", "ast", "_pydecimal"},
      [](PyCodeObject* code) {
        Bytecode bytecode;
        REQUIRE(decode(code, bytecode));
        for (int height : stack_heights(bytecode)) {
          CHECK(height >= unreachable);
          CHECK(height <= code->co_stacksize);
        }
      });
}

TEST_CASE("positions survive the table") {
  std::vector<std::pair<Position, std::size_t>> entries = {
      {{10, 10, 4, 9}, 1},   {{10, 10, 4, 9}, 8}, {{11, 11, 0, 127}, 3},
      {{12, 12, 0, 128}, 9}, {{5, 7, 70, 3}, 20}, {{}, 2},
      {{5, 5, 79, 94}, 1},   {{5, 5, 80, 81}, 1}, {{7, 7, 100, 101}, 1},
      {{7, 7, -1, -1}, 4},   {{7, 7, -1, -1}, 4}, {{100000, 100002, 5000, 6000}, 17},
      {{1, 1, 0, 0}, 1},     {{3, 3, 7, 22}, 1},  {{3, 3, 7, 23}, 1},
  };
  LineTableWriter writer(10);
  std::vector<Position> expected;
  for (auto& [position, units] : entries) {
    writer.add(position, units);
    expected.insert(expected.end(), units, position);
  }
  std::vector<Position> positions;
  CHECK(decode_line_table(writer.bytes(), 10, expected.size(), positions));
  CHECK(positions == expected);
  CHECK(!decode_line_table(writer.bytes(), 10, expected.size() + 1, positions));
  CHECK(!decode_line_table(writer.bytes().substr(0, 3), 10, expected.size(), positions));
}

TEST_CASE("tables that are no tables are refused") {
  start_python();
  Ref globals = globals_after("def f():\n  try: x\n  except E: pass\ncode = f.__code__");
  for (const char* change : {"co_exceptiontable=b'\\x80\\x7f'", "co_linetable=b''", "co_linetable=b'\\x01'",
                             "co_code=code.co_code[:-2] + bytes([144, 0])"}) {
    INFO(change);
    Ref broken = Ref::take(PyRun_String((std::string("code.replace(") + change + ")").c_str(), Py_eval_input,
                                        globals.get(), globals.get()));
    REQUIRE(broken);
    CHECK(instrument(broken.get()) == nullptr);
    CHECK(PyErr_ExceptionMatches(PyExc_ValueError));
    PyErr_Clear();
  }
}

TEST_CASE("a hook that needs a longer jump gets one") {
  start_python();
  // 60 accesses in a loop: the way back is longer than 255 units only with hooks.
  std::string source = "i = n = 0\nwhile i < 3:\n    i += 1\n";
  for (int i = 0; i < 60; ++i) source += "    n += i\n";
  Ref plain = Ref::take(PyDict_New());
  CHECK(run_plain(source, plain.get()) == "");
  Recorder recorder;
  Ref hooked = globals_after("");
  CHECK(run(source, hooked.get(), &recorder) == "");
  CHECK(text_of(hooked.get(), "n") == text_of(plain.get(), "n"));
  CHECK(recorder.accesses.size() == 2 + 4 + 3 * (2 + 60 * 3));
}

TEST_CASE("sites know where they stand") {
  start_python();
  Ref code =
      Ref::take(Py_CompileString("def f(self):\n    self.items[0].x = 5\n", "model.py", Py_file_input));
  Ref hooked = Ref::take(instrument(code.get()));
  PyObject* constants = reinterpret_cast<PyCodeObject*>(hooked.get())->co_consts;
  PyObject* function = PyTuple_GET_ITEM(constants, 0);
  REQUIRE(PyCode_Check(function));
  std::vector<std::string> lines;
  constants = reinterpret_cast<PyCodeObject*>(function)->co_consts;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(constants); ++i) {
    if (!is_site(PyTuple_GET_ITEM(constants, i))) continue;
    const Site& site = site_of(PyTuple_GET_ITEM(constants, i));
    CHECK(std::string(PyUnicode_AsUTF8(site.filename)) == "model.py");
    CHECK(std::string(PyUnicode_AsUTF8(site.function)) == "f");
    if (site.kind == SiteKind::marker) continue;
    std::string line = site.name ? PyUnicode_AsUTF8(site.name) : "-";
    PyObject* owner = site.operand_text(site.kind == SiteKind::load_item ? 2 : 1);
    line += std::string(" of ") + (owner ? PyUnicode_AsUTF8(owner) : "?");
    const Position& p = site.position;
    line +=
        " " + std::to_string(p.line) + ":" + std::to_string(p.column) + "-" + std::to_string(p.end_column);
    lines.push_back(line);
  }
  std::vector<std::string> expected = {"items of self 2:4-14", "- of self.items 2:4-17",
                                       "x of self.items[0] 2:4-19", "- of ? 2:4-19"};
  CHECK(joined(lines) == joined(expected));
}
