// What C code finds within containers: a list in a list, values of a dict, the items that a mapped function is given.
//
// Each row is a program with a thread that changes something inside and a thread that prints an expression, which looks at
// it in one step.
#include <doctest/doctest.h>

#include "support.h"

using raddle::python::Uncontrolled;
using namespace raddle::python::test;

namespace {

const std::string kSetup = R"(
import bisect, collections, copy, dataclasses, functools, itertools, json, marshal, operator, pickle, threading
n = [[0], [1]]
d = {'a': [0], 'b': [1]}
t = ([0], [1])
q = collections.deque([[0], [1]])
deep = [{'k': ([[0]],)}]
m = [{'k': 1}, {'k': 2}]
key = [0]
class P:
    def __init__(self): self.x, self.l = 1, [1]
class S:
    __slots__ = ('x',)
    def __init__(self): self.x = 1
@dataclasses.dataclass
class D:
    x: int = 1
p, s, c = P(), S(), D()
ps = [p]
)";

std::string program(const std::string& writer, const std::string& reader) {
  return kSetup + "def one():\n    " + writer + "\ndef two():\n    print(" + reader + ")\n" +
         "threads = [threading.Thread(target=f) for f in (one, two)]\n"
         "for x in threads: x.start()\nfor x in threads: x.join()\n";
}

// Both orders are explored, once each, in both atomicity modes, and give different texts.
void both_orders(const std::string& writer, std::initializer_list<std::string> readers) {
  for (const std::string& reader : readers) {
    CAPTURE(reader);
    for (const bool gil : {false, true}) {
      const Seen seen = run(program(writer, reader), {.gil = gil});
      CHECK(seen.problems() == "");
      CHECK(seen.executions == 2);
      CHECK(seen.outputs.size() == 2);
    }
  }
}

// Nothing relates the two.
void one_order(const std::string& writer, std::initializer_list<std::string> readers) {
  for (const std::string& reader : readers) {
    CAPTURE(reader);
    const Seen seen = run(program(writer, reader));
    CHECK(seen.problems() == "");
    CHECK(seen.executions == 1);
  }
}

}  // namespace

TEST_CASE("texts and comparisons look into all that is within") {
  both_orders("n[0].append(5)", {"n == [[0], [1]]",
                                 "n != [[0], [1]]",
                                 "n < [[0, 1]]",
                                 "[[0], [1]] == n",
                                 "str(n)",
                                 "repr(n)",
                                 "f'{n}'",
                                 "'%s' % n",
                                 "'%s' % (n,)",
                                 "'{}'.format(n)",
                                 "format(n)",
                                 "n in [[[0], [1]], 3]",
                                 "(n,) == ([[0], [1]],)",
                                 "n.__eq__([[0], [1]])",
                                 "operator.eq(n, [[0], [1]])",
                                 "[0] in n",
                                 "n.count([0])",

                                 "sum(n, [])",
                                 "json.dumps(n)",
                                 "pickle.dumps(n)",
                                 "marshal.dumps(n)",
                                 "bisect.bisect_left(n, [0, 3])",
                                 "n"});
  both_orders("d['a'].append(5)", {"str(d)", "d == {'a': [0], 'b': [1]}", "json.dumps(d)", "str(d.values())",
                                   "[0] in d.values()", "('a', [0]) in d.items()", "pickle.dumps(d)"});
  both_orders("t[0].append(5)",
              {"str(t)", "t == ([0], [1])", "f'{t}'", "sum(t, [])", "[0] in t", "pickle.dumps(t)"});
  both_orders("q[0].append(5)", {"str(q)", "q == collections.deque([[0], [1]])", "[0] in q"});
  both_orders("deep[0]['k'][0][0].append(5)", {"str(deep)", "json.dumps(deep)", "deep == [{'k': ([[0]],)}]"});
  both_orders("m[0]['k'] = 9", {"str(m)", "m == [{'k': 1}, {'k': 2}]"});
}

