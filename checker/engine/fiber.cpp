#include "checker/engine/fiber.h"

#include <cxxabi.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>
#include <new>

#ifdef RADDLE_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace raddle::engine {

FiberStack::FiberStack(std::size_t size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  guard_ = page;
  size_ = (size + page - 1) / page * page + guard_;
  void* p = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  base_ = static_cast<char*>(p);
  if (mprotect(base_, guard_, PROT_NONE) != 0) {
    munmap(base_, size_);
    throw std::bad_alloc();
  }
}

FiberStack::~FiberStack() {
#ifdef RADDLE_ASAN
  // Whoever gets these addresses next must not inherit what frames left behind.
  if (base_) __asan_unpoison_memory_region(limit(), size());
#endif
  if (base_) munmap(base_, size_);
}

FiberStack::FiberStack(FiberStack&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)), guard_(other.guard_), size_(other.size_) {}

ExceptionGlobals* exception_globals() {
  return reinterpret_cast<ExceptionGlobals*>(abi::__cxa_get_globals());
}

void prepare_fiber(Fiber& fiber, void (*entry)(boost::context::detail::transfer_t)) {
  fiber.context = boost::context::detail::make_fcontext(fiber.stack->top(), fiber.stack->size(), entry);
  fiber.caught_exceptions = nullptr;
  fiber.uncaught_exceptions = 0;
#ifdef RADDLE_ASAN
  __asan_unpoison_memory_region(fiber.stack->limit(), fiber.stack->size());  // of frames that were dropped
  fiber.fake_stack = nullptr;
  fiber.bottom = fiber.stack->limit();
  fiber.extent = fiber.stack->size();
#endif
}

StackPool::~StackPool() {
  for (FiberStack* s : free_) delete s;
}

FiberStack* StackPool::take() {
  if (free_.empty()) return new FiberStack(size_);
  FiberStack* s = free_.back();
  free_.pop_back();
  return s;
}

}  // namespace raddle::engine
