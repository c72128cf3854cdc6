import sys
print("before")
sys.stdout.flush()
def show(label, f):
    try: result = f()
    except Exception as e: result = f"{type(e).__name__}: {e}"
    sys.stderr.write(f"{label}: {result}\n")
with sys.stdout: print("inside")
show("closed", lambda: sys.stdout.closed)
show("print", lambda: print("x"))
show("write", lambda: sys.stdout.write("x"))
show("flush", lambda: sys.stdout.flush())
show("close again", lambda: sys.stdout.close())
show("fileno", lambda: sys.stdout.fileno())
show("isatty", lambda: sys.stdout.isatty())
show("detach", lambda: sys.stderr.encoding)
