// Every form of access reports exactly its accesses; near-identical code that touches nothing shared reports none.
#include <string>

#include <doctest/doctest.h>

#include "recorder.h"

using namespace raddle::python;
using namespace raddle::python::test;

namespace {

const std::string setup = R"(
import array, bisect, collections, functools, heapq, io, itertools, operator, random, types, weakref
l = [3, 1, 2]; l2 = [4]; d = {'k': 1}; e = {}; s = {1}; s2 = {2}; fs = frozenset([1]); t = (1, 2)
q = collections.deque([1, 2]); od = collections.OrderedDict(k=1); dd = collections.defaultdict(list, k=1)
cn = collections.Counter('aab'); ud = collections.UserDict(k=1); ul = collections.UserList([1])
ba = bytearray(b'ab'); ar = array.array('i', [1, 2]); mv = memoryview(bytearray(b'ab')); sio = io.StringIO()
class Sub(list): pass
class SubDict(dict): pass
sub = Sub([1, 2]); sd = SubDict(k=1)
class O:
    shared = 7
    helpers = [1]
    def __init__(self): self.x = 1
    def method(self): pass
    @staticmethod
    def static(): pass
    @classmethod
    def made(cls): pass
    @functools.cached_property
    def cached(self): return 5
    @property
    def prop(self): return self.x
    @prop.setter
    def prop(self, v): self.x = v
class Slots:
    __slots__ = ('x',)
o = O(); sl = Slots(); sl.x = 1
ns = types.SimpleNamespace(x=1)
it = iter([1, 2]); gen = (x for x in (1, 2)); count = itertools.count()
f = lambda *a, **k: None
@functools.lru_cache
def memo(n): return n
getx = operator.attrgetter('x'); get0 = operator.itemgetter(0)
n = 5; word = 'word'
)";

struct Row {
  std::string statement;
  std::string expected;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    INFO(row.statement);
    CHECK(accesses_of(row.statement, setup) == row.expected);
  }
}

}  // namespace

TEST_CASE("attributes") {
  check({
      {"o.x", "R o.x"},
      {"o.x = 1", "W o.x"},
      {"o.x += 1", "R o.x; W o.x"},
      {"del o.x", "W o.x delete"},
      {"o.missing", "R o.missing !AttributeError: 'O' object has no attribute 'missing'"},
      {"O.shared", "R O.shared"},
      {"O.shared = 1", "W O.shared"},
      {"o.helpers", "R o.helpers"},
      {"sl.x", "R sl.x"},
      {"sl.x = 2", "W sl.x"},
      {"ns.x", "R ns.x"},
      {"ns.x = 2", "W ns.x"},
      {"getattr(o, 'x')", "R o.x getattr"},
      {"getattr(o, 'nope', 1)", "R o.nope getattr"},
      {"hasattr(o, 'x')", "R o.x hasattr"},
      {"setattr(o, 'y', 1)", "W o.y setattr"},
      {"delattr(o, 'x')", "W o.x delattr"},
      {"object.__setattr__(o, 'x', 1)", "W o.x __setattr__"},
      {"o.__setattr__('x', 1)", "W o.x __setattr__"},
      {"object.__getattribute__(o, 'x')", "R o.x __getattribute__"},
      {"getx(o)", "R o.x"},
      {"vars(o)['x']", "R vars()['x']"},
      {"o.__dict__['x'] = 3", "W o.__dict__['x']"},
      {"o.cached",
       "R self.attrname; R self.attrname; R _NOT_FOUND; R cache['cached'] get; R _NOT_FOUND; R self.lock; "
       "R self.attrname; R _NOT_FOUND; R cache['cached'] get; R _NOT_FOUND; R self.func; R self.attrname; "
       "W cache['cached']"},
      {"collections.y = 1", "W collections.y"},
      {"weakref.proxy(o).x", "R weakref.proxy().x"},
  });
  // Properties are user code, which reports by itself; here it is not instrumented, so the property counts.
  check({{"o.prop", "R o.prop"}, {"o.prop = 1", "W o.prop"}});
}

