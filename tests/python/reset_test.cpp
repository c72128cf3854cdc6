// Every execution begins as if the program had been started afresh.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

// Runs `text` in 4 executions: what it prints must be the same in each of them.
Outputs in_every_execution(const std::string& text) {
  const Seen seen = run(R"(
import threading
x_ = 0
def work_():
    global x_
    x_ += 1
threads_ = [threading.Thread(target=work_) for _ in range(2)]
for t_ in threads_: t_.start()
for t_ in threads_: t_.join()
)" + text);
  CHECK(seen.exhausted);
  CHECK(seen.executions == 4);
  CHECK(seen.failures.empty());
  return seen.distinct();
}

}  // namespace

TEST_CASE("globals of the program and of modules of the library") {
  CHECK(in_every_execution("print('y' in globals())\ny = 1\n") == Outputs{"False\n"});
  CHECK(in_every_execution(R"(
import string, threading, json
print(hasattr(string, 'mine'), hasattr(threading, 'mine'), json.dumps.__name__)
string.mine = threading.mine = 1
json.dumps = print
)") == Outputs{"False False dumps\n"});
}

TEST_CASE("the environment, the current folder and sys") {
  CHECK(in_every_execution(R"(
import os, sys
print(os.environ.get('RADDLE_TEST'), os.getenv('HOME') is None, os.path.exists('nowhere'))
os.environ['RADDLE_TEST'] = '1'
os.environ.pop('HOME', None)
here = os.getcwd()
os.chdir('/')
print(here != '/', sys.path.count('extra'), sys.argv.count('more'), sys.getrecursionlimit())
sys.path.append('extra')
sys.argv.append('more')
sys.setrecursionlimit(500)
print(sys.modules.get('made_up'))
sys.modules['made_up'] = sys
sys.stdout.mine = 3
sys.stdout = sys.stderr
)")
            .size() == 1);
}

TEST_CASE("logging") {
  CHECK(in_every_execution(R"(
import logging, sys
print(logging.root.handlers, logging.root.level, 'a.b' in logging.root.manager.loggerDict, logging.getLevelName(7))
logging.basicConfig(stream=sys.stdout, level=5, format='%(message)s')
logging.getLogger('a.b').setLevel(3)
logging.addLevelName(7, 'SEVEN')
logging.log(7, 'x')
logging.disable(50)
)") == Outputs{"[] 30 False Level 7\nx\n"});
}

TEST_CASE("warnings") {
  CHECK(in_every_execution(R"(
import warnings, sys
sys.stderr = sys.stdout
def warn(): warnings.warn('once')
warn(); warn()
warnings.simplefilter('ignore')
warn()
)")
            .size() == 1);
}

TEST_CASE("exit functions and finalizers") {
  CHECK(in_every_execution(R"(
import atexit, weakref
class C: pass
c, d = C(), C()
weakref.finalize(c, print, 'c is gone')
weakref.finalize(d, print, 'd at exit')
atexit.register(print, 'atexit')
del c
)") == Outputs{"c is gone\natexit\nd at exit\n"});
}

TEST_CASE("modules of the user are executed again") {
  write_file("counting.py", R"(
import itertools
class Counter:
    instances = []
    total = 0
    def __init__(self):
        Counter.total += 1
        Counter.instances.append(self)
numbers = itertools.count()
)");
  write_file("folder/__init__.py", "from . import inner\nvalue = inner.value\n");
  write_file("folder/inner.py", "value = ['fresh']\n");
  CHECK(in_every_execution(R"(
import counting, folder.inner
counting.Counter()
print(counting.Counter.total, len(counting.Counter.instances), next(counting.numbers), folder.value)
folder.inner.value.append('used')
)") == Outputs{"1 1 0 ['fresh']\n"});
}

TEST_CASE("threads, executors and their numbers") {
  CHECK(in_every_execution(R"(
import threading
from concurrent.futures import ThreadPoolExecutor
print(threading.Thread().name, threading.active_count(), threading.get_ident() == threading.main_thread().ident)
print(ThreadPoolExecutor(1, initializer=None)._thread_name_prefix)
threading.excepthook = None
threading.stack_size(1 << 20)
threading.settrace(None)
)") == Outputs{"Thread-3 1 True\nThreadPoolExecutor-0\n"});
}

TEST_CASE("a generator or a reference cycle of one execution does not show up in the next") {
  CHECK(in_every_execution(R"(
import gc
class Node:
    def __del__(self): print('gone')
def generate():
    try: yield 1
    finally: print('closed')
a, b = Node(), Node()
a.other, b.other = b, a
g = generate()
next(g)
)")
            .size() == 1);
}

TEST_CASE("caches of the library do not change what a program does") {
  CHECK(in_every_execution(R"(
import functools, re, enum, decimal, locale
@functools.lru_cache
def f(n):
    print('computed', n)
    return n
f(1); f(1)
print(re.sub('a+', 'b', 'caat'), decimal.getcontext().prec)
decimal.getcontext().prec = 5
class Color(enum.Enum):
    RED = enum.auto()
print(Color.RED)
)") == Outputs{"computed 1\ncbt 28\nColor.RED\n"});
}

TEST_CASE("monkey patches of classes of the library") {
  CHECK(in_every_execution(R"(
import queue, collections
print(hasattr(queue.Queue, 'mine'), queue.Queue.get.__name__)
queue.Queue.mine = 1
)") == Outputs{"False get\n"});
}
