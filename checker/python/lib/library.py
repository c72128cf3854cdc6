"""Prepares the standard library, once per process."""
import sys

sys.modules["_queue"] = None  # queue.py then uses its own implementation of SimpleQueue, in Python
import concurrent.futures.thread
import linecache
import logging
import queue
import random
import threading
import traceback
import weakref

import _raddle


def join(thread, timeout):
    """Thread.join for threads that we did not start: the main thread, and what `_thread` started directly."""
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


create_lock = logging.Handler.createLock
logging.Handler.createLock = make_handler_lock
_raddle.make_visible(concurrent.futures.thread._global_shutdown_lock)
plain_seed = random.Random.seed
random.Random.seed = seed
threading._raddle_join = join
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
