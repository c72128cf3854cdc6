#include "checker/engine/fiber.h"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace raddle::engine;
using boost::context::detail::transfer_t;

namespace {

/// A host and one fiber that run each other.
struct Pair {
  FiberStack stack{64 * 1024};
  Fiber host, fiber;
  ExceptionGlobals* globals = exception_globals();
  void (*body)() = nullptr;

  Pair() { fiber.stack = &stack; }
  void start(void (*f)()) {
    running = this;
    body = f;
    prepare_fiber(fiber, &Pair::entry);
    to_fiber();
  }
  void to_fiber() { switch_fiber(host, fiber, globals); }
  void to_host() { switch_fiber(fiber, host, globals); }
  static void entry(transfer_t t) {
    fiber_entered(t);
    running->body();
    running->to_host();
  }
  static inline Pair* running = nullptr;
};

std::vector<std::string> log_;

}  // namespace

TEST_CASE("a stack has the size that was asked for, in pages, and a guard page below") {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  for (std::size_t size : {std::size_t{1}, page, page + 1, std::size_t{256} * 1024}) {
    CAPTURE(size);
    const FiberStack s(size);
    CHECK(s.size() == (size + page - 1) / page * page);
    CHECK(s.top() - s.limit() == static_cast<std::ptrdiff_t>(s.size()));
    CHECK(s.in_guard(s.limit() - 1));
    CHECK(s.in_guard(s.limit() - page));
    CHECK_FALSE(s.in_guard(s.limit() - page - 1));
    CHECK_FALSE(s.in_guard(s.limit()));
    CHECK_FALSE(s.in_guard(s.top()));
  }
}

TEST_CASE("a stack can be used down to its limit; the guard page cannot be touched") {
  const FiberStack s(64 * 1024);
  std::memset(const_cast<char*>(s.limit()), 1, s.size());
  // The kernel says whether memory can be read, without a signal.
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  CHECK(::write(ends[1], s.limit(), 1) == 1);
  CHECK(::write(ends[1], s.limit() - 1, 1) == -1);
  CHECK(errno == EFAULT);
  for (int end : ends) ::close(end);
}

TEST_CASE("an impossible stack is an exception") {
  CHECK_THROWS_AS(FiberStack(std::size_t{1} << 62), std::bad_alloc);
}

TEST_CASE("control goes back and forth, and local variables stay") {
  static Pair* pair;
  Pair p;
  pair = &p;
  log_.clear();
  p.start([] {
    std::string local = "one";
    log_.push_back("fiber " + local);
    pair->to_host();
    local += " and two";
    log_.push_back("fiber " + local);
  });
  log_.push_back("host");
  p.to_fiber();
  log_.push_back("host again");
  CHECK(log_ == std::vector<std::string>{"fiber one", "host", "fiber one and two", "host again"});
}

TEST_CASE("a fiber runs on its own stack") {
  static const char* address;
  Pair p;
  p.start([] {
    char local = 0;
    char* volatile here = &local;
    address = here;
  });
  CHECK(address >= p.stack.limit());
  CHECK(address < p.stack.top());
}

TEST_CASE("each fiber handles exceptions of its own") {
  static Pair* pair;
  Pair p;
  pair = &p;
  log_.clear();
  p.start([] {
    try {
      throw std::runtime_error("the fiber's");
    } catch (const std::exception&) {
      pair->to_host();  // suspended within the handler
      try {
        throw;
      } catch (const std::exception& e) {
        log_.push_back(e.what());
      }
    }
    log_.push_back(std::current_exception() ? "something is handled" : "nothing is handled");
  });
  CHECK_FALSE(std::current_exception());
  try {
    throw std::logic_error("the host's");
  } catch (const std::exception&) {
    p.to_fiber();
    try {
      throw;
    } catch (const std::exception& e) {
      log_.push_back(e.what());
    }
  }
  CHECK(log_ == std::vector<std::string>{"the fiber's", "nothing is handled", "the host's"});
}

TEST_CASE("an exception in flight on one fiber is not in flight on another") {
  static Pair* pair;
  static int on_fiber, on_host;
  struct Switching {
    ~Switching() {
      pair->to_host();
      on_fiber = std::uncaught_exceptions();
    }
  };
  Pair p;
  pair = &p;
  p.start([] {
    try {
      Switching s;
      throw 1;
    } catch (int) {
    }
  });
  on_host = std::uncaught_exceptions();
  p.to_fiber();
  CHECK(on_host == 0);
  CHECK(on_fiber == 1);
  CHECK(std::uncaught_exceptions() == 0);
}

TEST_CASE("a fiber that was left in the middle can be prepared anew") {
  static Pair* pair;
  Pair p;
  pair = &p;
  log_.clear();
  for (int i = 0; i < 3; ++i)
    p.start([] {
      log_.push_back("started");
      pair->to_host();
      log_.push_back("never here");
    });
  CHECK(log_ == std::vector<std::string>(3, "started"));
}

TEST_CASE("stacks are taken from the pool before new ones are made") {
  StackPool pool(16 * 1024);
  FiberStack *a = pool.take(), *b = pool.take();
  CHECK(a != b);
  CHECK(pool.stack_size() == 16 * 1024);
  pool.give(a);
  CHECK(pool.take() == a);
  pool.give(a);
  pool.give(b);
}
