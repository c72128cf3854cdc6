#include "checker/api/library_program.h"

#include <cxxabi.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <typeinfo>
#include <utility>

#include "raddle/detail.h"

namespace raddle::api {

using engine::Engine;
using engine::Thread;

void LibraryProgram::main(Engine&) {
  guarded([this] { function_(argument_); });
}

void LibraryProgram::tear_down(Engine& e, Thread& t) {
  const char* top = t.fiber.stack->top();
  const void* suspended = t.fiber.context;
  const std::optional<Unwinding> known = stacks_.find(top, suspended);
  if (known && *known != Unwinding::Needed) return e.drop(t);
  first_ = true;
  known_ = known.has_value();
  thrown_ = 0;
  if (!known_) stacks_.keep(top, suspended);
  e.resume_for_teardown(t);
}

void LibraryProgram::killed(Engine& e) {
  if (std::uncaught_exceptions() > 0) return;  // in a destructor, on the way out
  const bool first = std::exchange(first_, false);
  if (!first || !known_) {
    const Unwinding u = examine_stack(Engine::fiber_entry(), frames_);
    if (first) stacks_.remember(frames_, u);
    if (u != Unwinding::Needed) e.end_thread_here();
  }
  // A loop around a handler that swallows everything would go on for ever.
  if (++thrown_ > kMaxThrown) e.end_thread_here();
  throw Killed{};
}

void LibraryProgram::used_after_destroy(Engine& e, engine::ObjectId object) {
  raddle::detail::use_after_destroy(e, object, e.self().op.site);
}

void leave_thread(Engine& e) {
  static thread_local std::vector<Frame> frames;
  // In a destructor on the way out, another exception would end the process.
  if (std::uncaught_exceptions() > 0 || examine_stack(Engine::fiber_entry(), frames) != Unwinding::Needed)
    e.end_thread_here();
  throw Failed{};
}

void record_exception(Engine& e) {
  engine::Failure f;
  f.kind = engine::Failure::Kind::Exception;
  if (const std::type_info* type = abi::__cxa_current_exception_type()) {
    int status = 0;
    std::unique_ptr<char, void (*)(void*)> readable(
        abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), std::free);
    f.type = status == 0 ? readable.get() : type->name();
  }
  try {
    throw;
  } catch (const std::exception& x) {
    f.message = x.what();
  } catch (...) {
  }
  f.site = e.self().op.site;  // the last operation: the best place known
  e.fail(std::move(f));
}

}  // namespace raddle::api
