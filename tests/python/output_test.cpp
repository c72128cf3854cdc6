// print, sys.stdout and logging.
#include <algorithm>

#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

// The lines of a recording that say what was printed.
std::vector<std::string> output_notes(const std::string& text) {
  auto model = load_text(text);
  std::vector<std::string> notes;
  for (const std::string& line : record(*model))
    if (line.find(" output ") != std::string::npos) notes.push_back(line);
  return notes;
}

}  // namespace

TEST_CASE("print and the streams") {
  run_as_plain(R"(
import sys
print(1, 'two', [3], sep='-', end='.\n')
print()
print('a', file=None); print('b', file=sys.stdout, flush=True)
sys.stdout.write('c\n'); print(sys.stdout.write('dé\n'))
sys.stdout.writelines(['e\n', 'f\n'])
sys.stdout.buffer.write(b'g\n')
sys.stdout.flush()
print(sys.stdout.encoding, sys.stdout.name, sys.stdout.mode, sys.stdout.isatty(), sys.stdout.fileno(), sys.stdout.closed)
for wrong in (lambda: print(sep=1), lambda: print(x=1), lambda: sys.stdout.write(1), sys.stdout.read):
    try: wrong()
    except Exception as e: print(type(e).__name__)
class Shout:
    def write(self, text): sys.stdout.write(text.upper())
print('loud', file=Shout())
import io
text = io.StringIO()
print('kept', file=text, end='')
print(text.getvalue())
)");
}

TEST_CASE("one print is one piece of output, with its thread") {
  const auto notes = output_notes(R"(
import threading, sys
def work(): print('from', 'thread')
t = threading.Thread(target=work); t.start(); t.join()
print('a', 'b', sep='\n')
sys.stderr.write('err\n')
)");
  CHECK(notes == std::vector<std::string>{"t1 output from thread", "t0 output a\nb", "t0 output err"});
}

TEST_CASE("printing orders nothing") {
  const Seen seen = run(R"(
import threading
def work(i):
    for n in range(3): print(i, n)
threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 1);
}

TEST_CASE("logging: one record is one piece of output, and orders nothing") {
  const std::string text = R"(
import logging, threading
logging.basicConfig(format='%(levelname)s %(threadName)s %(message)s', level=logging.INFO)
def work(): logging.info('works %d', 1)
threads = [threading.Thread(target=work, name=f'w{i}') for i in range(2)]
for t in threads: t.start()
for t in threads: t.join()
logging.debug('not shown')
logging.getLogger('some.where').warning('end')
)";
  const Seen seen = run(text);
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 1);
  auto notes = output_notes(text);
  std::sort(notes.begin(), notes.end());
  CHECK(notes == std::vector<std::string>{"t0 output WARNING MainThread end", "t1 output INFO w0 works 1",
                                          "t2 output INFO w1 works 1"});
}

TEST_CASE("logging to a file-like object of the library") {
  const Seen seen = run(R"(
import logging, io
stream = io.StringIO()
logging.basicConfig(stream=stream, level=logging.DEBUG, format='%(name)s:%(lineno)d:%(funcName)s:%(message)s')
def f(): logging.getLogger('x').debug('here')
f()
try: 1 / 0
except ZeroDivisionError: logging.exception('failed')
print(stream.getvalue().splitlines()[0], stream.getvalue().splitlines()[-1])
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"x:5:f:here ZeroDivisionError: division by zero\n"});
}

TEST_CASE("a handler of the program is the program's own code") {
  const Seen seen = run(R"(
import logging, threading
class Count(logging.Handler):
    n = 0
    def emit(self, record):
        seen = Count.n
        Count.n = seen + 1
logging.getLogger().addHandler(Count())
threads = [threading.Thread(target=logging.warning, args=('x',)) for i in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(Count.n)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 2);  // handle() holds the handler's lock
  CHECK(seen.distinct() == Outputs{"2\n"});
}

TEST_CASE("logging's times are those of the model, in UTC wherever one is") {
  const std::string text = R"(
import logging, sys, time, datetime
logging.basicConfig(format='%(asctime)s %(relativeCreated)d', stream=sys.stdout)
logging.warning('x')
time.sleep(2)
logging.warning('x')
print(time.strftime('%H:%M:%S %Z'), time.localtime().tm_hour, time.tzname, time.timezone)
print(datetime.datetime.now(), datetime.datetime.fromtimestamp(0))
)";
  const Seen seen = run(text);
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() ==
        Outputs{"2023-11-14 22:13:20,000 0\n2023-11-14 22:13:22,000 2000\n22:13:22 UTC 22 ('UTC', 'UTC') "
                "0\n2023-11-14 22:13:22.000001 1970-01-01 00:00:00\n"});
}

TEST_CASE("output that is too much is cut, and the program does not notice") {
  const Seen seen = run("for i in range(3): print('x' * 1000000)\nprint('end')");
  CHECK(seen.problems() == "");
}
