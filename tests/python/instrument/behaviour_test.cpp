// Instrumented code does what it did before: results, exceptions, tracebacks with their carets, line numbers.
#include <string>

#include <doctest/doctest.h>

#include "recorder.h"

using namespace raddle::python;
using namespace raddle::python::test;

namespace {

/// Runs the source plain, instrumented without a sink and with one; `out` and the traceback must be the same.
void same(const std::string& source) {
  INFO(source);
  Ref plain = globals_after(""), silent = globals_after(""), watched = globals_after("");
  std::string failure = run_plain(source, plain.get());
  Recorder recorder;
  CHECK(run(source, silent.get(), nullptr) == failure);
  CHECK(run(source, watched.get(), &recorder) == failure);
  std::string out = text_of(plain.get(), "out");
  CHECK(text_of(silent.get(), "out") == out);
  CHECK(text_of(watched.get(), "out") == out);
}

/// A Python list literal with `count` elements.
std::string many(int count, const std::string& element) {
  std::string text = "[";
  for (int i = 0; i < count; ++i) text += element + std::to_string(i) + ", ";
  return text + "]";
}

}  // namespace

TEST_CASE("generators") {
  same(R"(
def inner():
    try:
        got = yield 1
        yield got
    except ValueError as error:
        yield str(error)
    finally:
        out.append('closed')
    return 'result'
def outer():
    out.append((yield from inner()))
    yield from [1, 2]
out = []
g = outer(); out += [next(g), g.send(5)]; out += list(g)
g = outer(); next(g); out.append(g.throw(ValueError('thrown'))); g.close()
g = outer(); out.append(g.gi_frame.f_lineno); next(g); out.append((g.gi_frame.f_lineno, g.gi_yieldfrom is not None))
out.append(list(x * y for x in range(3) for y in [1, 2] if x))
def early():
    yield from ()
    return 1
try: next(early())
except StopIteration as stop: out.append(stop.value)
)");
}

TEST_CASE("exceptions, finally and with") {
  same(R"(
out = []
class Manager:
    def __init__(self, swallow): self.swallow = swallow
    def __enter__(self): out.append('enter'); return self
    def __exit__(self, kind, value, trace): out.append((kind and kind.__name__, trace and trace.tb_lineno)); return self.swallow
def f(n):
    for i in range(3):
        try:
            try:
                if n == i: return 'returned'
                {}[n]
            except KeyError as error:
                if n == 1: continue
                raise ValueError(n) from error
            else: out.append('else')
            finally:
                out.append(('finally', i))
                if n == 7: break
        except* ValueError as group:
            out.append([str(e) for e in group.exceptions])
    with Manager(True) as a, Manager(False) as b:
        a.missing
    with Manager(False): pass
    return 'end'
for n in (0, 1, 2, 7): out.append(f(n))
def reraise():
    try: f.x
    except AttributeError:
        try: raise
        finally: out.append('cleanup')
try: reraise()
except AttributeError as e: out.append(e.__traceback__.tb_next.tb_lineno)
)");
}

TEST_CASE("async") {
  same(R"(
out = []
class Wait:
    def __await__(self):
        out.append('await'); got = yield 'suspended'; return got
class Context:
    async def __aenter__(self): await Wait(); return 'context'
    async def __aexit__(self, *args): await Wait(); return True
async def numbers():
    for i in range(2):
        await Wait()
        yield i
async def main():
    async with Context() as c:
        out.append(c)
        async for n in numbers(): out.append(n)
        out.append([n async for n in numbers()])
        raise ValueError
    return await Wait()
coroutine = main()
try:
    coroutine.send(None)
    while True: coroutine.send('sent')
except StopIteration as stop: out.append(stop.value)
)");
}

