"""Plugin for pytest: tests marked with @pytest.mark.raddle are checked by raddle, in every interleaving of their threads.

    @pytest.mark.raddle(time="30s", fail_on="data-race")
    def test_counter(): ...

The keyword arguments are the options of `raddle check`, with _ for -. docs/pytest.md describes all of it.
"""
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

import pytest

# What pytest does on its own account: none of these is a fixture that somebody has written.
OWN_FIXTURES = ("request", "_xunit_", "_unittest_")


def pytest_addoption(parser):
    group = parser.getgroup("raddle", "interleavings of threads (raddle)")
    group.addoption("--raddle", metavar="PATH", help="the program raddle (default: the one that is installed)")
    group.addoption("--raddle-strategy", metavar="NAME", help="as raddle check --strategy, for all tests that raddle checks")
    group.addoption("--raddle-time", metavar="DURATION", help="as raddle check --time, for each of them")
    group.addoption("--raddle-options", metavar="OPTIONS", default="",
                    help="more options of raddle check, in one argument: \"--all --seed 3\"")
    group.addoption("--raddle-all", action="store_true",
                    help="check all tests that raddle can run, those without parameters and fixtures, marked or not")
    group.addoption("--raddle-off", action="store_true", help="run marked tests once, as if they were not marked")
    parser.addini("raddle", "the program raddle")
    parser.addini("raddle_strategy", "default of --raddle-strategy")
    parser.addini("raddle_time", "default of --raddle-time")
    parser.addini("raddle_ignore_fixtures", "autouse fixtures that tests can do without when raddle checks them", type="args")
    parser.addini("raddle_options", "options of raddle check that come before those of the marks", type="args")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "raddle(**options): check the test in every interleaving of its threads; options of raddle check, as "
                   "strategy, time, runs, preemptions, expect, ignore, fail_on, accept, strict")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    if config.getoption("--raddle-off"):
        return
    everything = config.getoption("--raddle-all")
    for i, item in enumerate(items):
        if not isinstance(item, pytest.Function):
            continue
        if item.get_closest_marker("raddle") or everything and not why_not(item):
            items[i] = CheckedTest.of(item)


def why_not(item):
    """Why raddle cannot run this test, or ""."""
    if hasattr(item, "callspec"):
        return f"it has parameters ({', '.join(item.callspec.params)})"
    foreign = [name for name in item.fixturenames if not name.startswith(OWN_FIXTURES)]
    # Autouse fixtures of pytest itself and of its plugins look after pytest.
    definitions = item._fixtureinfo.name2fixturedefs
    requested = set(item._fixtureinfo.argnames) | {name for mark in item.iter_markers("usefixtures") for name in mark.args}
    ignored = item.config.getini("raddle_ignore_fixtures")
    needed = [name for name in foreign
              if name in requested or name not in ignored and is_written_here(item, definitions.get(name))]
    if needed:
        return f"it uses {'fixtures' if len(needed) > 1 else 'the fixture'} {', '.join(needed)}"
    return ""


def is_written_here(item, definitions):
    """Does the fixture come from the project (a conftest.py, the file itself), and not from a plugin that is installed?"""
    root = item.config.rootpath
    for definition in definitions or ():
        file = pathlib.Path(sys.modules[definition.func.__module__].__file__) if definition.func.__module__ in sys.modules else None
        if definition.baseid or file and root in file.parents and "site-packages" not in file.parts:
            return True
    return False


class BadTest(Exception):
    """Why a test cannot be checked, for the user."""


class Found(Exception):
    """What raddle has to say about a test that fails."""


