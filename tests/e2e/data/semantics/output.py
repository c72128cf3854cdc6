import io, logging, sys, contextlib, warnings
from show import show

print()
print(1, 2, "three", None, sep="-", end="|\n")
print("a", end="")
print("b", flush=True)
print("c\n", "d", sep="")
print(*[1, 2], sep="")
print("e", file=sys.stderr)
print("f", file=None)
show("sep", lambda: print(1, 2, sep=3))
show("end", lambda: print(1, end=3))
show("file", lambda: print(1, file=3))
show("unknown", lambda: print(1, wrong=3))
show("sep none", lambda: print(1, 2, sep=None, end=None))
class Loud:
    def __str__(self): return "loud"
class Bad:
    def __str__(self): raise KeyError("str")
class Wrong:
    def __str__(self): return 3
print(Loud(), [Loud] != [])
show("bad", lambda: print("before", Bad(), "after"))
show("wrong", lambda: print("before", Wrong()))
class Nested:
    def __str__(self):
        print("inner")
        return "outer"
print("nested", Nested())
show("write", lambda: sys.stdout.write("text\n"))
show("write nothing", lambda: sys.stdout.write(""))
show("write bytes", lambda: sys.stdout.write(b"x"))
show("write number", lambda: sys.stdout.write(3))
show("write two", lambda: sys.stdout.write("a", "b"))
show("writelines", lambda: sys.stdout.writelines(["a\n", "b\n"]))
show("writelines wrong", lambda: sys.stdout.writelines(["c\n", 3]))
show("writelines string", lambda: sys.stdout.writelines("de\n"))
show("flush", sys.stdout.flush)
sys.stdout.flush()
show("buffer", lambda: sys.stdout.buffer.write(b"bytes\n"))
sys.stdout.flush()
show("buffer text", lambda: sys.stdout.buffer.write("x"))
show("fileno", lambda: (sys.stdout.fileno(), sys.stderr.fileno()))
show("isatty", sys.stdout.isatty)
show("kinds", lambda: (sys.stdout.readable(), sys.stdout.writable(), sys.stdout.seekable(), sys.stdout.closed, sys.stdout.mode, sys.stdout.name))
show("err kinds", lambda: (sys.stderr.readable(), sys.stderr.writable(), sys.stderr.closed, sys.stderr.mode, sys.stderr.name, sys.stderr.errors))
show("read", lambda: sys.stdout.read())
show("readline", lambda: sys.stdout.readline())
show("iterate", lambda: next(iter(sys.stdout)))
show("seek", lambda: sys.stdout.seek(0))
show("newlines", lambda: sys.stdout.newlines)
show("type", lambda: type(sys.stdout))
show("isinstance", lambda: (isinstance(sys.stdout, io.TextIOBase), isinstance(sys.stdout, io.TextIOWrapper), isinstance(sys.stdout, io.IOBase)))
show("attributes", lambda: (sys.stdout.line_buffering,))
show("missing", lambda: sys.stdout.nothing)
show("set attribute", lambda: (setattr(sys.stdout, "mine", 3), sys.stdout.mine))
show("hash", lambda: hash(sys.stdout) == hash(sys.stdout))
with contextlib.redirect_stdout(io.StringIO()) as text:
    print("caught")
    sys.stdout.write("too")
show("redirected", text.getvalue)
with contextlib.redirect_stderr(io.StringIO()) as text:
    print("caught", file=sys.stderr)
    warnings.warn("warned")
show("redirected", lambda: text.getvalue().splitlines()[0])
saved, sys.stdout = sys.stdout, None
print("nowhere")
sys.stdout = saved
del sys.stdout
try: print("nowhere")
except RuntimeError as error: sys.stderr.write(f"{error}\n")
sys.stdout = saved
print("surrogate", "\udc80".encode("utf-8", "surrogateescape"))
print("\udc80", file=sys.stderr)
print("ünïcödé ✓ \0 \t end")
show("doc", lambda: print.__doc__)
show("print", lambda: (print, print.__name__, print.__module__, print.__self__.__name__))
logging.basicConfig(format="%(levelname)s:%(name)s:%(threadName)s:%(message)s", level=logging.INFO)
logging.info("info %s", 3)
logging.debug("hidden")
logging.warning("warned")
logging.error("bad %d", "x")
try: 1 / 0
except ZeroDivisionError: logging.exception("caught")
log = logging.getLogger("mine.sub")
log.error("%(a)s", {"a": 1})
log.critical("end", stack_info=False)
show("level", lambda: (log.level, log.getEffectiveLevel(), log.isEnabledFor(10), log.parent.name, log.handlers))
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("%(threadName)s %(name)s %(message)s"))
log.addHandler(handler)
log.propagate = False
log.warning("handled")
class Counting(logging.Handler):
    count = 0
    def emit(self, record): Counting.count += 1
log.addHandler(Counting())
log.info("one")
show("count", lambda: Counting.count)
show("handler", lambda: (handler, log, logging.root))
show("lock", lambda: handler.lock)
show("disable", lambda: (logging.disable(logging.ERROR), log.isEnabledFor(logging.WARNING)))
sys.stderr.write("end of stderr\n")
