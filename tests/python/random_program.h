// Random Python programs over what threads share: variables, attributes, containers, closures, locks.
#pragma once
#include <string>

namespace raddle::python::test {

/// Two or three threads that do a few random things to x, y, o, d, e, l, s, get(), locks m and n, and then a line with
/// all that they have seen and left. `before_threads`: code that main runs before it starts them.
std::string random_program(unsigned seed, const std::string& before_threads = "");

}  // namespace raddle::python::test