TEST_CASE("attributes that nobody shares") {
  check({
      {"o.method", ""},
      {"o.method()", ""},
      {"o.static()", ""},
      {"o.made()", ""},
      {"O.method", ""},
      {"o.__class__", ""},
      {"o.__doc__", ""},
      {"O.__name__", ""},
      {"word.upper()", ""},
      {"(5).real", ""},
      {"l.append", ""},
      {"collections.deque", ""},
      {"operator.add", ""},
      {"super(O, o).__init__()", ""},
      {"f.__name__", ""},
  });
}

TEST_CASE("subscripts") {
  check({
      {"l[0]", "R l[0]"},
      {"l[-1]", "R l"},
      {"l[0:2]", "R l"},
      {"l[0] = 5", "W l[0]"},
      {"l[0] += 5", "R l[0]; W l[0]"},
      {"l[0:1] = [1]", "W l + R <list>"},
      {"l[:] = l2", "W l + R l2"},
      {"del l[0]", "W l delete"},
      {"del l[:]", "W l delete"},
      {"d['k']", "R d['k']"},
      {"d['k'] = 2", "W d['k']"},
      {"d[1, 'a'] = 2", "W d[(1, 'a')]"},
      {"d[o] = 2", "W d[<O>]"},
      {"del d['k']", "W d['k'] delete"},
      {"q[0]", "R q[0]"},
      {"q[0] = 1", "W q[0]"},
      {"del q[0]", "W q delete"},
      {"ba[0] = 1", "W ba[0]"},
      {"ar[1] += 1", "R ar[1]; W ar[1]"},
      {"mv[0] = 1", "W mv"},
      {"od['k'] = 1", "W od['k']"},
      {"dd['k']", "U dd['k']"},
      {"dd['new']", "U dd['new']"},
      {"cn['a'] += 1", "R cn['a']; W cn['a']"},
      {"ud['k']", "R self.data; R self.data['k'] in; R self.data; R self.data['k']"},
      {"ud['k'] = 1", "R self.data; W self.data['k']"},
      {"ul[0] = 1", "R self.data; W self.data[0]"},
      {"sub[1]", "R sub[1]"},
      {"sd['k'] = 1", "W sd['k']"},
      {"operator.setitem(l, 0, 1)", "W l[0] setitem"},
      {"operator.getitem(d, 'k')", "R d['k'] getitem"},
      {"operator.delitem(d, 'k')", "W d['k'] delitem"},
      {"l.__getitem__(1)", "R l[1] __getitem__"},
      {"dict.__setitem__(d, 'k', 1)", "W d['k'] __setitem__"},
      {"get0(l)", "R l[0]"},
  });
}

TEST_CASE("subscripts of what never changes") {
  check({
      {"t[0]", ""},
      {"word[0]", ""},
      {"b'ab'[0]", ""},
      {"range(3)[1]", ""},
      {"list[int]", ""},
      {"mv.obj", ""},
  });
}

