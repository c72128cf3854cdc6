#include "checker/python/aside.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "checker/python/runtime.h"

namespace raddle::python {
namespace {

// The first byte that the process sends says what the others are.
constexpr char kDone = 'd', kTooLong = 'l', kHurried = 'h';
constexpr int kGlance = 100;  // milliseconds between looks at what else may have happened

engine::Watchdog::Limits limits;
std::chrono::nanoseconds budget{};

// --- in the process of its own

int answer_to = -1;
PyObject* place_function = nullptr;

[[noreturn]] void answer(char what, std::string_view text) {
  std::string all = what + std::string(text);
  for (std::size_t done = 0; done < all.size();) {
    const ssize_t n = ::write(answer_to, all.data() + done, all.size() - done);
    if (n < 0 && errno != EINTR) break;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  ::kill(::getpid(), SIGKILL);  // nothing of the function's goes on, and nothing of ours
  ::_exit(1);
}

// In the evaluation loop, wherever the function is.
int tell_place(void*) {
  Ref place = Ref::take(PyObject_CallNoArgs(place_function));
  const char* text = place ? PyUnicode_AsUTF8(place.get()) : nullptr;
  answer(kTooLong, text ? text : "");
}

[[noreturn]] void work(PyObject* function) {
  std::optional<engine::Watchdog> watchdog;
  if (budget.count() > 0)
    limits.deadline = std::min(limits.deadline, engine::Watchdog::Clock::now() + budget);
  if (limits.any())
    watchdog.emplace(limits, engine::Watchdog::Hooks{
                                 .progress = [] { return std::uint64_t{0}; },
                                 .interrupt =
                                     [](bool out_of_time) {
                                       if (out_of_time) answer(kHurried, "");
                                       Py_AddPendingCall(tell_place, nullptr);
                                       raddle_run_queued_call(runtime.interpreter);
                                     },
                                 .give_up = [] { answer(kTooLong, ""); },
                             });
  const pid_t self = ::getpid();
  Ref result = Ref::take(PyObject_CallNoArgs(function));
  if (::getpid() != self) ::_exit(0);  // a copy that the imported code has made
  const char* text = result ? PyUnicode_AsUTF8(result.get()) : nullptr;
  watchdog.reset();
  if (text) answer(kDone, text);
  ::kill(::getpid(), SIGKILL);
  ::_exit(1);
}

// --- in ours

bool asked_to_end() { return limits.asked_to_end && *limits.asked_to_end; }

// What the process says. It may leave others behind that keep the pipe open.
std::string listen(int pipe, pid_t child) {
  std::string text;
  bool ended = false;
  for (;;) {
    if (asked_to_end()) return ::kill(child, SIGKILL), std::string(1, kHurried);
    pollfd ready{pipe, POLLIN, 0};
    const int n = ::poll(&ready, 1, ended ? 0 : kGlance);
    if (n > 0) {
      char buffer[4096];
      const ssize_t size = ::read(pipe, buffer, sizeof buffer);
      if (size == 0 || (size < 0 && errno != EINTR)) return text;
      if (size > 0) text.append(buffer, static_cast<std::size_t>(size));
    } else if (ended) {
      return text;
    } else {
      siginfo_t info{};
      ended = ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
              info.si_pid == child;
    }
  }
}

PyObject* run_aside(PyObject*, PyObject* arguments) {
  PyObject *function = nullptr, *place = nullptr;
  if (!PyArg_ParseTuple(arguments, "OO", &function, &place)) return nullptr;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return PyErr_SetFromErrno(PyExc_OSError);
  const pid_t self = ::getpid();
  PyOS_BeforeFork();
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != self) ::_exit(1);
    PyOS_AfterFork_Child();
    ::close(ends[0]);
    answer_to = ends[1];
    place_function = place;
    work(function);
  }
  PyOS_AfterFork_Parent();
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return PyErr_SetFromErrno(PyExc_OSError);
  }
  const std::string text = listen(ends[0], child);
  ::close(ends[0]);
  ::kill(child, SIGKILL);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  const char what = text.empty() ? 0 : text.front();
  const std::string rest = text.empty() ? text : text.substr(1);
  char too_long[32] = "";
  if (what == kTooLong)
    std::snprintf(too_long, sizeof too_long, "%g s", 1e-9 * static_cast<double>(limits.standstill.count()));
  return Py_BuildValue("(sss)", what == kDone ? rest.c_str() : "", what == kHurried ? "hurried" : too_long,
                       what == kTooLong ? rest.c_str() : "");
}

PyMethodDef run_aside_method = {"run_aside", run_aside, METH_VARARGS, nullptr};

}  // namespace

void limit_aside(const engine::Watchdog::Limits& l, std::chrono::nanoseconds b) {
  limits = l;
  budget = b;
}

PyObject* make_run_aside() { return PyCFunction_New(&run_aside_method, nullptr); }

}  // namespace raddle::python
