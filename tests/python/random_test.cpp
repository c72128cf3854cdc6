// random and other sources of chance: the same in every execution, and of each thread's own.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

TEST_CASE("random numbers are the same in every execution and every search") {
  const std::string text = R"(
import random, threading
x = 0
def work():
    global x
    x += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(random.random(), random.randint(1, 10**9), random.Random().random(), random.sample(range(100), 5))
)";
  const Seen seen = run(text);
  CHECK(seen.executions == 4);
  CHECK(seen.distinct().size() == 1);
  CHECK(run(text).distinct() == seen.distinct());
}

TEST_CASE("a seed means what it means in CPython") {
  run_as_plain(R"(
import random
random.seed(7)
print(random.random(), random.gauss(0, 1), random.choice('abc'))
generator = random.Random('text')
print(generator.random(), generator.getrandbits(70))
state = random.getstate()
a = random.random()
random.setstate(state)
print(a == random.random())
)");
}

TEST_CASE("threads do not disturb one another's random numbers") {
  const Seen seen = run(R"(
import random, threading
drawn = {}
def work(i): drawn[i] = [random.random() for _ in range(3)]
threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print([drawn[i] for i in range(3)], len({x for d in drawn.values() for x in d}), random.random())
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct().size() == 1);
  CHECK(seen.distinct().begin()->find("] 9 ") != std::string::npos);
}

TEST_CASE("a seed in one execution does not reach the next") {
  const Seen seen = run(R"(
import random, threading
first = random.random()
x = 0
def work():
    global x
    x += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
random.seed(x)
print(first)
)");
  CHECK(seen.executions == 4);
  CHECK(seen.distinct().size() == 1);
}

TEST_CASE("unique names, urandom and secrets") {
  const std::string text = R"(
import uuid, os, secrets, tempfile
print(uuid.uuid4(), os.urandom(8).hex(), secrets.token_hex(4), secrets.randbelow(1000))
print(uuid.uuid4() != uuid.uuid4())
)";
  const Seen seen = run(text);
  CHECK(seen.failures.empty());
  CHECK(seen.distinct() == run(text).distinct());
}

TEST_CASE("hashes, and so the order of sets, are the same in every execution") {
  const std::string text = R"(
import threading
class Thing:
    def __init__(self, n): self.n = n
x = 0
def work():
    global x
    x += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
garbage = [str(i) * 10 for i in range(x * 100)]
print([t.n for t in {Thing(i) for i in range(20)}], list({'a', 'b', 'c', 'd', 'e'}), hash('text'), hash(Thing) == hash(Thing))
print(len({object() for _ in range(5)}), [f() for f in {lambda i=i: i for i in range(5)}])
)";
  const Seen seen = run(text);
  CHECK(seen.executions == 4);
  CHECK(seen.distinct().size() == 1);
  CHECK(run(text).distinct() == seen.distinct());
}
