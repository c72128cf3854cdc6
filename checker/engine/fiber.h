// Fibers on raw Boost.Context: a context switch that saves registers only, and pooled stacks.
//
// boost::context::detail::fcontext is used instead of boost::context::fiber because a suspended fiber is sometimes
// simply dropped: the fiber class would unwind it by force, through frames that must not be unwound (C code, the
// Python interpreter).
//
// Not thread-safe: all fibers of one engine live on one OS thread.
#pragma once
#include <cstddef>
#include <vector>

#include <boost/context/detail/fcontext.hpp>

#if defined(__SANITIZE_ADDRESS__)
#define RADDLE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RADDLE_ASAN 1
#endif
#endif
#ifdef RADDLE_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

namespace raddle::engine {

using Context = boost::context::detail::fcontext_t;

/// A stack: inaccessible guard page below, memory committed by the kernel when first touched.
class FiberStack {
 public:
  /// `size` in bytes, rounded up to pages. Throws std::bad_alloc when the address space or the map count is exhausted.
  explicit FiberStack(std::size_t size);
  ~FiberStack();
  FiberStack(FiberStack&& other) noexcept;
  FiberStack& operator=(FiberStack&&) = delete;

  char* top() const { return base_ + size_; }
  std::size_t size() const { return size_ - guard_; }
  /// Lowest usable address; the guard page ends here.
  const char* limit() const { return base_ + guard_; }
  /// Does `address` lie in the guard page?
  bool in_guard(const void* address) const { return address >= base_ && address < base_ + guard_; }

 private:
  char* base_ = nullptr;
  std::size_t guard_ = 0, size_ = 0;
};

/// One flow of control: a suspended context and the stack that it runs on. The host (the OS thread's own stack) is a
/// Fiber without a stack.
struct Fiber {
  Context context = nullptr;
  FiberStack* stack = nullptr;
  // The C++ runtime keeps per OS thread which exceptions are being handled; each fiber needs its own.
  void* caught_exceptions = nullptr;
  unsigned uncaught_exceptions = 0;
#ifdef RADDLE_ASAN
  void* fake_stack = nullptr;
  const void* bottom = nullptr;
  std::size_t extent = 0;
#endif
};

/// The C++ runtime's per-thread exception state, laid out as the Itanium C++ ABI (2.2.2) prescribes.
struct ExceptionGlobals {
  void* caught;
  unsigned uncaught;
};
ExceptionGlobals* exception_globals();

/// Makes `fiber` ready to start `entry` on its stack at the next switch to it.
void prepare_fiber(Fiber& fiber, void (*entry)(boost::context::detail::transfer_t));

/// Suspends `from`, which must be the running fiber, and continues `to`. Returns when something switches back.
inline void switch_fiber(Fiber& from, Fiber& to, ExceptionGlobals* globals) {
  from.caught_exceptions = globals->caught;
  from.uncaught_exceptions = globals->uncaught;
  globals->caught = to.caught_exceptions;
  globals->uncaught = to.uncaught_exceptions;
#ifdef RADDLE_ASAN
  __sanitizer_start_switch_fiber(&from.fake_stack, to.bottom, to.extent);
#endif
  boost::context::detail::transfer_t t = boost::context::detail::jump_fcontext(to.context, &from);
  static_cast<Fiber*>(t.data)->context = t.fctx;
#ifdef RADDLE_ASAN
  const void* bottom;
  std::size_t extent;
  __sanitizer_finish_switch_fiber(from.fake_stack, &bottom, &extent);
  auto* came_from = static_cast<Fiber*>(t.data);
  if (!came_from->stack) came_from->bottom = bottom, came_from->extent = extent;
#endif
}

/// First call in a fiber's entry function: completes the switch that started it.
inline void fiber_entered(boost::context::detail::transfer_t t) {
  auto* came_from = static_cast<Fiber*>(t.data);
  came_from->context = t.fctx;
#ifdef RADDLE_ASAN
  const void* bottom;
  std::size_t extent;
  __sanitizer_finish_switch_fiber(nullptr, &bottom, &extent);
  if (!came_from->stack) came_from->bottom = bottom, came_from->extent = extent;
#endif
}

/// Stacks that are not in use, kept for the next fiber that needs one of the same size.
class StackPool {
 public:
  explicit StackPool(std::size_t size) : size_(size) {}
  ~StackPool();
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;

  FiberStack* take();
  void give(FiberStack* stack) { free_.push_back(stack); }
  std::size_t stack_size() const { return size_; }

 private:
  std::size_t size_;
  std::vector<FiberStack*> free_;
};

}  // namespace raddle::engine
