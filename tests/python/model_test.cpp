#include "checker/python/model.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "support.h"

using namespace raddle::python;
using namespace raddle::python::test;

namespace {

std::string error_of(const PythonOptions& options) {
  try {
    load(options);
  } catch (const raddle::engine::UserError& error) {
    return error.what();
  }
  return "no error";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a program that is not there, is a folder, or does not compile is bad input") {
  CHECK(has(error_of({.model = scratch_folder() + "/none.py"}), "none.py: there is no such file"));
  CHECK(has(error_of({.model = scratch_folder()}), "is a directory"));
  const std::string broken = write_file("broken.py", "x = 1\ndef f(:\n    pass\n");
  const std::string error = error_of({.model = broken});
  CHECK(has(error, "does not compile"));
  CHECK(has(error, "line 2"));
  CHECK(has(error, "def f(:"));
  CHECK(has(error, "^"));
  CHECK(has(error_of({.model = write_file("null.py", std::string("x = 1\0", 6))}), "does not compile"));
  CHECK(has(error_of({.model = "no such module", .as_module = true}), "is not the name of a module"));
  CHECK(has(error_of({.model = "raddle_no_such_module", .as_module = true}),
            "no module named raddle_no_such_module"));
}

TEST_CASE("an import that fails before any thread was started is bad input") {
  CHECK(has(error_of({.model = write_file("imports.py", "import sys\nimport raddle_nothing\n")}),
            "imports.py:2: cannot be imported: ModuleNotFoundError"));
  write_file("has_error.py", "def f(\n");
  CHECK(has(error_of({.model = write_file("imports2.py", "import has_error\n")}), "SyntaxError"));
}

TEST_CASE("a model is loaded again after an error, and one at a time") {
  auto model = load_text("print('one')");
  CHECK(has(error_of({.model = write_file("two.py", "pass")}), "only one"));
  model.reset();
  CHECK(run("print('two')").distinct() == std::set<std::string>{"two\n"});
}

TEST_CASE("what a program finds around it") {
  const Seen seen = run(R"(
import sys
print(__name__, sys.argv[1:], __file__ == sys.modules['__main__'].__file__, __doc__)
print(sys.argv[0].endswith('model.py'), sys.path[0] == __file__.rsplit('/', 1)[0])
assert __package__ is None and __spec__ is None
print(sorted(k for k in globals() if k != 'sys'))
)",
                        {.arguments = {"a", "b c"}});
  CHECK(seen.failures.empty());
  CHECK(
      seen.distinct() ==
      std::set<std::string>{"__main__ ['a', 'b c'] True None\nTrue True\n['__annotations__', '__builtins__', "
                            "'__cached__', '__doc__', '__file__', '__loader__', '__name__', '__package__', "
                            "'__spec__']\n"});
}

TEST_CASE("standard input is the same in every execution, and reading it is a race") {
  const std::string text = R"(
import threading
def read(): print('got', input())
threads = [threading.Thread(target=read) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
)";
  const Seen seen = run(text, {.standard_input = "one\ntwo\n"});
  CHECK(seen.exhausted);
  CHECK(seen.executions == 2);
  CHECK(seen.distinct() == std::set<std::string>{"got one\ngot two\n"});
  CHECK(run(text).fails("EOFError"));
}

TEST_CASE("modules beside the program are instrumented and executed afresh") {
  write_file("shared_state.py",
             "count = 0\ndef increase():\n    global count\n    seen = count\n    count = seen + 1\n");
  const Seen seen = run(R"(
import threading, shared_state
threads = [threading.Thread(target=shared_state.increase) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(shared_state.count)
)");
  CHECK(seen.executions == 4);
  CHECK(seen.distinct() == std::set<std::string>{"1\n", "2\n"});
}

TEST_CASE("-m runs a module in its package") {
  write_file("package/__init__.py", "name = 'package'\n");
  write_file("package/part.py",
             "from . import name\nfrom .other import thing\nprint(name, thing, __package__, __name__)\n");
  write_file("package/other.py", "thing = 'other'\n");
  write_file("package/__main__.py", "print('main of', __package__)\n");
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(scratch_folder());
  {
    auto model = load({.model = "package.part", .as_module = true});
    CHECK(search(*model).distinct() == std::set<std::string>{"package other package __main__\n"});
    CHECK(model->source_line("package/part.py", 1) == "from . import name");
    CHECK(model->source_files().size() == 3);
  }
  {
    auto model = load({.model = "package", .as_module = true});
    CHECK(search(*model).distinct() == std::set<std::string>{"main of package\n"});
  }
  CHECK(has(error_of({.model = "package.nothing", .as_module = true}), "no module named package.nothing"));
  CHECK(has(error_of({.model = "package.other.more", .as_module = true}), "package.other is not a package"));
  std::filesystem::current_path(here);
}

TEST_CASE("the hash is over the source of the program and its modules") {
  write_file("part.py", "x = 1\n");
  auto hash = [](const std::string& text) { return load_text(text)->program_hash(); };
  const std::string first = hash("import part\nprint(part.x)\n");
  CHECK(first.size() == 32);
  CHECK(hash("import part\nprint(part.x)\n") == first);
  CHECK(hash("import part\nprint(part.x )\n") != first);
  write_file("part.py", "x = 2\n");
  CHECK(hash("import part\nprint(part.x)\n") != first);
}

TEST_CASE("lines of the source") {
  auto model = load_text("a = 1\n\nprint('x')\r\nlast = 2");
  CHECK(model->source_line("model.py", 1) == "a = 1");
  CHECK(model->source_line("model.py", 2) == "");
  CHECK(model->source_line("model.py", 3) == "print('x')");
  CHECK(model->source_line("model.py", 4) == "last = 2");
  CHECK(model->source_line("model.py", 5) == "");
  CHECK(model->source_line("model.py", 0) == "");
  CHECK(model->source_line("other.py", 1) == "");
}