TEST_CASE("what a function in C is applied to is read") {
  both_orders("n[0].append(5)", {"sum(map(sum, n))",
                                 "sum(map(len, n))",
                                 "sorted(map(len, n))",
                                 "list(map(tuple, n))",
                                 "[x for x in map(tuple, n)]",
                                 "next(map(len, n))",
                                 "[*map(str, n)]",
                                 "' '.join(map(str, n))",
                                 "tuple(map(sorted, n))",
                                 "set(map(tuple, n))",
                                 "sorted(n, key=len)[0] is n[1]",
                                 "functools.reduce(operator.add, n)",
                                 "list(itertools.starmap(operator.add, zip(n, n)))",
                                 "list(itertools.accumulate(n, operator.add))[1]",
                                 "list(itertools.chain.from_iterable(n))",
                                 "list(itertools.chain.from_iterable(map(reversed, n)))",
                                 "list(map(operator.itemgetter(-1), n))",
                                 "list(map(operator.methodcaller('__len__'), n))",
                                 "list(enumerate(map(len, n)))",
                                 "list(map(functools.partial(sorted, reverse=True), n))",
                                 "list(map(str, itertools.chain(n)))"});
  both_orders("n[0].clear()",
              {"all(n)", "any(n[:1])", "len(list(filter(len, n)))", "len(list(filter(None, n)))"});
  both_orders("d['a'].append(5)",
              {"list(map(len, d.values()))", "sum(map(sum, d.values()))",
               "max(map(len, map(d.get, ['a', 'b'])))", "list(itertools.chain.from_iterable(d.values()))"});
  both_orders("t[0].append(5)", {"sum(map(len, t))", "list(map(len, t))"});
  both_orders("m[0]['k'] = 9",
              {"sorted(m, key=operator.itemgetter('k'))[0] is m[1]", "max(map(dict.get, m, ['k', 'k']))",
               "sum(map(operator.itemgetter('k'), m))"});
  both_orders("d['a'] = [7]", {"list(map(d.get, ['a']))", "sorted(d, key=d.get)", "max(d, key=d.get)"});
  both_orders("p.x = 2", {"list(map(operator.attrgetter('x'), ps))"});
}

TEST_CASE("copies and pickles take all attributes") {
  both_orders("p.x = 2", {"copy.copy(p).x", "pickle.dumps(p)", "pickle.dumps([p])", "p.__reduce_ex__(2)[2]",
                          "p.__getstate__()"});
  both_orders("s.x = 2", {"copy.copy(s).x", "pickle.dumps(s)"});
  both_orders("c.x = 2", {"copy.copy(c).x", "dataclasses.replace(c).x", "dataclasses.astuple(c)"});
  both_orders("c.x = 2", {"str(c)", "f'{c}'", "c == D()", "c.__repr__()"});
  both_orders("p.l.append(2)", {"pickle.dumps(p)", "str(p.__dict__)", "p.__dict__ == {'x': 1, 'l': [1]}"});
}

TEST_CASE("what does not look inside is not related to what happens there") {
  one_order("n[0].append(5)",
            {"len(n)", "len(list(n))", "len(n + [])", "len(n.copy())", "5 in n", "n.count(5)", "bool(n)",
             "n == []", "list(map(id, n)) == 0", "len(list(zip(n, n)))", "len(tuple(reversed(n)))",
             "len(list(enumerate(n)))", "len([*n])", "n[1] == [1]", "str(n[1])",
             "len(list(itertools.chain(n)))", "sum(map(len, n[1:]))", "len(copy.copy(n))"});
  one_order("d['a'].append(5)", {"len(d)", "'a' in d", "5 in d.values()", "list(d)", "sorted(d)",
                                 "len(dict(d))", "d == {}", "list(map(d.get, 'x'))"});
  one_order("t[0].append(5)", {"len(t)", "t == 3", "5 in t", "str(t[1])"});
  one_order("p.l.append(2)", {"p.x", "copy.copy(p).x"});
}

TEST_CASE("a look at everything is one step, and part of a loop is not") {
  const std::string pairs = "n[0].append(5)\n    n[1].append(5)";
  CHECK(run(program(pairs, "sum(map(len, n))")).outputs.size() == 3);
  CHECK(run(program(pairs, "[len(x) for x in n]")).outputs.size() == 4);
  run_against_brute_force(program(pairs, "n, sum(map(sum, n))"));
  run_against_brute_force(program(pairs, "n == [[0, 5], [1, 5]], [0] in n"), true, true);
  run_against_brute_force(program("d['a'].append(2)\n    d['c'] = []", "d, list(map(len, d.values()))"));
  run_against_brute_force(program("p.x = 2\n    p.l.append(3)", "pickle.dumps(p), copy.copy(p).x"));
}

TEST_CASE("an invariant notices changes of what it looks into") {
  const auto broken = [](const std::string& invariant) {
    return run("import threading, raddle, json\nn = [[0], [1]]\nd = {'a': [0]}\nraddle.invariant(lambda: " +
               invariant +
               ")\ndef f():\n    n[0].append(5)\n    d['a'].append(5)\n"
               "t = threading.Thread(target=f)\nt.start()\nt.join()\n")
        .fails("invariant does not hold");
  };
  for (const std::string text : {"sum(map(sum, n)) < 3", "n == [[0], [1]]", "'5' not in str(n)",
                                 "'5' not in json.dumps(d)", "max(map(len, d.values())) < 2"}) {
    CAPTURE(text);
    CHECK(broken(text));
  }
  for (const std::string text : {"sum(map(sum, n)) < 30", "len(n) == 2", "'6' not in str(n)"}) {
    CAPTURE(text);
    CHECK_FALSE(broken(text));
  }
}

