"""What programs do beyond raddle's control: it is done, and the coverage says so."""
import functools
import os
import posix
import signal
import sys

import _raddle
import _raddle_library as library
import _raddle_loops as loops


class Outside:
    """Stands for a function that raddle does not control. (No function, since that would become a method in a class.)"""

    def __init__(self, original, what):
        self.__wrapped__, self.what = original, what
        self.__name__, self.__doc__, self.__module__ = original.__name__, original.__doc__, original.__module__

    def __repr__(self):
        return repr(self.__wrapped__)

    # In sets like os.supports_dir_fd are the originals.
    def __eq__(self, other):
        return self is other or self.__wrapped__ is other

    def __hash__(self):
        return hash(self.__wrapped__)

    def __call__(self, *arguments, **keywords):
        if self.matters(arguments):
            _raddle.uncontrolled(self.what)
        return self.__wrapped__(*arguments, **keywords)

    def matters(self, arguments):
        return True


class OnPipe(Outside):
    """Matters where the descriptor is none of a file."""

    def matters(self, arguments):
        return bool(arguments) and _raddle.is_pipe(arguments[0])


class OnPath(Outside):
    """A function of paths, which are what threads share."""

    def __init__(self, original, paths, writes):
        super().__init__(original, None)
        self.paths, self.writes = paths, writes

    def __call__(self, *arguments, **keywords):
        for path in arguments[:self.paths]:
            _raddle.touch_path(path, self.writes, self.what)
        return self.__wrapped__(*arguments, **keywords)


def watch(kind, modules, names, *arguments):
    for name in names:
        original = getattr(modules[0], name, None)
        if original is None:
            continue
        watched = kind(original, *(arguments or (f"{modules[0].__name__}.{name}",)))
        for module in modules:
            setattr(module, name, watched)


def watch_methods(cls, what, names):
    for name in names:
        def method(self, *arguments, original=getattr(cls, name), name=name, **keywords):
            _raddle.uncontrolled(f"{what}.{name}")
            return original(self, *arguments, **keywords)
        method.__name__, method.__doc__ = name, getattr(cls, name).__doc__
        _raddle.set_in_type(cls, name, method)


def watch_select(module):
    watch(Outside, [module], ["select", "poll", "epoll"])


def watch_socket(module):
    watch_methods(module.socket, "socket", ["_accept", "recv", "recv_into", "recvfrom", "recvfrom_into", "send", "sendall", "sendto"])


def watch_multiprocessing(module):
    watch_methods(module.SemLock, "multiprocessing.SemLock", ["acquire", "release", "__enter__", "__exit__"])


def watch_subprocess(module):
    plain_init = module.Popen.__init__

    @functools.wraps(plain_init)
    def __init__(self, *arguments, **keywords):
        _raddle.uncontrolled("subprocess.Popen")
        plain_init(self, *arguments, **keywords)

    module.Popen.__init__ = __init__


def watch_processes(module):
    plain_start = module.BaseProcess.start

    @functools.wraps(plain_start)
    def start(self):
        _raddle.uncontrolled("multiprocessing.Process.start")
        plain_start(self)

    module.BaseProcess.start = start


def watch_sqlite(module):
    plain_connect = module.connect

    def connect(database, *arguments, **keywords):
        if database != ":memory:" and database != "":
            _raddle.touch_path(database, True, "sqlite3.connect")
        return plain_connect(database, *arguments, **keywords)

    module.connect = connect


WATCHED = {"select": watch_select, "selectors": loops.watch_selectors, "asyncio.selector_events": loops.watch_loops, "_socket": watch_socket,
           "_multiprocessing": watch_multiprocessing,
           "subprocess": watch_subprocess, "multiprocessing.process": watch_processes, "_sqlite3": watch_sqlite}


def module_was_loaded(name, module):
    """Called when the library has loaded one of its modules."""
    if name in WATCHED:
        WATCHED.pop(name)(module)


watch(Outside, [signal], ["pause", "sigwait", "sigwaitinfo", "sigtimedwait", "alarm", "setitimer"])
watch(Outside, [os, posix], ["wait", "wait3", "wait4", "waitid", "waitpid"])
watch(OnPipe, [os, posix], ["read", "readv", "write", "writev"])
watch(OnPath, [os, posix], ["stat", "lstat", "access", "listdir", "scandir", "readlink"], 1, False)
watch(OnPath, [os, posix], ["mkdir", "rmdir", "remove", "unlink", "truncate", "chmod", "utime", "open"], 1, True)
watch(OnPath, [os, posix], ["rename", "replace", "link", "symlink"], 2, True)
library.watch_module = module_was_loaded
for name in list(WATCHED):
    if name in sys.modules:
        module_was_loaded(name, sys.modules[name])