TEST_CASE("methods of containers") {
  check({
      {"l.append(1)", "U l append"},
      {"l.extend(l2)", "U l + R l2 extend"},
      {"l.insert(0, 1)", "U l insert"},
      {"l.pop()", "U l pop"},
      {"l.remove(1)", "U l remove"},
      {"l.sort()", "U l sort"},
      {"l.sort(key=lambda x: -x)", "U l sort; U l sort; U l sort; U l sort"},
      {"l.reverse()", "U l reverse"},
      {"l.clear()", "W l clear"},
      {"l.copy()", "R l copy"},
      {"l.index(1)", "R l index"},
      {"l.count(1)", "R l count"},
      {"list.append(l, 1)", "U l append"},
      {"m = l.append\nm(1)", "U <list> append"},
      {"l.append(*t[:1])", "U <list> append"},
      {"functools.partial(l.append, 1)()", "U <list> append"},
      {"sub.append(1)", "U sub append"},
      {"d.get('k')", "R d['k'] get"},
      {"d.get('nope', 1)", "R d['nope'] get"},
      {"d.setdefault('k', 1)", "U d['k'] setdefault"},
      {"d.pop('k')", "U d['k'] pop"},
      {"d.popitem()", "U d popitem"},
      {"d.update(e)", "U d + R e update"},
      {"d.update(a=1)", "W d['a']"},
      {"d.clear()", "W d clear"},
      {"d.copy()", "R d copy"},
      {"dict.fromkeys(l)", "R l fromkeys"},
      {"s.add(1)", "U s[1] add"},
      {"s.discard(1)", "U s[1] discard"},
      {"s.remove(1)", "U s[1] remove"},
      {"s.pop()", "U s pop"},
      {"s.update(s2)", "U s + R s2 update"},
      {"s.union(s2, l)", "R s + R s2 + R l union"},
      {"fs.union(s)", "R s union"},
      {"q.append(1)", "U q append"},
      {"q.appendleft(1)", "U q appendleft"},
      {"q.popleft()", "U q popleft"},
      {"q.rotate(1)", "U q rotate"},
      {"q.clear()", "W q clear"},
      {"od.move_to_end('k')", "U od move_to_end"},
      {"od.pop('k')", "U od['k'] pop"},
      {"dd.update(a=1)", "W dd['a']"},
      {"dd.get('k')", "R dd['k'] get"},
      {"cn.update(l)", "U self + R iterable _count_elements; R kwds bool"},
      {"cn.most_common(1)", "R iterable iter; U it + R it max"},
      {"ud.get('k')", "R self.data; R self.data['k'] in; R self.data; R self.data['k']"},
      {"ud.update(d)",
       "R other iterate; R other next; R other['k']; R self.data; W self.data['k']; R other next; "
       "R kwds iterate; R kwds next"},
      {"ul.append(1)", "R self.data; U self.data append"},
      {"ba.extend(b'c')", "U ba extend"},
      {"ba.find(b'a')", "R ba find"},
      {"ar.append(1)", "U ar append"},
      {"ar.tolist()", "R ar tolist"},
      {"mv.tobytes()", "R mv tobytes"},
      {"sio.write('a')", "U sio"},
      {"sio.getvalue()", "R sio getvalue"},
  });
}

TEST_CASE("methods that touch nothing") {
  check({
      {"d.keys()", ""},
      {"d.items()", ""},
      {"','.join(('a', 'b'))", ""},
      {"word.replace('w', 'v')", ""},
      {"t.index(1)", ""},
      {"fs.union((1,))", ""},
      {"f(1, 'a')", ""},
  });
}

TEST_CASE("functions that look into their arguments") {
  check({
      {"len(l)", "R l len"},
      {"len(d.items())", "R d len"},
      {"sorted(l)", "R l sorted"},
      {"sum(l)", "R l sum"},
      {"max(l, l2)", "R l + R l2 max"},
      {"any(q)", "R q any"},
      {"list(l)", "R l list"},
      {"dict(d)", "R d dict"},
      {"set(l)", "R l set"},
      {"tuple(d.values())", "R d tuple"},
      {"str(l)", "R l str"},
      {"repr(d)", "R d repr"},
      {"bytes(ba)", "R ba bytes"},
      {"collections.deque(l)", "R l collections.deque"},
      {"collections.Counter(l)",
       "U <Counter> __init__; R kwds; U self + R iterable _count_elements; R kwds bool"},
      {"array.array('i', l)", "R l array.array"},
      {"','.join(d)", "R d join"},
      {"heapq.heappush(l, 1)", "U l heappush"},
      {"heapq.heappop(l)", "U l heappop"},
      {"heapq.nsmallest(1, l)", "U it + R it min"},
      {"bisect.insort(l, 1)", "U l insort_right"},
      {"bisect.bisect(l, 1)", "R l bisect_right"},
      {"operator.iadd(l, l2)", "U l + R l2 iadd"},
      {"random.Random(3).shuffle(l)",
       "R x len; R x[0]; R x[2]; W x[2]; W x[0]; R x[0]; R x[1]; W x[1]; W x[0]"},
      {"random.Random(3).choice(l)", "R seq len; R seq len; R seq[0]"},
      {"functools.reduce(operator.add, l)", "R l reduce"},
      {"list(map(str, l))", "R <list> list"},
      {"list(zip(l, l2))", "R <list> + R <list> list"},
      {"dict(enumerate(l))", "R <list> dict"},
      {"list(itertools.chain(l, l2))", "R <list> + R <list> list"},
      {"memo(1)", "U memo cache"},
      {"iter(d)", "R d iter"},
      {"enumerate(d)", "R d enumerate"},
  });
}