TEST_CASE("closures, class bodies and comprehensions") {
  same(R"(
out = []
def counter(start, *args, key=3, **kwargs):
    total = start
    def add(n=1):
        nonlocal total
        total += n
        return lambda: (total, args, key, kwargs, add)
    del start
    return add
add = counter(5, 6, key=7, z=8)
add(); out.append(add(2)()[:-1])
def outer():
    x = 'outer'
    class C:
        x = x
        y = [x for x in range(3)]
        def method(self): return __class__.__name__, x
        class Inner:
            def deeper(self): return super().__repr__()[:3], x
    class D(C):
        def __init_subclass__(cls, **k): out.append((cls.__name__, k))
        def method(self): return super().method()
    class E(D, option=1): pass
    out.append((C.x, C.y, E().method(), C.Inner().deeper()))
    del x
    try: C().method()
    except NameError as e: out.append(str(e))
outer()
out.append({a: {b for b in range(a)} for a in range(3)})
out.append([[i * j for j in range(i)] for i in range(4) if i % 2])
out.append([y := 1, y ** 2, *(z for z in 'ab')])
def unbound():
    print(later)
    later = 1
try: unbound()
except UnboundLocalError as e: out.append(str(e))
)");
}

TEST_CASE("match statements") {
  same(R"(
out = []
class Point:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x = x; self.y = y
def describe(value):
    match value:
        case 0 | 1: return 'small'
        case int(n) if n > 100: return 'big'
        case [Point(x=0, y=y), *rest]: return ('origin', y, rest)
        case Point(a, b): return (a, b)
        case {'k': [first, second], **rest}: return (first, second, rest)
        case (1, _, str() as s): return s
        case None: return 'none'
        case _: return 'other'
for v in (0, 200, 5, [Point(0, 3), 1, 2], Point(1, 2), {'k': (1, 2), 'z': 3}, {'k': 1}, (1, 2, 'three'), None): out.append(describe(v))
)");
}

TEST_CASE("more constants, names and jumps than fit into a byte") {
  std::string names = "out = []\nclass O: pass\no = O()\n";
  for (int i = 0; i < 400; ++i) {
    std::string n = std::to_string(i);
    names += "o.a" + n + " = g" + n + " = " + n + "\n";
  }
  names += "def f(o, n):\n    total = 0\n    for i in range(n):\n        if i == 1: continue\n        try:\n";
  for (int i = 0; i < 400; ++i) {
    std::string n = std::to_string(i);
    names += "            total += o.a" + n + " + g" + n + " * " + std::to_string(i + 1000) + "\n";
  }
  names +=
      "        except AttributeError: total -= 1\n        finally: out.append(total)\n    return total\n";
  names += "out.append(f(o, 3)); del o.a399; out.append(f(o, 2))\n";
  same(names);
  same("out = " + many(1000, "'s' * "));
  std::string deep = "1";
  for (int i = 0; i < 80; ++i) deep = "[" + deep + ", len(str(" + std::to_string(i) + "))]";
  same("out = " + deep);
  std::string jumps = "out = 0\nwhile out < 3:\n    if out % 2:\n";
  for (int i = 0; i < 9000; ++i) jumps += "        out\n";
  same(jumps + "        out += 2\n    else: out += 1\n");
}

TEST_CASE("tracebacks keep their lines and carets") {
  same("def f(d):\n    return (d['a'] +\n            d['b'].c.d[0](1)(x=2))\nf({'a': 1, 'b': 2})\n");
  same("class O: pass\no = O()\no.x = [1]\no.x[0] = o.x[7] + 1\n");
  same("def f():\n    yield 1 / 0\nlist(f())\n");
  same("a, b = [1, 2, 3]\n");
  same(
      "def f(x):\n    try:\n        x.y\n    except AttributeError as e:\n        raise ValueError('é', x) "
      "from e\n\u00e9 = f((1, 2))\n");
  same("for i in 5: pass\n");
  same("x = [1].append(2).z\n");
  same("assert [] or {}, 'nothing'\n");
  same("import os.nothing\n");
  same("del missing\n");
  same("with 5 as x: pass\n");
  same("def f(): f()\nf()\n");
}

TEST_CASE("tracing sees the same lines") {
  same(R"(
import sys
out = []
def trace(frame, event, arg):
    if frame.f_code.co_name != 'traced': return None
    out.append((event, frame.f_lineno))
    return trace
def traced(o, n):
    for i in range(n):
        if i % 2 and o.get(i):
            o[i] = 1
        else:
            o[i] = (
                i +
                n)
    try:
        o['missing']
    except KeyError:
        return [x for x in o]
sys.settrace(trace)
traced({}, 3)
sys.settrace(None)
)");
}

