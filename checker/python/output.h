// What the model writes: captured per execution, in order, with the thread that wrote it, or passed on. One call of print, of a
// stream's write, or of a logging handler is one piece. Nothing of it is a visible operation, unless the order of the
// output is asked for: then each piece is one, on an object of its own, and print writes its text and its end in two.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "checker/python/model.h"
#include "checker/python/runtime.h"

namespace raddle::python {

/// The output of one execution.
struct Output {
  std::string text;
  std::vector<OutputPiece> pieces;
  std::size_t limit = std::size_t{16} << 20;  // of text; what comes behind is dropped
  bool passed_on = false;                     // to the process's standard streams at once, and not kept
  bool shown = false;                         // there, and kept
  int error = 0;                              // errno, of what could not be passed on
  bool ordered = false;                       // who writes first matters: pieces are visible operations
};
inline Output output;

/// The running thread writes `text`.
void write_output(bool error, std::string_view text);

/// To be called before a piece is written, where the thread may be suspended. -1: an exception is set.
int announce_output();

/// The same where an exception is set that is about to be shown. -1: that one is gone, another one is set.
int announce_exception();

/// Joins all that is written to sys.stdout or sys.stderr while it exists to one piece. What is done meanwhile must
/// not let other threads run, so it is an atomic section.
class OnePiece {
 public:
  explicit OnePiece(bool error) : error_(error), outer_(current_) { current_ = this; }
  ~OnePiece();
  OnePiece(const OnePiece&) = delete;
  OnePiece& operator=(const OnePiece&) = delete;

 private:
  friend void write_output(bool error, std::string_view text);
  AtomicSection atomic_;
  bool error_;
  std::string text_;
  OnePiece* outer_;
  static inline OnePiece* current_ = nullptr;
};

/// Makes logging's own handlers write a record in one piece, lock and all. -1: an exception is set.
int patch_logging();

/// Is it one of our streams?
bool is_output_stream(PyObject* object);

/// A new stream that leads where sys.stdout (or stderr) does, as open() makes one, except that it has no buffer: what is
/// written appears at once. null: an exception is set.
PyObject* open_stream(bool error, bool bytes, PyObject* encoding, PyObject* errors, PyObject* newline);

/// Does the descriptor lead where the process's standard output or error does? Then 1 or 2, else 0.
int standard_descriptor(int descriptor);

/// Makes the stream type and replaces builtins.print. -1: an exception is set.
int prepare_output();

/// sys.stdout, stderr and stdin as a program finds them at its start. -1: an exception is set.
int reset_streams();

/// Forgets the output of the execution before.
void clear_output();

/// The bytes behind sys.stdin.
void set_standard_input(std::string bytes);

/// Until then, sys.stdin, stdout and stderr are the process's.
void use_real_streams();

}  // namespace raddle::python
