"""Signals, as far as the process is not raddle's own.

Handlers run in main. Those for the signals that end raddle are only kept here: when the program sends itself one, its
handler is called; one from outside ends the check.
"""
import _signal
import _thread
import operator
import os
import posix
import signal
import sys

import _raddle

OWN = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
own = dict(OWN)
changed = {}  # number -> the handler that was there
plain_signal, plain_getsignal = _signal.signal, _signal.getsignal
plain_raise_signal, plain_kill = _signal.raise_signal, os.kill
KINDS = signal.SIG_IGN, signal.SIG_DFL


def set_handler(signalnum, handler, /):
    """_signal.signal"""
    if not _raddle.is_main_thread():
        raise ValueError("signal only works in main thread of the main interpreter")
    _raddle.signals_changed()
    if signalnum in own:
        if not callable(handler) and handler not in KINDS:
            raise TypeError("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
        before, own[signalnum] = own[signalnum], handler
        return before
    before = plain_signal(signalnum, handler)
    changed.setdefault(signalnum, before)
    return before


def get_handler(signalnum, /):
    """_signal.getsignal"""
    return own[signalnum] if signalnum in own else plain_getsignal(signalnum)


def deliver(number, frame):
    """The program has sent itself a signal of raddle's own. Is it dealt with?"""
    handler = own[number]
    if handler is None or handler == signal.SIG_DFL:
        return False
    if handler == signal.SIG_IGN:
        return True
    if not _raddle.is_main_thread():
        _raddle.uncontrolled("a signal to main")
        return True
    handler(int(number), frame)
    return True


def raise_signal(signalnum, /):
    """_signal.raise_signal"""
    if signalnum in own and deliver(signalnum, sys._getframe(1)):
        return
    check_thread(signalnum)
    plain_raise_signal(signalnum)


def kill(pid, signal, /):
    """os.kill"""
    if pid == os.getpid():
        if signal in own and deliver(signal, sys._getframe(1)):
            return
        check_thread(signal)
    plain_kill(pid, signal)


def catch_interrupts():
    """SIGINT raises KeyboardInterrupt, now that a debugger asks for something."""
    plain_signal(signal.SIGINT, signal.default_int_handler)


def check_thread(number):
    """Handlers run in the thread that is running, which should be main."""
    if not _raddle.is_main_thread() and callable(plain_getsignal(number)):
        _raddle.uncontrolled("a signal to main")


def interrupt_main(signum=signal.SIGINT, /):
    """_thread.interrupt_main"""
    number = operator.index(signum)
    if not 1 <= number < signal.NSIG:
        raise ValueError("signal number out of range")
    handler = get_handler(number)
    if callable(handler):
        if _raddle.is_main_thread():
            handler(int(number), sys._getframe(1))
        else:
            _raddle.uncontrolled("_thread.interrupt_main")


def reset():
    """As a fresh process has them."""
    own.clear()
    own.update(OWN)
    for number, handler in changed.items():
        plain_signal(number, signal.SIG_DFL if handler is None else handler)
    changed.clear()
    signal.alarm(0)


plain_interrupt_main = _thread.interrupt_main
_signal.signal, _signal.getsignal, _signal.raise_signal = set_handler, get_handler, raise_signal
signal.raise_signal = raise_signal
os.kill = posix.kill = kill
_thread.interrupt_main = interrupt_main
interrupt_main.__module__, interrupt_main.__doc__ = "_thread", plain_interrupt_main.__doc__
