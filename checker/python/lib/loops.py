"""Loops of asyncio. Other threads hand callbacks to a loop under a lock, and it waits for them on a condition: both are
operations of the model. What a loop and its tasks do among themselves is one thread's business."""
import _raddle


class Letterbox:
    """What other threads have handed to a loop. The loop looks into it each time it looks for what is ready."""

    def __init__(self, loop):
        import threading
        self.loop = loop
        self.changed = threading.Condition()
        _raddle.call_primitive(self.changed, "the asyncio loop")
        self.handles = []

    def put(self, handle):
        with self.changed:
            self.handles.append(handle)
            self.changed.notify_all()

    def take(self, timeout):
        """Waits for that long, or for ever, if there is nothing."""
        with self.changed:
            if not self.handles and (timeout is None or timeout > 0):
                self.changed.wait(timeout)
            self.loop._ready.extend(self.handles)
            self.handles.clear()


def waits_for_others(selector, loop):
    """For somebody outside, that is: for more than the pipe through which a loop is woken, or for signals."""
    return len(selector.get_map()) > 1 or bool(getattr(loop, "_signal_handlers", None))


def watch_selectors(module):
    import time

    def select(self, timeout=None):
        letters = getattr(self, "letters", None)
        if letters is not None:
            alone = not waits_for_others(self, letters.loop)
            letters.take(timeout if alone else 0)
            if alone or letters.loop._ready:
                timeout = 0
        waits = timeout is None or timeout > 0
        if waits:
            _raddle.uncontrolled("selectors.select")
        ready = plain_select(self, timeout)
        if timeout and not ready and letters is not None:
            time.sleep(timeout)  # so long it has taken
        return ready

    plain_select = module.EpollSelector.select
    module.EpollSelector.select = select
    module.EpollSelector._selector_cls = module.EpollSelector._selector_cls.__wrapped__


def watch_loops(module):
    import threading

    def make_pipe(self):
        plain_make_pipe(self)
        self._selector.letters = Letterbox(self)

    def call_soon_threadsafe(self, callback, *arguments, context=None):
        letters = getattr(self._selector, "letters", None)
        if letters is None:
            return plain_call(self, callback, *arguments, context=context)
        self._check_closed()
        if self._thread_id == threading.get_ident():
            return self._call_soon(callback, arguments, context)
        handle = module.events.Handle(callback, arguments, self, context)
        letters.put(handle)
        return handle

    def call_soon(self, callback, *arguments, context=None):
        if self._thread_id not in (None, threading.get_ident()):
            _raddle.uncontrolled("call_soon of another thread's loop")
        return plain_call_soon(self, callback, *arguments, context=context)

    loop = module.BaseSelectorEventLoop
    plain_make_pipe, plain_call, plain_call_soon = loop._make_self_pipe, loop.call_soon_threadsafe, loop.call_soon
    loop._make_self_pipe, loop.call_soon_threadsafe, loop.call_soon = make_pipe, call_soon_threadsafe, call_soon
