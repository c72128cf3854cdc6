"""Tests in the style of pytest and unittest, one of which can be the program."""
import ast
import inspect
import os
import sys


class Unusable(Exception):
    """Why something is no test that can be checked, for the user."""


def is_test_case(node):
    """Does the class say that it derives from unittest.TestCase? (Or from something that is called so.)"""
    return any(ast.unparse(base).rpartition(".")[2].endswith("TestCase") for base in node.bases)


def needs(function, is_method):
    """What pytest would have to pass to the function."""
    a = function.args
    names = [x.arg for x in a.posonlyargs + a.args]
    names = names[is_method and not any(ast.unparse(d) == "staticmethod" for d in function.decorator_list):]
    required = names[:len(names) - len(a.defaults)] if a.defaults else names
    return required + [x.arg for x, default in zip(a.kwonlyargs, a.kw_defaults) if default is None]


def tests_in(source, path):
    """The tests of a file, in its order: pairs of a name ("test_it", "TestClass::test_it") and of why it cannot be
    checked, or "". Raises SyntaxError or ValueError."""
    found = []

    def add(node, prefix, is_method):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or not node.name.startswith("test"):
            return
        required = needs(node, is_method)
        why = ""
        if isinstance(node, ast.AsyncFunctionDef):
            why = "is a coroutine"
        elif required:
            why = "needs " + ", ".join(required)
        found.append((prefix + node.name, why))

    for node in ast.parse(source, path).body:
        add(node, "", False)
        if isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or is_test_case(node)):
            for member in node.body:
                add(member, node.name + "::", True)
    return found


def is_test_file(name):
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def collect(folder):
    """All tests in a folder and those below it: (file, name, why not). A file that cannot be read has the name ""."""
    all_tests = []

    def unreadable(error):
        all_tests.append((error.filename, "", f"cannot be read: {error.strerror}"))

    for where, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")) and name != "node_modules"
                            and not os.path.exists(os.path.join(where, name, "pyvenv.cfg")))
        for name in sorted(files):
            if not is_test_file(name):
                continue
            path = os.path.join(where, name)
            try:
                with open(path, "rb") as file:
                    tests = tests_in(file.read(), path)
            except OSError as error:
                tests = [("", f"cannot be read: {error.strerror}")]
            except (SyntaxError, ValueError) as error:
                tests = [("", f"does not compile: {error}")]
            all_tests += [(path, test, why) for test, why in tests]
    return all_tests


def locate(path):
    """The folder that has to be in sys.path for the file's module to be imported, and the module's name."""
    folder, name = os.path.split(os.path.abspath(path))
    module = os.path.splitext(name)[0]
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        module = f"{package}.{module}"
    return folder, module


def require(source, path, name):
    """Checks that `name` is a test of the file that can be checked."""
    tests = dict(tests_in(source, path))
    if name not in tests:
        some = ", ".join(list(tests)[:5]) + (", ..." if len(tests) > 5 else "")
        raise Unusable(f"{path}::{name}: there is no such test. " + (f"The file has {some}" if tests else "The file has no tests"))
    if tests[name]:
        raise Unusable(f"{path}::{name}: {tests[name]}, which only pytest can pass. Name a test without parameters"
                       if tests[name].startswith("needs") else f"{path}::{name}: {tests[name]}")


def is_skip(error):
    return any(cls.__name__ in ("SkipTest", "Skipped") for cls in type(error).__mro__)


def call_if_there(instance, name, *arguments):
    method = getattr(instance, name, None)
    if method is not None:
        takes = len(inspect.signature(method).parameters)
        method(*arguments[:takes])


def run_case(cls, method):
    """A test of unittest."""
    test = cls(method)
    expects_failure = getattr(getattr(test, method), "__unittest_expecting_failure__", False)
    cls.setUpClass()
    try:
        test.debug()  # without a result that would keep exceptions to itself
    except AssertionError:
        if not expects_failure:
            raise
    finally:
        cls.tearDownClass()
        cls.doClassCleanups()


def run_method(cls, method):
    """A method of a class that pytest would collect."""
    call_if_there(cls, "setup_class")
    test = cls()
    call_if_there(test, "setup_method", getattr(test, method))
    try:
        getattr(test, method)()
    finally:
        call_if_there(test, "teardown_method", getattr(test, method))
        call_if_there(cls, "teardown_class")


def run(module, name):
    """What the program does: one test."""
    try:
        cls, _, method = name.rpartition("::")
        call_if_there(module, "setup_module", module)
        call_if_there(module, "setUpModule")
        if not cls:
            call_if_there(module, "setup_function", getattr(module, method))
            getattr(module, method)()
            call_if_there(module, "teardown_function", getattr(module, method))
        else:
            cls = getattr(module, cls)
            unittest = sys.modules.get("unittest")
            is_case = unittest is not None and issubclass(cls, unittest.TestCase)
            (run_case if is_case else run_method)(cls, method)
        call_if_there(module, "teardown_module", module)
        call_if_there(module, "tearDownModule")
    except BaseException as error:
        if not is_skip(error):
            raise


def program(path, name):
    """The code of the program that runs the test, not instrumented: what it imports is."""
    module = locate(path)[1]
    text = f"import _raddle_tests, importlib\n_raddle_tests.run(importlib.import_module({module!r}), {name!r})\n"
    return compile(text, "<raddle>/test", "exec")
