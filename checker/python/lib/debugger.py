"""A debugger in the middle of an execution: raddle replay --break."""
import bdb
import importlib
import io
import pdb
import sys
import traceback

import _raddle
import _raddle_importer as importer


def process_stream(descriptor, buffer, mode):
    return io.TextIOWrapper(buffer(io.FileIO(descriptor, mode, closefd=False)), "utf-8", "backslashreplace",
                            line_buffering=True)


STREAMS = (process_stream(0, io.BufferedReader, "r"), process_stream(1, io.BufferedWriter, "w"),
           process_stream(2, io.BufferedWriter, "w"))


class Aside:
    """While it is entered, what the thread does is not the program's, and the standard streams are the process's."""

    def __init__(self):
        self.programs = []

    def __enter__(self):
        _raddle.enter_aside()
        self.programs.append((sys.stdin, sys.stdout, sys.stderr))
        sys.stdin, sys.stdout, sys.stderr = STREAMS

    def __exit__(self, *exception):
        sys.stdin, sys.stdout, sys.stderr = self.programs.pop()
        _raddle.leave_aside()


aside = Aside()


def leave(error=""):
    """Ends the process."""
    for stream in STREAMS[1:]:
        try:
            stream.flush()
        except OSError:
            pass
    _raddle.leave_debugger(error)


class Debugger(pdb.Pdb):
    """pdb that begins at once, in the middle of a line: pdb.set_trace() waits for the next one."""

    def __init__(self):
        super().__init__(nosigint=True)

    def begin(self, frame):
        self.reset()
        caller = frame
        while caller:
            caller.f_trace = self.trace_dispatch
            self.botframe = caller
            caller = caller.f_back
        self.set_step()
        self.interaction(frame, None)
        if self.quitting:
            leave()
        if self.breaks or self.stoplineno != -1:
            sys.settrace(self.trace_dispatch)

    def trace_dispatch(self, frame, event, arg):
        with aside:
            try:
                return super().trace_dispatch(frame, event, arg)
            except bdb.BdbQuit:
                leave()

    def interaction(self, frame, traceback):
        _raddle.catch_interrupts(True)
        try:
            super().interaction(frame, traceback)
        finally:
            _raddle.catch_interrupts(False)

    def do_run(self, arg):
        """run
        Not here: q, and replay the trace again."""
        self.error("the replay cannot begin again from here: q, and raddle replay")

    do_restart = do_run


def stop():
    """pdb.set_trace"""
    Debugger().begin(sys._getframe(1))


def find(name):
    """What breakpoint() calls. `name`: PYTHONBREAKPOINT."""
    if sys.breakpointhook is not sys.__breakpointhook__:
        return sys.breakpointhook
    if name in ("", "pdb.set_trace"):
        return stop
    module, _, function = name.rpartition(".")
    is_users, importer.is_users = importer.is_users, lambda name, path: False
    try:
        return getattr(importlib.import_module(module or "builtins"), function)
    except Exception as error:
        leave(f"PYTHONBREAKPOINT={name} cannot be used: {error}")
    finally:
        importer.is_users = is_users


def begin(name):
    """The debugger to call."""
    aside.__enter__()
    return find(name)


def watched(trace):
    """The trace function of a debugger that knows nothing of raddle."""

    def traced(frame, event, arg):
        with aside:
            try:
                further = trace(frame, event, arg)
            except bdb.BdbQuit:
                leave()
        return watched(further) if further is not None else None

    return traced


def end(raised, tracer):
    """After the call: what it raised, and with what it traces the thread from now on. Returns what does so."""
    if isinstance(raised, bdb.BdbQuit):
        leave()
    if raised is not None:
        leave("the debugger has failed:\n" + "".join(traceback.format_exception(raised)).rstrip())
    if tracer is not None and not isinstance(getattr(tracer, "__self__", None), Debugger):
        frame = sys._getframe(1)
        while frame:
            if frame.f_trace is not None:
                frame.f_trace = watched(frame.f_trace)
            frame = frame.f_back
        tracer = watched(tracer)
    aside.__exit__()
    return tracer
