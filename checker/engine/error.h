// The one exception type for errors that the user can do something about: bad input, an unusable environment.
#pragma once
#include <stdexcept>
#include <string>

namespace raddle::engine {

/// what() is complete: what is wrong, where, and what to do. The command line prints it and exits with 2.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace raddle::engine
