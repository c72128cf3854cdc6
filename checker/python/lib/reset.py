"""The rarer parts of putting the standard library back to how a fresh process finds it. What is checked in every
execution is in reset.cpp."""
import logging
import os
import time
import warnings
import weakref

import _raddle

environment = dict(os.environ)
loggers = dict(logging.root.manager.loggerDict)
handler_list = list(logging._handlerList)
level_names = dict(logging._levelToName), dict(logging._nameToLevel)
plain_chdir = os.chdir
plain_fchdir = os.fchdir


def reset_environment():
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    for name, value in environment.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    time.tzset()


def reset_logging():
    root = logging.root
    root.manager.loggerDict.clear()
    root.manager.loggerDict.update(loggers)
    root.manager.disable = 0
    root.manager.loggerClass = root.manager.logRecordFactory = None
    for logger in [root, *loggers.values()]:
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.filters.clear()
            logger.level = logging.NOTSET
            logger.propagate = True
            logger.disabled = False
            logger._cache.clear()
    root.level = logging.WARNING
    logging._handlers.clear()
    logging._handlerList[:] = handler_list
    for names, saved in zip((logging._levelToName, logging._nameToLevel), level_names):
        if names != saved:
            names.clear()
            names.update(saved)


def reset_warnings(filters):
    warnings.filters[:] = filters
    warnings._filters_mutated()


def reset_finalizers():
    """weakref.finalize: what is still registered has been dealt with at the end of the execution."""
    weakref.finalize._registry.clear()
    weakref.finalize._registered_with_atexit = weakref.finalize._shutdown = False


def chdir(path):
    plain_chdir(path)
    _raddle.folder_changed()


def fchdir(descriptor):
    plain_fchdir(descriptor)
    _raddle.folder_changed()


def number_executor():
    """ThreadPoolExecutor._counter: counts the executors that a thread makes."""
    return _raddle.count_executor()


os.chdir, os.fchdir = chdir, fchdir
import concurrent.futures  # noqa: E402

concurrent.futures.ThreadPoolExecutor._counter = staticmethod(number_executor)
