#include "checker/python/output.h"

#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "checker/engine/recorder.h"
#include "checker/python/atomic_blocks.h"
#include "checker/python/invariants.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

constexpr std::uint64_t kOutputName = 0x6F757470757400ull;

// Returns errno, or 0.
int pass_on(bool error, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(error ? STDERR_FILENO : STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

}  // namespace

int announce_output() {
  if (refuse_in_invariant("writes output") < 0) return -1;
  if (output.ordered && refuse_in_block("writes output, whose order is asked for") < 0) return -1;
  if (!output.ordered || !controlled() || runtime.engine->killing()) return 0;
  engine::Engine& e = *runtime.engine;
  const engine::ObjectId object = e.named_object(kOutputName);
  if (e.recorder()) e.recorder()->object(object, "output", "output");
  return visible(engine::OpKind::Write, engine::writes(object), 0, current_site());
}

int announce_exception() {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (announce_output() == 0) return PyErr_Restore(type, value, traceback), 0;
  Py_XDECREF(type), Py_XDECREF(value), Py_XDECREF(traceback);
  return -1;
}

void write_output(bool error, std::string_view text) {
  if (text.empty() || !runtime.engine) return;
  if (OnePiece* piece = OnePiece::current_; piece && piece->error_ == error) {
    piece->text_ += text;
    return;
  }
  engine::Engine& e = *runtime.engine;
  if (output.shown) pass_on(error, text);
  if (output.passed_on) {
    if (const int error_number = pass_on(error, text)) output.error = error_number;
  } else if (output.text.size() + text.size() <= output.limit) {
    output.text += text;
    output.pieces.push_back({e.self().id, error, std::string(text)});
  }
  if (e.recorder() && !e.killing()) {
    std::string_view line = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
    engine::Site site = current_site();
    if (is_library(site)) site = {};  // printed on behalf of a thread that has left the program's code
    e.recorder()->note(e, e.self(), engine::NoteKind::Output, engine::kNoThread, line, site);
  }
}

OnePiece::~OnePiece() {
  current_ = outer_;
  write_output(error_, text_);
}

int standard_descriptor(int descriptor) {
  if (descriptor == STDOUT_FILENO || descriptor == STDERR_FILENO) return descriptor;
  if (descriptor < 0) return 0;
  for (const int standard : {STDOUT_FILENO, STDERR_FILENO})  // a duplicate
    if (::syscall(SYS_kcmp, ::getpid(), ::getpid(), KCMP_FILE, descriptor, standard) == 0) return standard;
  return 0;
}

void clear_output() {
  output.text.clear();
  output.pieces.clear();
  output.error = 0;
}

}  // namespace raddle::python