TEST_CASE("code objects keep what is visible of them") {
  same(R"(
import inspect
def f(a, /, b: int = 2, *c, d, e=5, **g) -> str:
    "text"
    def nested(): return a, d
    return nested, locals()
out = [f.__doc__, str(inspect.signature(f)), f.__code__.co_varnames, f.__code__.co_cellvars, f.__code__.co_names,
       f.__code__.co_flags, f.__code__.co_firstlineno, f.__code__.co_qualname, f(1, d=4)[0].__code__.co_freevars,
       sorted(f(1, d=4)[1]), sorted({line for *_, line in f.__code__.co_lines() if line})]
)");
}

TEST_CASE("recursion is as deep as before") {
  same(R"(
import sys
depth = 0
class O:
    def __getattr__(self, name): global depth; depth += 1; return getattr(self, name)
try: O().x
except RecursionError: pass
def down(n): return 0 if n == 0 else 1 + down(n - 1)
out = [depth, down(900)]
)");
}

TEST_CASE("a code object is instrumented once") {
  start_python();
  Ref code = Ref::take(Py_CompileString("x = 1", "model.py", Py_file_input));
  Ref once = Ref::take(instrument(code.get()));
  Ref twice = Ref::take(instrument(once.get()));
  CHECK(once.get() != code.get());
  CHECK(once.get() == twice.get());
  CHECK(is_instrumented(once.get()));
  CHECK(!is_instrumented(code.get()));
  CHECK(instrument(Py_None) == nullptr);
  CHECK(PyErr_ExceptionMatches(PyExc_TypeError));
  PyErr_Clear();
}

TEST_CASE("a function's code can be instrumented by itself") {
  Ref globals = globals_after(
      "def outer():\n  n = 1\n  def f():\n    nonlocal n\n    n += 1\n    return n\n  return f\nf = outer()");
  PyObject* f = PyDict_GetItemString(globals.get(), "f");
  Ref code = Ref::take(instrument(PyFunction_GET_CODE(f)));
  REQUIRE(code);
  CHECK(PyObject_SetAttrString(f, "__code__", code.get()) == 0);
  Recorder recorder;
  set_sink(&recorder);
  Ref result = Ref::take(PyObject_CallNoArgs(f));
  set_sink(nullptr);
  CHECK(PyLong_AsLong(result.get()) == 2);
  std::vector<std::string> expected = {"R n", "W n", "R n"};
  CHECK(joined(recorder.accesses) == joined(expected));
}

TEST_CASE("nothing leaks") {
  Ref globals = globals_after(
      "class O: pass\no = O()\no.x = 1\nl = [3]\nd = {'k': 1}\nimport heapq, operator, functools");
  const char* source = R"(
def f():
    n = 0
    def g():
        nonlocal n
        n += 1
    g(); o.x += 1; l[0] += 1; d['k'] += 1; getattr(o, 'x'); setattr(o, 'x', 2); l.append(1); l.pop()
    heapq.heappush(l, 5); l.remove(5); list(zip(l, d.items())); [x for x in l]; f'{l}'; l + l; 1 in l; d.get('z')
    m = l.append; m(1); del l[1:]; functools.partial(l.append, 1)(); l.pop(); operator.itemgetter(0)(l)
    operator.attrgetter('x')(o); (lambda *a, **k: 0)(*l, **d); match_it(o); o.__dict__['x']; a, *b = l
    try: l['x']
    except TypeError: pass
def match_it(v):
    match v:
        case O(x=2): pass
for i in range(20): f()
)";
  Recorder recorder;
  // The same code twice: the first time fills caches.
  Py_ssize_t blocks[4];
  for (Py_ssize_t& count : blocks) {
    CHECK(run(source, globals.get(), &recorder) == "");
    PyGC_Collect();
    CHECK(run_plain("import sys\nblocks = sys.getallocatedblocks()", globals.get()) == "");
    count = PyLong_AsSsize_t(PyDict_GetItemString(globals.get(), "blocks"));
  }
  CHECK(blocks[3] - blocks[2] < 20);  // each statement runs 20 times
}

TEST_CASE("code that a program changes with replace() still finds its operands") {
  same(R"(
import types
def f(o, k): o.items[k] = o.items[0]; return o.items
class O: items = [1, 2]
code = f.__code__.replace(co_freevars=('extra',), co_code=bytes([149, 1]) + f.__code__.co_code)  # COPY_FREE_VARS
out = types.FunctionType(code, globals(), 'f', None, (types.CellType(5),))(O, 1)
)");
}
