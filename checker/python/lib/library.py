"""Prepares the standard library, once per process."""
import sys

import _queue
import types

c_queue = sys.modules["_queue"]
sys.modules["_queue"] = types.ModuleType("_queue", c_queue.__doc__)  # without its SimpleQueue: queue.py uses its own
sys.modules["_queue"].Empty = c_queue.Empty
import concurrent.futures.thread
import functools
import gc
import linecache
import logging
import os
import posix
import queue
import random
import site
import threading
import time
import traceback
import weakref

import _raddle


def use_virtual_environment(folder):
    """Packages of the user's virtual environment come before those of the system, or instead of them."""
    packages = os.path.join(folder, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "site-packages")
    if not os.path.isdir(packages):
        return
    own_only = True
    try:
        with open(os.path.join(folder, "pyvenv.cfg"), encoding="utf-8") as file:
            for line in file:
                name, _, value = line.partition("=")
                if name.strip().lower() == "include-system-site-packages":
                    own_only = value.strip().lower() != "true"
    except OSError:
        pass
    systems = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    for path in systems:
        sys.path.remove(path)
    site.addsitedir(packages)
    if not own_only:
        sys.path.extend(systems)
    sys.prefix = sys.exec_prefix = folder


def now(cls, tz=None):
    return cls.fromtimestamp(time.time(), tz)


def utcnow(cls):
    return cls.utcfromtimestamp(time.time())


watch_module = None  # outside.module_was_loaded


def module_was_loaded(name, module):
    """Called when the library has loaded one of its modules."""
    if name == "_datetime":
        _raddle.set_in_type(module.datetime, "now", classmethod(now))
        _raddle.set_in_type(module.datetime, "utcnow", classmethod(utcnow))
    watch_module(name, module)
    _raddle.module_loaded(module)


def join(thread, timeout):
    """Thread.join for threads that we did not start: what `_thread` started directly."""
    if thread is threading.current_thread():
        raise RuntimeError("cannot join current thread")
    if timeout is None:
        thread._wait_for_tstate_lock()
    else:
        thread._wait_for_tstate_lock(timeout=max(timeout, 0))


def make_handler_lock(handler):
    """logging.Handler.createLock: the locks of the library's own handlers are quiet."""
    quiet = type(handler).__module__ in ("logging", "logging.handlers")
    if quiet:
        _raddle.quiet_locks(True)
    try:
        create_lock(handler)
    finally:
        if quiet:
            _raddle.quiet_locks(False)


def seed(generator, a=None, version=2):
    """random.Random.seed: without an argument, a seed that is the same in every execution."""
    plain_seed(generator, _raddle.entropy() if a is None else a, version)


def looks_at_threads(function):
    """A function of threading that says which threads there are."""

    @functools.wraps(function)
    def look():
        _raddle.look_at_threads()
        return function()

    return look


def collect(generation=2):
    """gc.collect: finds nothing that an execution before has left."""
    _raddle.collects_garbage()
    return plain_collect(generation)


class Collector:
    """gc.enable and gc.disable: when the collector runs by itself would depend on what raddle allocates."""

    enabled = True

    @classmethod
    def enable(cls):
        cls.enabled = True

    @classmethod
    def disable(cls):
        cls.enabled = False

    @classmethod
    def isenabled(cls):
        return cls.enabled


def cpu_count():
    """os.cpu_count: what a program makes of it (the size of a thread pool) is to be the same everywhere."""
    return 4


def urandom(size):
    """os.urandom: the same in every execution."""
    if size < 0:
        raise ValueError("negative argument not allowed")
    return b"".join(_raddle.entropy().to_bytes(8, "little") for _ in range((size + 7) // 8))[:size]


# To a program, SimpleQueue is that of the module in C.
queue.SimpleQueue.__name__ = queue.SimpleQueue.__qualname__ = "SimpleQueue"
queue.SimpleQueue.__module__ = "_queue"
sys.modules["_queue"].SimpleQueue = queue.SimpleQueue
create_lock = logging.Handler.createLock
logging.Handler.createLock = make_handler_lock
_raddle.make_visible(concurrent.futures.thread._global_shutdown_lock)
plain_collect = gc.collect
gc.collect, gc.enable, gc.disable, gc.isenabled = collect, Collector.enable, Collector.disable, Collector.isenabled
plain_seed = random.Random.seed
random.Random.seed = seed
os.urandom = posix.urandom = random._urandom = urandom
os.cpu_count = posix.cpu_count = cpu_count
os.sched_getaffinity = posix.sched_getaffinity = lambda pid: set(range(cpu_count()))
os.getrandom = posix.getrandom = lambda size, flags=0: urandom(size)
if os.environ.get("VIRTUAL_ENV"):
    use_virtual_environment(os.environ["VIRTUAL_ENV"])
threading._raddle_join = join
threading.active_count = looks_at_threads(threading.active_count)
threading.enumerate = looks_at_threads(threading.enumerate)
threading._maintain_shutdown_locks = lambda: None  # a thread's end must not be noticed without anybody asking


def find_run_line():
    """The line of threading.py in which a thread calls its run()."""
    first = threading.Thread._bootstrap_inner.__code__.co_firstlineno
    for number in range(first, first + 40):
        if linecache.getline(threading.__file__, number).strip() == "self.run()":
            return number
    return first


threading._raddle_run_line = find_run_line()
linecache.clearcache()
