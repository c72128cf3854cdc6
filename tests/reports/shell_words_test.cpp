#include "reports/shell_words.h"

#include <cstdio>
#include <string>

#include <doctest/doctest.h>

using namespace raddle::reports;

namespace {

/// What a shell makes of it.
std::string typed(const std::string& command) {
  std::FILE* shell = ::popen(("printf %s " + command).c_str(), "r");
  REQUIRE(shell);
  std::string text(200, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), shell));
  ::pclose(shell);
  return text;
}

}  // namespace

TEST_CASE("words come back from a shell as they were, and from a command that begins with them") {
  for (const std::string word :
       {"plain", "a b", "it's", "'", "\"$HOME\"", "back\\slash", "\xC3\xA4", "-tc=a*", "a;b"}) {
    CAPTURE(word);
    CHECK(typed(shell_word(word)) == word);
    CHECK(first_shell_word(shell_word(word)) == word);
    CHECK(first_shell_word(shell_word(word) + " 'and more'") == word);
  }
  CHECK(shell_word("./path/to-it_1.json") == "./path/to-it_1.json");  // nothing to quote
  CHECK(shell_word("") == "''");
}
