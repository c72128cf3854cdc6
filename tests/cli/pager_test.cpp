// Which pager, and that what is no terminal has none.
#include "checker/cli/pager.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

#include <doctest/doctest.h>

#include "checker/cli/terminal.h"

using namespace raddle::cli;

namespace {

/// A variable of the environment, for a while.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    value ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  ~Variable() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("raddle's own variable comes before the general one; cat and nothing are none") {
  const Variable own("RADDLE_PAGER", nullptr), general("PAGER", "more -s");
  CHECK(pager_command() == "more -s");
  {
    const Variable mine("RADDLE_PAGER", "less -S");
    CHECK(pager_command() == "less -S");
  }
  for (const char* none : {"", "cat"}) {
    const Variable mine("RADDLE_PAGER", none);
    CHECK(pager_command().empty());
  }
  const Variable nothing("PAGER", "");
  CHECK(pager_command().empty());
}

TEST_CASE("without both it is less, if that is there") {
  const Variable own("RADDLE_PAGER", nullptr), general("PAGER", nullptr), path("PATH", "/nowhere:");
  CHECK(pager_command().empty());
}

TEST_CASE("what is no terminal gets the text as it is") {
  const Variable pager("RADDLE_PAGER", "sed s/^/paged:/"), kind("TERM", "xterm");
  const int file = ::memfd_create("test", MFD_CLOEXEC);
  const int before = exchange_output(file);
  page("text\n", true);
  exchange_output(before);
  char text[100] = {};
  CHECK(::pread(file, text, sizeof text - 1, 0) == 5);
  CHECK(std::string(text) == "text\n");
  ::close(file);
}
