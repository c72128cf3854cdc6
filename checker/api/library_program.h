// A model that is a C++ function: what the engine needs to run it again and again.
#pragma once
#include "checker/api/unwinding.h"
#include "checker/engine/engine.h"

namespace raddle::api {

/// Thrown through a thread whose execution is over. Not derived from std::exception: models should not catch it.
struct Killed {};
/// Thrown through a thread that has failed; the failure has been recorded.
struct Failed {};

/// Runs f, and turns what comes out of it into a failure of the running thread.
template <class F>
void guarded(F&& f);

class LibraryProgram : public engine::Program {
 public:
  using Function = void (*)(void*);
  LibraryProgram(Function function, void* argument, std::size_t stack_size)
      : function_(function), argument_(argument), stack_size_(stack_size) {}

  void main(engine::Engine&) override;
  void tear_down(engine::Engine&, engine::Thread&) override;
  void killed(engine::Engine&) override;
  void used_after_destroy(engine::Engine&, engine::ObjectId) override;
  std::size_t stack_size() const override { return stack_size_; }

 private:
  Function function_;
  void* argument_;
  std::size_t stack_size_;
  // Of the thread that is being torn down:
  KnownStacks stacks_;
  std::vector<Frame> frames_;
  bool first_ = true;   // it has not been asked to leave yet,
  bool known_ = false;  // and is known to need unwinding
  static constexpr int kMaxThrown = 100;
  int thrown_ = 0;  // Killed, through the thread that is being torn down
};

/// Ends the running thread after a failure: without unwinding where nothing would run.
[[noreturn]] void leave_thread(engine::Engine& e);
/// Records the exception that is being handled as a failure of the running thread.
void record_exception(engine::Engine& e);

/// A frame of its own: where handlers and destructors share one, examine_stack cannot see the destructors.
template <class F>
[[gnu::noinline]] void call(F& f) {
  f();
}

template <class F>
void guarded(F&& f) {
  try {
    call(f);
  } catch (const Killed&) {
  } catch (const Failed&) {
  } catch (...) {
    record_exception(*engine::Engine::current());
  }
}

}  // namespace raddle::api
