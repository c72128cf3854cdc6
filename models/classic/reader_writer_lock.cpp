// A reader that finds something to change gives back its read lock and takes the write lock.
// Correct: it looks again then.
#include "models/classic/classic.h"

using namespace raddle;  // NOLINT: the models are to look like ordinary programs

namespace {

class ReaderWriterLock {
 public:
  void lock_shared() {
    lock_guard lock(m_);
    if (readers_.load() == 0) free_.acquire();
    readers_ += 1;
  }
  void unlock_shared() {
    lock_guard lock(m_);
    readers_ -= 1;
    if (readers_.load() == 0) free_.release();
  }
  void lock() { free_.acquire(); }
  void unlock() { free_.release(); }

 private:
  mutex m_;
  variable<int> readers_{0, "readers"};
  binary_semaphore free_{1, "free"};
};

void reader_writer_lock(bool correct) {
  ReaderWriterLock rw;
  variable<bool> cached(false, "cached");
  variable<int> computed(0, "computed");
  classic::in_threads(2, [&](int) {
    rw.lock_shared();
    const bool there = cached.load();
    rw.unlock_shared();
    if (there) return;
    rw.lock();
    if (!correct || !cached.load()) {
      computed += 1;
      cached.store(true);
    }
    rw.unlock();
  });
  require(computed.load() == 1, "it is computed once");
}

const classic::Program program("reader_writer_lock", reader_writer_lock);

}  // namespace