class CheckedTest(pytest.Item):
    """A test that raddle runs instead of pytest."""

    @classmethod
    def of(cls, function):
        item = cls.from_parent(function.parent, name=function.name, nodeid=function.nodeid)
        item.function = function
        item.obj = function.obj  # for the conditions of skipif and xfail
        item.own_markers = list(function.own_markers)
        item.keywords.update(function.keywords)
        item.user_properties = function.user_properties
        return item

    def reportinfo(self):
        return self.function.reportinfo()

    def runtest(self):
        command, folder = self.command()
        environment = dict(os.environ)
        # raddle runs tests with a Python of its own. It is to find what this one finds.
        if sys.prefix != sys.base_prefix:
            environment["VIRTUAL_ENV"] = sys.prefix
        paths = [str(path) for path in self.ini("pythonpath") or ()] + [environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
        text = done.stdout.rstrip()
        summary = text.splitlines()[-1] if text else ""
        self.add_report_section("call", "raddle", f"$ {shlex.join(command)}\n" + (f"{summary}\n" if done.returncode == 0 else ""))
        if summary:
            self.user_properties.append(("raddle", summary))
        if done.returncode == 0:
            return
        if done.returncode in (1, 3) and text:
            raise Found(text + "\n" + done.stderr.rstrip() if done.stderr.strip() else text)
        problem = done.stderr.strip() or text or f"{command[0]} ended with status {done.returncode} and said nothing"
        raise BadTest(problem if done.returncode == 2 else f"{problem}\n(exit status {done.returncode})")

    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, (BadTest, Found)):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def ini(self, name):
        try:
            return self.config.getini(name)
        except (KeyError, ValueError):  # of a plugin that is not there
            return None

    def command(self):
        """The command line, and the folder in which it is run."""
        reason = why_not(self.function)
        marks = list(self.iter_markers("raddle"))
        if reason:
            raise BadTest(f"raddle cannot check this test: {reason}. raddle calls the test itself, many times, without "
                          "pytest: let the test make what it needs, or run it without the mark raddle.")
        folder = self.config.invocation_params.dir
        place = os.path.relpath(self.function.path, folder)
        names = [node.name for node in self.function.listchain() if isinstance(node, (pytest.Class, pytest.Function))]
        return [program(self.config), "check", "--progress", "never", "--colour", "never", *traces(place, folder), *self.jobs(),
                *self.options(marks), "::".join([place, *names])], folder

    def jobs(self):
        """Processes of pytest-xdist share the processors."""
        workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        return ["--jobs", str(max(1, len(os.sched_getaffinity(0)) // workers))] if workers > 1 else []

    def options(self, marks):
        """Those of the settings, of the marks, the outermost first, and of the command line: the last one counts."""
        config = self.config
        strategy, time = config.getoption("--raddle-strategy"), config.getoption("--raddle-time")
        marked = {}
        for mark in reversed(marks):
            if mark.args:
                raise BadTest("@pytest.mark.raddle takes the options of raddle check by keyword, as in "
                              f"raddle(time=\"30s\"), not {mark.args[0]!r}.")
            marked.update(mark.kwargs)
        which = ("strategy", "preemptions", "delays")  # each of them says how to search
        if strategy:
            for name in which:
                marked.pop(name, None)
        options = list(config.getini("raddle_options"))
        if config.getini("raddle_strategy") and not strategy and not any(name in marked for name in which):
            options += ["--strategy", config.getini("raddle_strategy")]
        if config.getini("raddle_time"):
            options += ["--time", config.getini("raddle_time")]
        for name, value in marked.items():
            option = "--" + name.replace("_", "-")
            if value is True:
                options.append(option)
            elif value is not False and value is not None:
                for one in value if isinstance(value, (list, tuple)) else [value]:
                    options += [option, str(one)]
        if strategy:
            options += ["--strategy", strategy]
        if time:
            options += ["--time", time]
        return options + shlex.split(config.getoption("--raddle-options"))


def traces(place, folder):
    """Files of the same name in several folders have traces of their own."""
    below = os.path.dirname(place)
    if not below or below.startswith(os.pardir) or not os.access(folder, os.W_OK):
        return []
    return ["--trace-dir", os.path.join(".raddle", below)]


def program(config):
    """The program raddle: as told, that of the installation to which this file belongs, or the one on PATH."""
    told = config.getoption("--raddle") or config.getini("raddle")
    if told:
        path = config.invocation_params.dir / told if config.getoption("--raddle") else config.rootpath / told
        found = str(path) if os.sep in told or path.exists() else shutil.which(told)
        if not found or not os.access(found, os.X_OK):
            raise BadTest(f"there is no program {told} (--raddle, or raddle in pytest's settings)")
        return found
    for folder in pathlib.Path(__file__).resolve().parents:
        if folder.name == "lib" and os.access(folder.parent / "bin" / "raddle", os.X_OK):
            return str(folder.parent / "bin" / "raddle")
    found = shutil.which("raddle")
    if not found:
        raise BadTest("there is no program raddle on PATH: install it, or say where it is with --raddle=PATH or, in pytest's "
                      "settings, raddle = PATH")
    return found
