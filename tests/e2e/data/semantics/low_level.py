import _thread, sys, threading, time
from show import show

lock = _thread.allocate_lock()
def wait(body, *a, **k):
    done = _thread.allocate_lock()
    done.acquire()
    def run(*a, **k):
        try: body(*a, **k)
        finally: done.release()
    ident = _thread.start_new_thread(run, a, k)
    done.acquire()
    return type(ident)
show("start", lambda: wait(lambda *a, **k: print("in", a, k), 1, 2, x=3))
show("start_new", lambda: _thread.start_new is not None)
show("not callable", lambda: _thread.start_new_thread(3, ()))
show("not tuple", lambda: _thread.start_new_thread(print, [1]))
show("not dict", lambda: _thread.start_new_thread(print, (), 3))
show("nothing", lambda: _thread.start_new_thread())
show("four", lambda: _thread.start_new_thread(print, (), {}, 4))
show("keywords", lambda: _thread.start_new_thread(function=print, args=()))
show("exit", lambda: _thread.exit())
show("exit_thread", lambda: _thread.exit_thread())
show("exit argument", lambda: _thread.exit(1))
show("error", lambda: _thread.error)
show("TIMEOUT_MAX", lambda: _thread.TIMEOUT_MAX == threading.TIMEOUT_MAX)
show("names", lambda: sorted(n for n in dir(_thread) if not n.startswith("__")))
show("get_ident", lambda: (_thread.get_ident() == threading.get_ident(), type(_thread.get_ident())))
show("count", _thread._count)
show("stack_size", _thread.stack_size)
show("local", lambda: _thread._local is threading.local)
show("ExceptHookArgs", lambda: _thread._ExceptHookArgs)
show("dummy", lambda: wait(lambda: show("dummy", lambda: (type(threading.current_thread()).__name__, threading.current_thread().daemon,
                                                       threading.current_thread().name.startswith("Dummy-"), threading.current_thread().is_alive()))))
show("main still", lambda: threading.current_thread())
show("interrupt_main wrong", lambda: _thread.interrupt_main("x"))
show("interrupt_main range", lambda: _thread.interrupt_main(1000))
show("interrupt_main negative", lambda: _thread.interrupt_main(-1))
for function in (_thread.start_new_thread, _thread.allocate_lock, _thread.get_ident, _thread.exit, _thread.stack_size, _thread._count,
                 _thread.interrupt_main, _thread._set_sentinel, _thread.get_native_id, time.sleep, time.monotonic):
    show("name", lambda: (function.__name__, function.__module__, function.__doc__))
def interrupted():
    try:
        _thread.interrupt_main()
        for _ in range(1000): pass
        print("not interrupted")
    except KeyboardInterrupt as e:
        print("interrupted", e)
interrupted()