TEST_CASE("functions that look at no element") {
  check({
      {"isinstance(l, list)", ""},
      {"id(l)", ""},
      {"type(l)", ""},
      {"callable(l)", ""},
      {"iter(l)", ""},
      {"enumerate(l)", ""},
      {"zip(l, l2)", ""},
      {"len(t)", ""},
      {"sorted(t)", ""},
      {"abs(n)", ""},
      {"print(end='')", ""},
      {"ValueError(l)", ""},
      {"functools.partial(f, l)", ""},
  });
}

TEST_CASE("iteration") {
  check({
      {"for i in q: pass", "R q iterate; R q next; R q next; R q next"},
      {"for i in l2: pass", "R l2[0] next; R l2[1] next"},
      {"for k in d: pass", "R d iterate; R d next; R d next"},
      {"for k, v in d.items(): pass", "R d iterate; R d next; R d next"},
      {"for i, v in enumerate(l2): pass", "R <list>[0] next; R <list>[1] next"},
      {"for a, b in zip(l2, l2): pass", "R <list>[0] next; R <list>[1] next"},
      {"for i in reversed(l2): pass", "R l2 reversed; R <list>[0] next; R <list> next"},
      {"for i in ul: pass", "R self.data; R self.data[0]; R self.data; R self.data[1]"},
      {"[i for i in l2]", "R <list>[0] next; R <list>[1] next"},
      {"{i: j for i, j in d.items()}", "R d iterate; R <dict> next; R <dict> next"},
      {"sum(i for i in l2)", "R <list>[0] next; U l2() sum; R <list>[1] next; U l2() sum"},
      {"next(iter(l))", "R <list>[0] next"},
      {"next(it)", "U it + R it[0] next"},
      {"next(gen)", "U gen next"},
      {"gen.send(None)", "U gen send"},
      {"next(count)", "U count next"},
      {"for i in it: break", "U it + R it[0] next"},
      {"a, b, c = l", "R l unpack"},
      {"a, *b = l", "R l unpack"},
      {"a, = d", "R d unpack"},
      {"[*l]", "R l"},
      {"{*l}", "R l"},
      {"{**d}", "R d"},
      {"f(*l)", "R l"},
      {"f(1, *l)", "R l"},
      {"f(**d)", "R d"},
      {"print(*l2, end='', file=sio)", "R l2"},
  });
}

TEST_CASE("iteration over what never changes") {
  check({
      {"for i in range(2): pass", ""},
      {"for i in t: pass", ""},
      {"for c in word: pass", ""},
      {"[i for i in range(2)]", ""},
      {"a, b = t", ""},
      {"[*t]", ""},
      {"f(*t)", ""},
      {"for i in (x for x in t): pass", ""},
  });
}

