#include "reports/inline_ignore.h"

#include <doctest/doctest.h>

using raddle::reports::ignored_kinds;
using Kinds = std::vector<std::string>;

TEST_CASE("comments that ignore findings") {
  CHECK(ignored_kinds("x += 1  # raddle: ignore[lost-update]") == Kinds{"lost-update"});
  CHECK(ignored_kinds("x++;  // raddle: ignore[lost-update,data-race ]") ==
        Kinds{"lost-update", "data-race"});
  CHECK(ignored_kinds("# a counter  # raddle:ignore") == Kinds{"*"});
  CHECK(ignored_kinds("  #raddle: ignore because it is a hint") == Kinds{"*"});
  CHECK(ignored_kinds("x = 1  # raddle: ignore[]") == Kinds{});
  // Whoever names a kind does not mean all.
  CHECK(ignored_kinds("x += 1  # raddle: ignore [deadlock]") == Kinds{"deadlock"});
  CHECK(ignored_kinds("x += 1  # raddle: ignore deadlock") == Kinds{"deadlock"});
  CHECK(ignored_kinds("x += 1  # raddle: ignore deadlock: it is one on purpose") == Kinds{"deadlock"});
  CHECK_FALSE(ignored_kinds("x += 1  # raddle: ignore [deadlock"));
}

TEST_CASE("a text is no comment") {
  CHECK_FALSE(ignored_kinds(R"(x = "# raddle: ignore")"));
  CHECK_FALSE(ignored_kinds(R"(x = 'it\'s # raddle: ignore'; n += 1)"));
  CHECK(ignored_kinds(R"(x = "#"  # raddle: ignore)") == Kinds{"*"});
  CHECK(ignored_kinds("x += 1  # it's fine  # raddle: ignore") == Kinds{"*"});
}

TEST_CASE("comments that do not") {
  for (const char* line : {"", "x += 1", "raddle: ignore", "# ignore[lost-update]", "# raddle: note",
                           "# raddle: ignored", "# raddle: ignore[lost-update", "# raddle"})
    CHECK_FALSE(ignored_kinds(line));
}