TEST_CASE("more than can be followed is partial control") {
  const auto uncontrolled = [](const std::string& size) {
    const auto model = load_text("import threading\nn = [[i] for i in range(" + size +
                                 ")]\ndef f(): n[0].append(1)\nt = threading.Thread(target=f)\n"
                                 "t.start()\nx = str(n)\nt.join()\n");
    CHECK(search(*model).executions == 2);
    std::string all;
    for (const Uncontrolled& u : model->uncontrolled()) all += u.what;
    return all;
  };
  CHECK(uncontrolled("30000") == "a look into too many objects at once");
  CHECK(uncontrolled("3000") == "");
}

TEST_CASE("what the library has made counts as no thread's, whoever uses it first") {
  const auto updates = [](const std::string& setup, const std::string& copy) {
    const std::string text = "import copy, dataclasses, functools, sys, threading\n" + setup +
                             "def f():\n    global p\n    q = " + copy +
                             "\n    q.x += 1\n    p = q\n"
                             "threads = [threading.Thread(target=f) for _ in '12']\n"
                             "for t in threads: t.start()\nfor t in threads: t.join()\nprint(p.x)\n";
    CAPTURE(text);
    const Seen seen = run_against_brute_force(text);
    CHECK(seen.outputs.size() == 2);
    CHECK(seen.executions == 4);
  };
  const std::string plain = "class P:\n    def __init__(self): self.x = 0\np = P()\n";
  updates(plain, "copy.copy(p)");
  updates(plain, "copy.deepcopy(p)");
  updates(plain, "sys.modules.get('x') or copy.copy(p)");
  updates(plain, "id(P) and copy.copy(p)");
  const std::string data = "@dataclasses.dataclass\nclass P:\n    x: int = 0\np = P()\n";
  updates(data, "dataclasses.replace(p)");
  updates(data, "P(**dataclasses.asdict(p))");
}

TEST_CASE("a look that others change meanwhile is told in full") {
  for (const char* reader : {"list(itertools.chain.from_iterable(n))", "str(n)", "sum(n, [])"}) {
    CAPTURE(reader);
    const Seen seen = run_against_brute_force(
        kSetup + "def one(): print(" + reader + ")\ndef two(): n.append([5])\ndef three(): n[1].append(3)\n" +
            "threads = [threading.Thread(target=f) for f in (one, two, three)]\n"
            "for x in threads: x.start()\nfor x in threads: x.join()\n",
        false);
    CHECK(seen.outputs.size() == 4);  // of each of the two changes, it sees what has been made before
  }
}

TEST_CASE("methods that are called by name, with keywords") {
  both_orders("n.append([5])", {"operator.methodcaller('copy')(n)"});
  both_orders("operator.methodcaller('update', b=5)(d)", {"d['b']"});
  both_orders("operator.methodcaller('sort', reverse=True)(n)", {"n[0]"});
}

TEST_CASE("caches that are reached in other ways") {
  const std::string text = R"(
import functools, threading
calls = []
class C:
    @functools.cache
    def m(self, n): calls.append(n)
c = C()
def run(f): f(2)
f = c.m
WAY
threads = [threading.Thread(target=call) for _ in range(2)]
for x in threads: x.start()
for x in threads: x.join()
print(len(calls))
)";
  for (const char* way :
       {"def call(): c.m(2)", "def call(): f(2)", "def call(): c.m(*(2,))", "def call(): run(c.m)",
        "call = functools.partial(c.m, 2)", "def call(): list(map(c.m, [2]))"}) {
    CAPTURE(way);
    std::string program = text;
    program.replace(program.find("WAY"), 3, way);
    CHECK(run(program).distinct() == Outputs{"1\n", "2\n"});
  }
  // An entry's key is made from several arguments, wherever the call comes from.
  CHECK(run("import functools\n@functools.cache\ndef f(a, b): return a + b\n"
            "print(functools.reduce(f, [1, 1, 2]), list(map(f, [1, 2], [3, 4])), list(map(f, [1, 2], [3, "
            "4])))\n")
            .distinct() == Outputs{"4 [4, 6] [4, 6]\n"});
}
