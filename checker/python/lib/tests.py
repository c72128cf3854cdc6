"""Tests in the style of pytest and unittest, one of which can be the program."""
import ast
import functools
import importlib
import inspect
import json
import os
import sys


class Unusable(Exception):
    """Why something is no test that can be checked, for the user."""


class Endless(Unusable):
    """The file cannot be imported within the limits."""


class Hurried(Endless):
    """All is to end, and what can be said of the file is not known."""


def is_skip(error):
    return any(cls.__name__ in ("SkipTest", "Skipped") for cls in type(error).__mro__)


# --- the tests that a file's text shows


def is_test_case_by_name(node):
    """Does the class say that it derives from unittest.TestCase? (Or from something that is called so.)"""
    return any(ast.unparse(base).rpartition(".")[2].endswith("TestCase") for base in node.bases)


def tests_in_text(source, path):
    """What can be said of a file that cannot be imported here: names of tests. Raises SyntaxError or ValueError."""
    def tests(nodes, prefix):
        return [prefix + node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test")]

    nodes = ast.parse(source, path).body
    classes = [node for node in nodes if isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or is_test_case_by_name(node))]
    return tests(nodes, "") + [name for node in classes for name in tests(node.body, node.name + "::")]


# --- the tests that its module has, once it is imported


def needs(function, is_method):
    """What pytest would have to pass to the function."""
    try:
        parameters = list(inspect.signature(function, follow_wrapped=True).parameters.values())
    except (TypeError, ValueError):
        return []
    required = [p.name for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    patched = sum(1 for p in getattr(function, "patchings", ()) if not p.attribute_name and type(p.new).__name__ == "_SentinelObject")
    return required[is_method + patched:]


def in_class(cls):
    """Names of all attributes, in the order in which they were written, those of the bases first."""
    names = {}
    for base in reversed(cls.__mro__):
        names.update(dict.fromkeys(vars(base)))
    return names


def tests_of_class(cls, name, is_case):
    if is_case:
        for member in in_class(cls):
            function = getattr(cls, member, None)
            if member.startswith("test") and callable(function):
                is_async = inspect.iscoroutinefunction(function) \
                    and not any(base.__name__ == "IsolatedAsyncioTestCase" for base in cls.__mro__)
                yield f"{name}::{member}", "is a coroutine" if is_async else ""
        return
    for member in in_class(cls):
        raw = inspect.getattr_static(cls, member)
        value = getattr(cls, member, None)
        if member.startswith("Test") and inspect.isclass(value) and is_test_class(value, member):
            yield from tests_of_class(value, f"{name}::{member}", False)
        if member.startswith("test") and inspect.isroutine(value) and getattr(value, "__test__", True):
            yield f"{name}::{member}", why_not(value, not isinstance(raw, (staticmethod, classmethod)))


def why_not(function, is_method):
    required = needs(function, is_method)
    if inspect.iscoroutinefunction(function):
        return "is a coroutine"
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        return "is a generator"
    return "needs " + ", ".join(required) if required else ""


def is_test_class(cls, name):
    return name.startswith("Test") and getattr(cls, "__test__", True) and cls.__init__ is object.__init__


def tests_of_module(module):
    """Pairs of a name ("test_it", "TestClass::test_it") and of why it cannot be checked, or ""."""
    found = []
    unittest = sys.modules.get("unittest")
    for name, value in list(vars(module).items()):
        if inspect.isclass(value):
            is_case = unittest is not None and issubclass(value, unittest.TestCase)
            if is_case and getattr(value, "__test__", True) or is_test_class(value, name):
                found += tests_of_class(value, name, is_case)
        elif name.startswith("test") and inspect.isfunction(value) and getattr(value, "__test__", True):
            found.append((name, why_not(value, False)))
    return found


def import_and_look(path, base_path):
    """What tests_in() returns. Runs the module."""
    folder, name = locate(path)
    sys.path[:] = [folder] + base_path
    sys.meta_path[:] = [finder for finder in sys.meta_path if finder.__module__ != "_raddle_importer"]
    try:
        return tests_of_module(importlib.import_module(name))
    except BaseException as error:
        if is_skip(error):
            return [(name, f"is skipped: {error}") for name in tests_in_text(read(path), path)]
        if isinstance(error, RuntimeError) and "thread" in str(error):  # which nobody runs here
            return [(name, "") for name in tests_in_text(read(path), path)]
        return [("", f"cannot be imported: {type(error).__name__}: {error}")]


def place():
    """Where the module is that is being imported: "file:line", in code of the user's if there is any."""
    library = os.path.dirname(os.__file__) + os.sep
    frame = sys._getframe()
    while frame is not None:
        file = frame.f_code.co_filename
        if os.path.isabs(file) and not file.startswith(library) and frame.f_globals is not globals():
            here = os.path.relpath(file)
            return f"{file if here.startswith(os.pardir) else here}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def tests_in(path, base_path):
    """The tests of a file: pairs of a name and of why it cannot be checked, or "". With an empty name, it is why the file
    cannot be used. Imports the file, in a process of its own. Raises Endless."""
    def look():
        for stream in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        return json.dumps(import_and_look(path, base_path))

    text, why_ended, where = run_aside(look, place)
    if why_ended == "hurried":
        raise Hurried("was not imported within --time")
    if why_ended:
        raise Endless(f"cannot be imported: it has not come to an end after {why_ended}" + (f", at {where}" if where else ""))
    return [tuple(pair) for pair in json.loads(text)] if text else [("", "ends the process while it is imported")]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def is_test_file(name):
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def collect_file(path, base_path):
    """All tests in a file, as below."""
    try:
        compile(read(path), path, "exec", dont_inherit=True)
        tests = tests_in(path, base_path)
    except Endless as error:
        tests = [("", str(error))]
    except OSError as error:
        tests = [("", f"cannot be read: {error.strerror}")]
    except (SyntaxError, ValueError) as error:
        tests = [("", f"does not compile: {error}")]
    return [(path, test, why) for test, why in tests]


def may_have_tests(path):
    """Could the file have tests, by its text? What certainly has none is a program, which is not to run just to see."""
    try:
        source = read(path)
        nodes = ast.walk(ast.parse(source, path))
    except (OSError, SyntaxError, ValueError):
        return False  # running it will tell
    return b"test" in source.lower() or any(
        isinstance(node, ast.ClassDef) and node.bases or isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        for node in nodes)


def collect_named(path, base_path):
    """All tests in a file that was named by itself; none if it is a program."""
    if not may_have_tests(path):
        return []
    found = collect_file(path, base_path)
    return [] if not all(name for _, name, _ in found) and not tests_in_text(read(path), path) else found


def collect(folder, base_path):
    """All tests in a folder and those below it, or in a file: (file, name, why not). Of a file that cannot be used the
    name is ""."""
    if os.path.isfile(folder):
        return collect_named(folder, base_path)
    all_tests = []

    def unreadable(error):
        all_tests.append((error.filename, "", f"cannot be read: {error.strerror}"))

    for where, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")) and name != "node_modules"
                            and not os.path.exists(os.path.join(where, name, "pyvenv.cfg")))
        for name in sorted(files):
            if is_test_file(name):
                all_tests += collect_file(os.path.join(where, name), base_path)
    return all_tests