TEST_CASE("operators") {
  check({
      {"1 in l", "R l in"},
      {"'k' in d", "R d['k'] in"},
      {"'k' not in d", "R d['k'] in"},
      {"'k' in d.keys()", "R d['k'] in"},
      {"1 in d.values()", "R d in"},
      {"1 in s", "R s[1] in"},
      {"1 in q", "R q in"},
      {"'k' in ud", "R self.data; R self.data['k'] in"},
      {"l == l2", "R l + R l2 =="},
      {"d == e", "R d + R e =="},
      {"s <= s2", "R s + R s2 <="},
      {"ba == b'a'", "R ba =="},
      {"l + l2", "R l + R l2 +"},
      {"l * 2", "R l *"},
      {"d | e", "R d + R e |"},
      {"s & s2", "R s + R s2 &"},
      {"l += l2", "U l + R l2 +="},
      {"l *= 2", "U l *="},
      {"d |= e", "U d + R e |="},
      {"s -= s2", "U s + R s2 -="},
      {"cn += cn",
       "U cn +=; R other iterate; R other next; R self['a']; W self['a']; R other next; R self['b']; W "
       "self['b']; "
       "R other next; R self iterate; R <Counter> next; R <Counter> next; R <Counter> next; R nonpositive[0] "
       "next; "
       "U cn +="},
      {"'%s' % l", "R l %"},
      {"'%s %s' % (l, 1)", "R l format"},
      {"'%s %d' % (l, 1)", "R <list> %"},
      {"'%(k)s' % d", "R d %"},
      {"f'{l}'", "R l format"},
      {"f'{l!r:>9}'", "R l format"},
      {"if l: pass", "R l bool"},
      {"while not q: pass", "R q bool"},
      {"not d", "R d bool"},
      {"l and 1", "R l bool"},
      {"x = 1 if s else 2", "R s bool"},
      {"assert l", "R l bool"},
  });
}

TEST_CASE("operators on values") {
  check({
      {"n + 1", ""},
      {"n * n", ""},
      {"n == 5", ""},
      {"n < len(t)", ""},
      {"l is l2", ""},
      {"l == None", ""},
      {"l == n", ""},
      {"1 in t", ""},
      {"'w' in word", ""},
      {"1 in fs", ""},
      {"1 in (1, 2)", ""},
      {"f'{n}{word}'", ""},
      {"'%d' % n", ""},
      {"if n: pass", ""},
      {"if o: pass", ""},
      {"not word", ""},
      {"n = n + 1 if n else 0", ""},
  });
}

TEST_CASE("match statements") {
  check({
      {"match l:\n  case [a, *b]: pass", "R l len; R l unpack"},
      {"match d:\n  case {'k': v}: pass", "R d len; R d['k'] match"},
      {"match o:\n  case O(x=1): pass", "R o.x match"},
      {"match n:\n  case int(): pass\n  case 5: pass", ""},
      {"match t:\n  case (1, 2): pass", ""},
  });
}

TEST_CASE("globals") {
  Ref globals = globals_after("");
  Recorder recorder;
  CHECK(run(R"(
value = 0
def bump():
    global value
    value += 1
    len('')
    other()
def other():
    return missing if False else int
class C:
    attribute = 1
    def f(self): return attribute
bump()
del value
)",
            globals.get(), &recorder) == "");
  std::vector<std::string> expected = {"W value", "W bump",  "W other", "R __name__",
                                       "W C",     "R value", "W value", "W value delete"};
  CHECK(joined(recorder.accesses) == joined(expected));
  std::vector<std::string> values = {
      "- 0", "- <function bump", "- <function other", "'model' -", "- <class 'model.C'>", "0 -", "0 1",
      "1 -"};
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(recorder.values[i].starts_with(values[i]));
}

TEST_CASE("captured variables") {
  Ref globals = globals_after("");
  Recorder recorder;
  CHECK(run(R"(
def outer(parameter):
    early = 1
    early += 1
    def helper(): return helper and parameter
    late = 0
    def inner():
        nonlocal late
        late += early
        return helper
    inner()
    late = 5
    del late
outer(3)
)",
            globals.get(), &recorder) == "");
  std::vector<std::string> expected = {"W outer", "R late", "R early", "W late", "W late", "W late delete"};
  CHECK(joined(recorder.accesses) == joined(expected));
}

