import sys, threading
from show import show
events = []
def tracer(frame, event, arg):
    if frame.f_code.co_name in ("traced", "inner"):
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
        return tracer
def inner(x):
    return x + 1
def traced():
    y = inner(1)
    try:
        {}[y]
    except KeyError:
        pass
    return y
def run(body):
    t = threading.Thread(target=body)
    t.start()
    t.join()
show("gettrace", lambda: (threading.gettrace(), threading.getprofile()))
threading.settrace(tracer)
run(traced)
show("gettrace", lambda: threading.gettrace() is tracer)
threading.settrace(None)
print(events)
events.clear()
run(traced)
print(events)
sys.settrace(tracer)
traced()
run(traced)
sys.settrace(None)
print(events)
events.clear()
def profiler(frame, event, arg):
    if frame.f_code.co_name in ("traced", "inner"):
        events.append((frame.f_code.co_name, event))
threading.setprofile(profiler)
run(traced)
threading.setprofile(None)
print(events)
events.clear()
sys.setprofile(profiler)
traced()
sys.setprofile(None)
print(events)
show("settrace wrong", lambda: threading.settrace())
events.clear()
def opcodes(frame, event, arg):
    if frame.f_code.co_name != "inner": return
    frame.f_trace_opcodes = True
    if event != "opcode": events.append(event)
    return opcodes
sys.settrace(opcodes)
inner(3)
sys.settrace(None)
print(events)