def locate(path):
    """The folder that has to be in sys.path for the file's module to be imported, and the module's name."""
    folder, name = os.path.split(os.path.abspath(path))
    module = os.path.splitext(name)[0]
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        module = f"{package}.{module}"
    return folder, module


def require(path, model, name, base_path):
    """Checks that `name` is a test of the file that can be checked."""
    try:
        tests = dict(tests_in(path, base_path))
    except Hurried:
        return
    except Endless as error:
        raise Unusable(f"{model}: {error}") from None
    if "" in tests:
        return  # running it will tell
    if name not in tests:
        some = ", ".join(list(tests)[:5]) + (", ..." if len(tests) > 5 else "")
        raise Unusable(f"{model}::{name}: there is no such test. " + (f"The file has {some}" if tests else "The file has no tests"))
    if tests[name]:
        raise Unusable(f"{model}::{name}: {tests[name]}, which only pytest can pass. Name a test without parameters"
                       if tests[name].startswith("needs") else f"{model}::{name}: {tests[name]}")


def call_if_there(instance, name, *arguments):
    method = getattr(instance, name, None)
    if method is not None:
        takes = len(inspect.signature(method).parameters)
        method(*arguments[:takes])


def unexpected_success(name, code):
    """Raises it where the test is written."""
    there = ast.increment_lineno(ast.parse("raise error", code.co_filename), code.co_firstlineno - 1)
    exec(compile(there, code.co_filename, "exec"), {"error": AssertionError(f"unexpected success: {name} passes")})


def expect_failure(test, name):
    """Lets the test's method fail, and only so. What belongs to it, setUp for example, must not."""
    method = getattr(test, name)

    def check(error):
        if error is None:
            unexpected_success(name, inspect.unwrap(method).__code__)
        if is_skip(error):
            raise error

    @functools.wraps(method)
    def call():
        try:
            method()
        except Exception as error:
            return check(error)
        check(None)

    @functools.wraps(method)
    async def call_and_wait():
        try:
            await method()
        except Exception as error:
            return check(error)
        check(None)

    setattr(test, name, call_and_wait if inspect.iscoroutinefunction(method) else call)


def run_case(cls, method):
    """A test of unittest."""
    test = cls(method)
    if any(getattr(marked, "__unittest_expecting_failure__", False) for marked in (test, getattr(test, method))):
        expect_failure(test, method)
    cls.setUpClass()
    try:
        test.debug()  # without a result that would keep exceptions to itself
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
            cls = functools.reduce(getattr, cls.split("::"), module)
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
