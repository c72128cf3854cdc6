// Worker processes that are killed in the middle of what they do, for searches in several processes.
#pragma once
#include <sys/mman.h>

#include <atomic>
#include <csignal>
#include <new>

#include "checker/explore/parallel_search.h"
#include "tests/support/search.h"

namespace raddle::test {

/// Ends the first few workers by SIGKILL, in the middle of what they do.
class Killer : public explore::Processes {
 public:
  explicit Killer(int victims) {
    void* memory = ::mmap(nullptr, sizeof *left_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    left_ = new (memory) std::atomic<int>(victims);
  }
  ~Killer() override { ::munmap(left_, sizeof *left_); }
  void enter(std::size_t i, engine::Engine&) override {
    if (left_->fetch_sub(1) > 0) executions_left_ = 3 + 5 * static_cast<int>(i);
  }
  bool kills() { return executions_left_ && --executions_left_ == 0; }
  /// Have all victims been found?
  bool done() const { return *left_ <= 0; }

 private:
  std::atomic<int>* left_;
  int executions_left_ = 0;
};

template <class F>
struct DyingModel : Model<F> {
  DyingModel(const F& f, Killer& killer) : Model<F>(f), killer_(killer) {}
  void begin(engine::Engine& e) override {
    Model<F>::begin(e);
    if (killer_.kills()) ::raise(SIGKILL);
  }
  Killer& killer_;
};

}  // namespace raddle::test
