#include "random_program.h"

#include <iterator>
#include <random>

namespace raddle::python::test {

namespace {

// Everything that the threads below may use. `r` is each thread's own list of what it has seen.
const char* const kSetup = R"(
import copy, threading
from collections import defaultdict
x = y = 0
class O:
    def __init__(self): self.a, self.b = 0, 1
    def bump(self, c): self.a += c
    @property
    def p(self): return self.b
    @p.setter
    def p(self, v): self.b = v
    def __getitem__(self, k): return self.a + k
    def __bool__(self): return self.a > self.b
o = O()
d = {'k': 1}
e = defaultdict(lambda: y)
l = [2, 1]
s = {0}
w = {'k': [1], 'j': [2, 1]}
m, n = threading.Lock(), threading.RLock()
def add(v): return v + y
def key(v): return -v
def cell():
    i = 0
    def inc(c):
        nonlocal i
        i += c
    def get(): return i
    return inc, get
inc, get = cell()
def generate():
    for i in range(3): yield i + x
g = generate()
)";

const char* const kStatements[] = {"x += C",
                                   "x = y + C",
                                   "y = x",
                                   "r.append(x)",
                                   "x = add(x)",
                                   "x, y = y, x",
                                   "globals()['y'] = C",
                                   "o.a += C",
                                   "o.b = o.a",
                                   "setattr(o, 'a', x)",
                                   "r.append(getattr(o, 'b'))",
                                   "o.bump(C)",
                                   "o.p += C",
                                   "r.append(o[C])",
                                   "r.append(bool(o))",
                                   "o.__dict__['a'] = C",
                                   "r.append(sorted(vars(o).items()))",
                                   "d['k'] = d.get('k', 0) + C",
                                   "d['j'] = C",
                                   "d.pop('k', None)",
                                   "r.append('k' in d)",
                                   "r.append(len(d))",
                                   "r.append(d.setdefault('j', C))",
                                   "r.append(sorted(d.items()))",
                                   "r.append(e['k'])",
                                   "e['k'] += C",
                                   "d.update(i=C)",
                                   "l.append(C)",
                                   "r.append(len(l))",
                                   "if l: r.append(l.pop())",
                                   "l[0] += C",
                                   "r.append(list(l))",
                                   "l.sort(key=key)",
                                   "l[:] = [i + C for i in l]",
                                   "for i in l: r.append(i)",
                                   "r.append([*l])",
                                   "r.append(max(l, key=key))",
                                   "s.add(C)",
                                   "r.append(C in s)",
                                   "s.discard(0)",
                                   "r.append(len(s))",
                                   "w['k'].append(C)",
                                   "w['j'][0] += C",
                                   "w['j'] = [C]",
                                   "w.update(k=w['k'] + [C])",
                                   "r.append(str(w))",
                                   "r.append(w == {'k': [1], 'j': [C]})",
                                   "r.append([C] in w.values())",
                                   "r.append(sum(map(len, w.values())))",
                                   "r.append([sum(v) for v in w.values()])",
                                   "r.append(max(map(w.get, 'kj'))[0])",
                                   "r.append(copy.copy(o).a)",
                                   "o.__dict__ = {'a': C, 'b': 0}",
                                   "inc(C)",
                                   "r.append(get())",
                                   "r.append(next(g, None))",
                                   "r.append(eval('x + y'))",
                                   "exec('l.append(len(l))')"};

class Program {
 public:
  Program(unsigned seed, const std::string& before_threads) : random_(seed) {
    const int threads = below(4) == 0 ? 3 : 2;
    text = kSetup;
    std::string names, results, end;
    for (int t = 0; t < threads; ++t) {
      const std::string number = std::to_string(t);
      text += "r" + number + " = []\ndef t" + number + "():\n    global x, y\n    r = r" + number + "\n";
      for (int i = threads == 3 ? 1 : 1 + below(2); i >= 0; --i) add_statement("    ", 2);
      names += "t" + number + ", ";
      results += "r" + number + ", ";
    }
    text += before_threads + "threads = [threading.Thread(target=f) for f in (" + names +
            ")]\nfor t in threads: t.start()\nfor t in threads: "
            "t.join()\nprint(" +
            results + "x, y, o.a, o.b, sorted(d.items()), sorted(e.items()), l, sorted(s), w, get())\n";
  }

  std::string text;

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  void add_statement(const std::string& indent, int depth) {
    const int choice = below(10);
    if (depth > 0 && choice == 0) {
      static const char* const conditions[] = {"x > 0", "'k' in d", "o.a == o.b", "len(l) > 2", "get()"};
      text += indent + "if " + conditions[below(5)] + ":\n";
      add_statement(indent + "    ", depth - 1);
      text += indent + "else:\n";
      add_statement(indent + "    ", depth - 1);
    } else if (depth > 0 && choice <= 2) {
      text += indent + (below(3) ? "with m:\n" : "with m, n:\n");
      add_statement(indent + "    ", 0);
      add_statement(indent + "    ", 0);
    } else {
      std::string statement = kStatements[static_cast<std::size_t>(below(std::size(kStatements)))];
      for (std::size_t at; (at = statement.find('C')) != std::string::npos;)
        statement[at] = static_cast<char>('1' + below(2));
      text += indent + "try:\n" + indent + "    " + statement + "\n" + indent +
              "except Exception as error: r.append(type(error).__name__)\n";
    }
  }

  std::mt19937 random_;
};

}  // namespace

std::string random_program(unsigned seed, const std::string& before_threads) {
  return Program(seed, before_threads).text;
}

}  // namespace raddle::python::test
