// Writes and reads that concern an object as a whole: its dict, its class, the dict behind a proxy, its metaclass.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

const std::string kSetup = R"(
import threading, types
class M(type):
    z = 0
class O(metaclass=M):
    a = 0
    def get(self): return 0
class N:
    a = 1
    def get(self): return 1
class O2(O):
    a = 1
    def get(self): return 1
class P: pass
class Q(P): pass
o, other, p = O(), O(), P()
p.x, p.y = 0, 0
d = {}
proxy = types.MappingProxyType(d)
ns = types.SimpleNamespace(x=0, l=[0])
class Borg:
    state = {'x': 0}
    def __init__(self): self.__dict__ = self.state
b, c = Borg(), Borg()
class Open(dict):
    def __init__(self):
        self.__dict__ = self
        self.x = 0
w = Open()
import copy, json
)";

Seen both(const std::string& writer, const std::string& reader) {
  return run_against_brute_force(kSetup + "def one():\n    " + writer + "\ndef two(): print(" + reader +
                                 ")\nthreads = [threading.Thread(target=f) for f in (one, two)]\n"
                                 "for t in threads: t.start()\nfor t in threads: t.join()\n");
}

void related(const std::string& writer, const std::string& reader) {
  CAPTURE(writer);
  CAPTURE(reader);
  CHECK(both(writer, reader).outputs.size() == 2);
}

void unrelated(const std::string& writer, const std::string& reader) {
  CAPTURE(writer);
  CAPTURE(reader);
  CHECK(both(writer, reader).executions == 1);
}

}  // namespace

TEST_CASE("another dict of attributes") {
  related("p.__dict__ = {'x': 1}", "p.x");
  related("p.__dict__ = {'x': 1}", "hasattr(p, 'y')");
  related("p.__dict__ = {'x': 1}", "vars(p)");
  related("setattr(p, '__dict__', {'x': 1})", "p.x");
  unrelated("p.__dict__ = {'x': 1}", "o.a");
}

TEST_CASE("another class") {
  related("p.__class__ = Q", "p.__class__.__name__");
  related("o.__class__ = O2", "o.a");
  related("o.__class__ = O2", "o.get()");
  unrelated("p.__class__ = Q", "o.a");
  unrelated("p.__class__ = Q", "other.get()");
}

TEST_CASE("a mapping proxy shows its dict") {
  for (const std::string reader : {"'a' in proxy", "proxy.get('a')", "len(proxy)", "list(proxy)",
                                   "dict(proxy)", "proxy == {'a': 1}", "str(proxy)", "list(proxy.items())"})
    related("d['a'] = 1", reader);
  related("O.b = 1", "'b' in vars(O)");
  related("O.b = 1", "O.__dict__.get('b')");
  unrelated("d['a'] = 1", "'b' in proxy");
}

TEST_CASE("a metaclass is the class of a class") {
  related("M.z = 1", "O.z");
  related("O.z = 1", "O.z");
  unrelated("M.z = 1", "N.a");
}

TEST_CASE("objects that share one dict, or are their own") {
  related("b.x = 1", "c.x");
  related("b.x = 1", "vars(c)");
  related("b.x = 1", "Borg.state['x']");
  related("Borg.state['x'] = 1", "b.x");
  related("b.x = 1", "Borg().x");
  related("w.x = 1", "w['x']");
  related("w['x'] = 1", "w.x");
  related("p.__dict__ = b.__dict__", "p.x if hasattr(p, 'y') else 'none'");
  related("p.__dict__ = b.__dict__; p.x = 5", "c.x");
  unrelated("b.x = 1", "p.x");
  unrelated("b.x = 1", "w.x");
  unrelated("w.x = 1", "w.get('y')");
}

TEST_CASE("C code looks into namespaces") {
  for (const std::string reader :
       {"ns.x", "ns", "str([ns])", "ns == types.SimpleNamespace(x=0, l=[0])", "vars(ns)", "ns.__dict__['x']",
        "copy.copy(ns)", "copy.deepcopy(ns)", "'{0.x}'.format(ns)", "json.dumps(vars(ns))"})
    related("ns.x = 1", reader);
  related("ns.l.append(1)", "ns");
  unrelated("ns.x = 1", "ns.l");
  unrelated("p.x = 1", "ns");
}

TEST_CASE("C code that is asked to looks into objects") {
  related("p.x = 1", "'{0.x}'.format(p)");
  related("p.x = 1", "json.dumps({'p': p}, default=vars)");
  related("p.x = 1", "json.dumps(p, default=lambda o: o.__dict__)");
  related("d['a'] = 1", "list(map(json.dumps, [d]))");
  unrelated("o.b = 1", "json.dumps({'p': p}, default=vars)");
  unrelated("p.x = 1", "'{}'.format(o.a)");
}
