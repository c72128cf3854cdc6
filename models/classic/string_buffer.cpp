// A buffer is appended to another one: its length first, then that many characters; it shrinks in between.
// Correct: its lock is held meanwhile.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

class StringBuffer {
 public:
  StringBuffer(int length, const char* name) : length_(length, name) {}

  int length() {
    lock_guard lock(m_);
    return length_.load();
  }
  void copy(int n) {
    lock_guard lock(m_);
    require(n <= length_.load(), "as many characters as are copied are there");
  }
  void clear() {
    lock_guard lock(m_);
    length_.store(0);
  }
  void append(StringBuffer& other, bool correct) {
    lock_guard lock(m_);
    if (correct) {
      lock_guard meanwhile(other.m_);
      length_ += other.length_.load();
    } else {
      const int n = other.length();
      other.copy(n);
      length_ += n;
    }
  }

 private:
  recursive_mutex m_;
  variable<int> length_;
};

void string_buffer(bool correct) {
  StringBuffer target(0, "target"), source(3, "source");
  thread appender([&] { target.append(source, correct); });
  thread eraser([&] { source.clear(); });
  appender.join();
  eraser.join();
}

const classic::Program program("string_buffer", string_buffer);

}  // namespace
