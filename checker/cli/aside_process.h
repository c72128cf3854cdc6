// Asking the front end something in a process of its own: it starts an interpreter, which the processes of checks must
// not inherit.
#pragma once
#include <functional>
#include <string>

namespace raddle::cli {

/// What `write` returns, or the engine::UserError that it throws; one with the text `failure` if its process ends in
/// another way.
std::string from_child(const std::function<std::string()>& write, const char* failure);

}  // namespace raddle::cli
