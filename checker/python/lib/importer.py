"""Imports inside of executions.

A module of the user is executed afresh in every execution, from code that is compiled and instrumented once. A module
of the library is imported once and stays; since that happens in whichever execution needs it first, it leaves no
trace that an execution could see (see _raddle.library).
"""
import importlib.machinery
import os
import sys
from importlib import _bootstrap, _bootstrap_external

import _raddle
import _raddle_library as library

code_of_path = {}  # of the user's modules: instrumented code
sources = {}  # path -> bytes
loaded = []  # names of the user's modules in this execution
extra = ()  # names that are instrumented although they belong to the library
stdlib = os.path.dirname(os.__file__) + os.sep
SITE_FOLDERS = ("site-packages", "dist-packages")


def is_users(name, path):
    """Is the module `name` in the file `path` one of the user's?"""
    for wanted in extra:
        if name == wanted or name.startswith(wanted + "."):
            return True
    if path.startswith(stdlib):
        return False
    return not any(part in SITE_FOLDERS for part in path.split(os.sep))


# Attributes in which primitives of the library keep what their methods use.
INSIDE = {"mutex", "not_empty", "not_full", "all_tasks_done", "_cond", "_waiters"}


def reaches_inside(code):
    """May the code use the inside of a queue, event or semaphore?"""
    return not INSIDE.isdisjoint(code.co_names) or any(reaches_inside(c) for c in code.co_consts if isinstance(c, type(code)))


def compiled(source, path):
    """Its code, not yet instrumented. To be replaced where programs are mutated."""
    return compile(source, path, "exec", dont_inherit=True)


def code_for(path, name):
    """The instrumented code of a source file."""
    code = code_of_path.get(path)
    if code is None:
        with open(path, "rb") as file:
            source = file.read()
        code = _raddle.instrument(compiled(source, path))
        if reaches_inside(code):
            _raddle.reaches_inside()
        sources[path] = source
        code_of_path[path] = code
    return code


class UserLoader(importlib.machinery.SourceFileLoader):
    """Loads a module of the user."""

    def get_code(self, fullname):
        return code_for(self.path, fullname)

    def exec_module(self, module):
        name = module.__name__
        code = code_for(self.path, name)
        _raddle.add_user_module(name)
        loaded.append(name)
        level = _raddle.library(0)
        try:
            _bootstrap._call_with_frames_removed(exec, code, module.__dict__)
        finally:
            _raddle.library(level)


class Finder:
    """First in sys.meta_path: finds the user's modules, and leaves all others to the finders behind it."""

    paths = {}  # (name, search path) -> path of the source file, and folders if it is a package; None: not the user's

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        key = name, tuple(sys.path if path is None else path)
        try:
            found = cls.paths[key]
        except KeyError:
            found = cls.paths[key] = cls.find(name, path)
        if found is None:
            return None
        file, folders = found
        spec = _bootstrap.ModuleSpec(name, UserLoader(name, file), origin=file)
        spec._set_fileattr = True
        if folders is not None:
            spec.submodule_search_locations = list(folders)
        return spec

    @staticmethod
    def find(name, path):
        if path is None and (name in sys.builtin_module_names or name in sys.stdlib_module_names):
            return None
        level = _raddle.library(1)
        try:
            spec = importlib.machinery.PathFinder.find_spec(name, path)
        finally:
            _raddle.library(level)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        if not is_users(name, spec.origin):
            return None
        return spec.origin, spec.submodule_search_locations


def isolate(cls, name):
    """Executions do not notice when this method of a loader runs."""
    original = getattr(cls, name)

    def isolated(*arguments):
        level = _raddle.library(1)
        try:
            result = original(*arguments)
            if name == "exec_module":
                library.module_was_loaded(arguments[-1].__name__, arguments[-1])
            return result
        finally:
            _raddle.library(level)

    descriptor = cls.__dict__.get(name)
    isolated.__name__ = name
    setattr(cls, name, staticmethod(isolated) if isinstance(descriptor, (staticmethod, classmethod)) else isolated)


def install():
    """Called once, before the first program is loaded."""
    isolate(_bootstrap_external._LoaderBasics, "exec_module")
    isolate(_bootstrap_external.ExtensionFileLoader, "create_module")
    isolate(_bootstrap_external.ExtensionFileLoader, "exec_module")
    isolate(_bootstrap.BuiltinImporter, "create_module")
    isolate(_bootstrap.BuiltinImporter, "exec_module")
    isolate(_bootstrap.FrozenImporter, "exec_module")
    sys.meta_path.insert(0, Finder)


def forget():
    """After an execution: the user's modules are to be executed again."""
    modules = sys.modules
    for name in loaded:
        module = modules.pop(name, None)
        if module is not None:
            module.__dict__.clear()
    loaded.clear()


def reset(instrument):
    """A new program is loaded."""
    global extra
    extra = tuple(instrument)
    code_of_path.clear()
    sources.clear()
    Finder.paths.clear()
    importlib.invalidate_caches()