TEST_CASE("a variable that a loop captures again is shared from the second round on") {
  Ref globals = globals_after("");
  Recorder recorder;
  CHECK(run("def f():\n  fs = []\n  for i in (1, 2):\n    fs.append(lambda: i)\n  return i\nf()",
            globals.get(), &recorder) == "");
  std::vector<std::string> expected = {"W f", "W i", "U fs append", "W i", "U fs append", "R i"};
  CHECK(joined(recorder.accesses) == joined(expected));
}

TEST_CASE("what a value will be") {
  Ref globals = globals_after(
      "class O: shared = 7\no = O()\no.x = 1\nclass S:\n  __slots__ = 'y'\ns = S()\ns.y = 2\nl = [4]\nd = "
      "{'k': 5}");
  Recorder recorder;
  CHECK(run("o.x; o.shared; s.y; l[0]; l[7:]; d['k']; d.get('z'); o.x = 8; d['k'] = 9; l.append(6)",
            globals.get(), &recorder) == "");
  std::vector<std::string> attributes;
  for (std::size_t i = 0; i < recorder.accesses.size(); ++i) {
    if (recorder.accesses[i].size() > 3) attributes.push_back(recorder.values[i]);
  }
  std::vector<std::string> expected = {"1 -", "7 -", "2 -", "4 -", "5 -", "- -", "1 8", "5 9", "- 6"};
  CHECK(joined(attributes) == joined(expected));
}

TEST_CASE("a key whose comparison runs user code names no single item") {
  const std::string key =
      "d = {}\nclass K:\n  def __hash__(self): return 1\n  def __eq__(self, o): return True\nk = K()\nclass "
      "P: pass\np = P()";
  CHECK(accesses_of("d[k] = 1", key) == "W d");
  CHECK(accesses_of("d[p] = 1", key) == "W d[<P>]");
  CHECK(accesses_of("d[1, k] = 1", key) == "W d");
}

TEST_CASE("an inherited value depends on everything in front of it") {
  const std::string classes = "class A: v = 1\nclass B(A): pass\nb = B()\nb.other = 1\n";
  CHECK(accesses_of("b.v", classes) == "R b.v");
  // Once something assigns such an attribute, an instance's own could hide the class's.
  CHECK(accesses_of("b.v\nb.v = 2", classes) == "R b.v + R b.v + R b.v; W b.v");
}

TEST_CASE("an attribute that is not there may come from anywhere") {
  const std::string classes = "class A: pass\nclass B(A): pass\nb = B()\n";
  CHECK(accesses_of("getattr(b, 'gone_1', 0)", classes) == "R b.gone_1 getattr");
  CHECK(accesses_of("getattr(b, 'gone_2', 0)\nb.gone_2 = 1\nb.gone_2", classes) ==
        "R b.gone_2 + R b.gone_2 + R b.gone_2 getattr; W b.gone_2; R b.gone_2");
}

TEST_CASE("caches notice that a class has changed") {
  Ref globals = globals_after("class O:\n  def m(self): pass\no = O()\no.x = 1");
  Recorder recorder;
  CHECK(run(R"(
def touch(o): return o.m, o.x
touch(o); touch(o)
O.m = 5
touch(o)
O.x = property(lambda self: 7)
touch(o)
)",
            globals.get(), &recorder) == "");
  std::vector<std::string> expected = {
      "W touch", "R o", "R o.m + R o.m", "R o.x", "R o",   "R o.m + R o.m", "R o.x",
      "W O.m",   "R o", "R o.m + R o.m", "R o.x", "W O.x", "R o",           "R o.m + R o.m"};
  CHECK(joined(recorder.accesses) == joined(expected));
}

TEST_CASE("each thread's own") {
  CHECK(accesses_of("local.x = 1\nlocal.x\nlocal.l.append(1)",
                    "import _thread\nlocal = _thread._local()\nlocal.l = []") == "U local.l append");
}

