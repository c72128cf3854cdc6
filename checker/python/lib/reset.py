"""Puts the standard library back to the state in which a fresh process finds it."""
import concurrent.futures
import concurrent.futures.thread as futures_thread
import itertools
import logging
import os
import random
import sys
import threading
import weakref

environment = dict(os.environ)
atexits = list(threading._threading_atexits)
recursion_limit = sys.getrecursionlimit()
switch_interval = sys.getswitchinterval()
root = logging.root
loggers = dict(root.manager.loggerDict)
handler_list = list(logging._handlerList)
random.seed(0)
random_state = random.getstate()
folder = None


def begin(here):
    """A new program: executions begin in the folder `here`."""
    global folder
    folder = here


def reset():
    thread = threading
    thread._active.clear()
    thread._limbo.clear()
    thread._shutdown_locks.clear()
    thread._dangling.clear()
    thread._threading_atexits[:] = atexits
    thread._counter = itertools.count(1).__next__
    thread._SHUTTING_DOWN = False
    thread.excepthook = thread.__excepthook__
    thread._trace_hook = thread._profile_hook = None
    if futures_thread._shutdown or futures_thread._threads_queues:
        futures_thread._threads_queues = weakref.WeakKeyDictionary()
        futures_thread._shutdown = False
    concurrent.futures.ThreadPoolExecutor._counter = itertools.count().__next__
    if root.handlers or root.level != logging.WARNING or len(logging._handlerList) != len(handler_list) \
            or len(root.manager.loggerDict) != len(loggers) or root.manager.disable:
        reset_logging()


def reset_logging():
    root.handlers.clear()
    root.filters.clear()
    root.setLevel(logging.WARNING)
    root.disabled = False
    root.manager.disable = 0
    root.manager.loggerDict.clear()
    root.manager.loggerDict.update(loggers)
    for logger in loggers.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.filters.clear()
            logger.level = logging.NOTSET
            logger.propagate = True
            logger.disabled = False
            logger._cache.clear()
    logging._handlers.clear()
    logging._handlerList[:] = handler_list
    root._cache.clear()
