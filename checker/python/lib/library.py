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


def join(thread, timeout):
    """Thread.join for threads that we did not start: the main thread, and what `_thread` started directly."""
    if thread is threading.current_thread():
        raise RuntimeError("cannot join current thread")
    if timeout is None:
        thread._wait_for_tstate_lock()
    else:
        thread._wait_for_tstate_lock(timeout=max(timeout, 0))


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