TEST_CASE("a released memoryview shows nothing") {
  CHECK(accesses_of("len(m)", "m = memoryview(bytearray(b'ab'))") == "R m len");
  CHECK(accesses_of("repr(m)", "m = memoryview(bytearray(b'ab'))\nm.release()") == "");
}

TEST_CASE("a library's generator reads what it holds") {
  CHECK(accesses_of("for x in walk(l): pass", "def walk(c):\n  for x in c: yield x\nl = [1]") ==
        "R l walk; R <list> next; R <list> + R <list>[1] next");
}

TEST_CASE("arguments are published before a call") {
  Ref globals = globals_after("class O: pass\no = O()\ndef f(*a, **k): pass\nl = []");
  Recorder recorder;
  CHECK(run("f(1, 'a'); f(O); f(f); f(o); f(1, k=o); f((1, (o,))); f((1, 2)); f(*(o,)); f(**{'k': o}); "
            "l.append(o)",
            globals.get(), &recorder) == "");
  std::vector<std::string> expected = {"O", "int O", "tuple", "O", "O", "O"};
  CHECK(joined(recorder.calls) == joined(expected));
}

TEST_CASE("values are published where they become reachable without an access") {
  Ref globals = globals_after("class O: pass");
  Recorder recorder;
  CHECK(run("def f():\n  o = O()\n  return lambda: o\nf()\nclass C:\n  items = []\n  n = 1", globals.get(),
            &recorder) == "");
  std::vector<std::string> expected = {"O", "list"};
  CHECK(joined(recorder.published) == joined(expected));
}

TEST_CASE("a dict of attributes is an alias of its owner") {
  Ref globals = globals_after("class O: pass\no = O()\no.x = 1");
  Recorder recorder;
  CHECK(run("o.__dict__; vars(o)", globals.get(), &recorder) == "");
  CHECK(recorder.aliases == 2);
}

TEST_CASE("an exception from the sink comes out of the instruction") {
  Ref globals = globals_after("class O: pass\no = O()\no.x = 1");
  Recorder recorder;
  recorder.fail_at = 2;
  std::string failure = run("a = o\nb = a.x + 1\n", globals.get(), &recorder);
  // Line 2: the read of `a`.
  CHECK(failure ==
        "Traceback (most recent call last):\n  File \"model.py\", line 2, in <module>\n    b = a.x + 1\n     "
        "   ^\n"
        "RuntimeError: stop here\n");
  CHECK(text_of(globals.get(), "b") == "-");
}

TEST_CASE("without a sink nothing is reported and nothing changes") {
  Ref globals = globals_after("l = []");
  CHECK(run("for i in range(3): l.append(i)", globals.get(), nullptr) == "");
  CHECK(text_of(globals.get(), "l") == "[0, 1, 2]");
}

TEST_CASE("only the chosen forms are reported") {
  Ref globals = globals_after("class O: pass\no = O()\nl = [1]");
  Recorder recorder;
  CHECK(run("o.x = l[0]\nl.append(2)\n1 in l\n", globals.get(), &recorder,
            {.forms = form::attributes | form::operators}) == "");
  std::vector<std::string> expected = {"W o.x", "R l in"};
  CHECK(joined(recorder.accesses) == joined(expected));
}

TEST_CASE("types of the front end are ignored") {
  Ref globals = globals_after("class Lock:\n  def __init__(self): self.held = False\nlock = Lock()");
  Recorder recorder;
  ignore_type(reinterpret_cast<PyTypeObject*>(PyDict_GetItemString(globals.get(), "Lock")));
  CHECK(run("def f(lock):\n  lock.held = True; lock.held\n", globals.get(), nullptr) == "");
  Recorder inside;
  Ref call = Ref::take(Py_CompileString("f(lock)", "call", Py_file_input));
  set_sink(&inside);
  Ref result = Ref::take(PyEval_EvalCode(call.get(), globals.get(), globals.get()));
  set_sink(nullptr);
  CHECK(inside.accesses.empty());
}
