"""Finding and compiling the program itself."""
import importlib.machinery
import os
import sys
import traceback

import _raddle_importer as importer
import _raddle_tests as tests

# As a fresh python3 would have it: what the user's PYTHONPATH names comes before the standard library.
user_path = [os.path.abspath(path) for path in (os.environ.get("PYTHONPATH") or os.devnull).split(os.pathsep)]
base_path = [path for path in user_path if path != os.devnull] + sys.path


class BadInput(Exception):
    """What is wrong with the program, for the user."""


def find(model, as_module):
    """Path of the source file, name of its package, and whether `model` was found as a package."""
    if not as_module:
        path = os.path.abspath(model)
        if os.path.isdir(path):
            main = os.path.join(path, "__main__.py")
            raise BadInput(f"{model}: is a directory; name a Python file"
                           + (f", for example {os.path.join(model, '__main__.py')}" if os.path.exists(main) else ""))
        if not os.path.exists(path):
            raise BadInput(f"{model}: there is no such file")
        return path, None
    search = None
    name = ""
    parts = model.split(".")
    if not all(part.isidentifier() for part in parts):
        raise BadInput(f"-m {model}: is not the name of a module, such as package.module")
    importer.importlib.invalidate_caches()
    for index, part in enumerate(parts):
        name = f"{name}.{part}" if name else part
        spec = importlib.machinery.PathFinder.find_spec(name, search)
        if spec is None:
            where = "sys.path (the current folder comes first)" if index == 0 else f"package {'.'.join(parts[:index])}"
            raise BadInput(f"-m {model}: no module named {name} in {where}")
        search = spec.submodule_search_locations
        if search is None and index + 1 < len(parts):
            raise BadInput(f"-m {model}: {name} is not a package")
    if search is not None:
        spec = importlib.machinery.PathFinder.find_spec(name + ".__main__", search)
        if spec is None:
            raise BadInput(f"-m {model}: is a package without a __main__ module")
        return spec.origin, name
    if not spec.origin or not spec.origin.endswith(".py"):
        raise BadInput(f"-m {model}: is not a Python source file")
    return spec.origin, name.rpartition(".")[0]


def collect_tests(folder):
    return tests.collect(folder, base_path)


def prepare_test(model, test, arguments):
    """As below, for a program that runs one test of a file."""
    path = os.path.abspath(model)
    folder, _ = tests.locate(path)
    sys.path[:] = [folder] + base_path
    sys.argv[:] = [f"{model}::{test}"] + arguments
    sys.orig_argv[:] = ["python3", "-m", "pytest", f"{model}::{test}", *arguments]
    find(model, False)
    try:
        tests.require(path, model, test, base_path)
    except OSError as error:
        raise BadInput(f"{model}: cannot be read: {error.strerror}") from None
    except (SyntaxError, ValueError) as error:
        text = "".join(traceback.format_exception_only(error)).rstrip()
        raise BadInput(f"{model}: does not compile\n{text}") from None
    except tests.Unusable as error:
        raise BadInput(str(error)) from None
    return tests.program(path, test), path, None, folder, importer.stdlib.rstrip(os.sep)


def prepare(model, as_module, test, arguments, instrument):
    """Compiles the program and sets sys.argv and sys.path.

    Returns its instrumented code, path and package, the folder that its files are shown relative to, and the folder
    of the standard library.
    """
    importer.reset(instrument)
    if test:
        return prepare_test(model, test, arguments)
    folder = os.getcwd() if as_module else os.path.dirname(os.path.abspath(model))
    sys.path[:] = [folder] + base_path
    path, package = find(model, as_module)
    sys.argv[:] = [path if as_module else model] + arguments
    sys.orig_argv[:] = ["python3", *(["-m", model] if as_module else [model]), *arguments]
    try:
        code = importer.code_for(path, "__main__")
    except OSError as error:
        raise BadInput(f"{model}: cannot be read: {error.strerror}") from None
    except (SyntaxError, ValueError) as error:  # ValueError: null bytes
        text = "".join(traceback.format_exception_only(error)).rstrip()
        raise BadInput(f"{model}: does not compile\n{text}") from None
    return code, path, package, folder, importer.stdlib.rstrip(os.sep)
