// Classic concurrency bugs as models of the C++ library, one file each. A file defines a function that takes whether
// to be the correct version, and names it in a `Program`; main.cpp checks it.
#pragma once
#include <vector>

#include <raddle/raddle.h>

namespace classic {

/// A program by name. Static: it lists itself.
struct Program {
  using Function = void (*)(bool correct);
  Program(const char* name, Function function);

  const char* name;
  Function function;
};

/// Runs body(0), ..., body(n - 1) in threads of their own and joins them.
template <class Body>
void in_threads(int n, const Body& body) {
  std::vector<raddle::thread> threads;
  threads.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) threads.emplace_back([&body, i] { body(i); });
  for (raddle::thread& t : threads) t.join();
}

}  // namespace classic
