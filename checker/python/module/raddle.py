"""What a program can say to raddle.

`raddle check` brings this module along. Elsewhere it is an ordinary module, for runs of the same program under plain
python3: a choice is a random one, a note is nothing, an invariant is checked where it is declared, final functions run
when the interpreter exits, and atomic blocks exclude one another only.
"""
import atexit
import operator
import random
import threading

try:
    import _raddle
except ImportError:
    _raddle = None

__all__ = ["atomic", "choose", "final", "invariant", "note"]

_MOST = 65534


class _Atomic:
    def __enter__(self):
        _raddle.begin_atomic()

    def __exit__(self, *exception):
        _raddle.end_atomic()


_ATOMIC = threading.RLock() if _raddle is None else _Atomic()


def atomic():
    """For `with`: what the block does to variables and containers is one step, which no other thread comes between."""
    return _ATOMIC


def choose(n):
    """A number from 0 to n - 1. raddle explores every one of them."""
    try:
        number = operator.index(n)
    except TypeError:
        number = 0
    if not 1 <= number <= _MOST:
        raise ValueError(f"raddle.choose: n must be a whole number from 1 to {_MOST}, not {n!r}")
    return random.randrange(number) if _raddle is None else _raddle.choose(number)


def note(text):
    """Puts a line of text into the traces."""
    if not isinstance(text, str):
        raise TypeError(f"raddle.note: text must be a str, not {type(text).__name__}")
    if _raddle is not None:
        _raddle.note(text)


def final(function):
    """Has `function` called at the end, when all threads but daemons have ended. Returns it: can be a decorator."""
    if not callable(function):
        raise TypeError(f"raddle.final: function must be callable, not {type(function).__name__}")
    if _raddle is not None:
        _raddle.final(function)
    elif threading.current_thread().daemon:
        raise RuntimeError("raddle.final: called in a daemon thread, which may be killed before the end")
    else:
        atexit.register(function)
    return function


def invariant(function):
    """Says that `function`, which only looks, returns None or something true at every moment from now on.

    Returns it: can be a decorator.
    """
    if not callable(function):
        raise TypeError(f"raddle.invariant: function must be callable, not {type(function).__name__}")
    if _raddle is not None:
        _raddle.invariant(function)
    elif (result := function()) is not None and not result:
        raise AssertionError("raddle.invariant: it does not hold to begin with")
    return function
