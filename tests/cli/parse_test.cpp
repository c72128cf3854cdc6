// Values of options.
#include "checker/cli/parse.h"

#include <cstdio>
#include <fstream>

#include <doctest/doctest.h>

#include "checker/cli/help.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"

using namespace raddle::cli;
using raddle::engine::UserError;
using namespace std::chrono_literals;

TEST_CASE("numbers") {
  CHECK(parse_number("--n", "0", 0, 9) == 0);
  CHECK(parse_number("--n", "007", 0, 9) == 7);
  CHECK(parse_number("--n", "18446744073709551615", 0, UINT64_MAX) == UINT64_MAX);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1e3", "one"})
    CHECK_THROWS_WITH_AS(parse_number("--n", bad, 0, 9),
                         ("--n: '" + std::string(bad) + "' is not a whole number").c_str(), UserError);
  CHECK_THROWS_WITH_AS(parse_number("--n", "10", 1, 9), "--n: '10' is not a number from 1 to 9", UserError);
  CHECK_THROWS_WITH_AS(parse_number("--n", "0", 1, UINT64_MAX), "--n: '0' is not a number from 1 on",
                       UserError);
  CHECK_THROWS_AS(parse_number("--n", "18446744073709551616", 0, UINT64_MAX), UserError);
}

TEST_CASE("durations") {
  CHECK(parse_duration("--t", "10") == 10s);
  CHECK(parse_duration("--t", "15s") == 15s);
  CHECK(parse_duration("--t", "2m") == 2min);
  CHECK(parse_duration("--t", "1h") == 1h);
  CHECK(parse_duration("--t", "500ms") == 500ms);
  CHECK(parse_duration("--t", "1.5s") == 1500ms);
  CHECK(parse_duration("--t", ".5") == 500ms);
  for (const char* bad :
       {"", "s", "-1", "+1", "1 s", "1 ", "1S", "1min", "1.2.3s", ".", "1e3", "inf", "nan", "0x10"})
    CHECK_THROWS_AS(parse_duration("--t", bad), UserError);
  CHECK_THROWS_WITH_AS(parse_duration("--t", "0s"), "--t: '0s' is not more than nothing", UserError);
  CHECK_THROWS_AS(parse_duration("--t", "9999999h"), UserError);
}

TEST_CASE("choices") {
  CHECK(parse_choice("--c", "b", {"a", "b", "c"}) == 1);
  CHECK_THROWS_WITH_AS(parse_choice("--c", "d", {"a", "b", "c"}), "--c: there is no 'd'. It takes a, b or c.",
                       UserError);
  CHECK_THROWS_AS(parse_choice("--c", "", {"a", "b"}), UserError);
}

TEST_CASE("lists") {
  using List = std::vector<std::string>;
  CHECK(split_commas({}) == List{});
  CHECK(split_commas({"a,b", "c"}) == List{"a", "b", "c"});
  CHECK(split_commas({"a,"}) == List{"a", ""});
}

TEST_CASE("files") {
  CHECK_THROWS_WITH_AS(read_input("--stdin", "/nowhere/file"),
                       "--stdin: /nowhere/file cannot be read: No such file or directory", UserError);
  CHECK_THROWS_WITH_AS(read_input("--stdin", "/"), "--stdin: / cannot be read: Is a directory", UserError);
  CHECK(read_input("--stdin", "/dev/null").empty());
  const std::string path = "raddle_parse_test.tmp";
  const std::string content = std::string(200'000, 'x') + '\0' + "\xFF\n";
  std::ofstream(path, std::ios::binary) << content;
  CHECK(read_input("--stdin", path) == content);
  std::remove(path.c_str());
}

TEST_CASE("colours") {
  CHECK(use_colour(parse_colour("always")));
  CHECK_FALSE(use_colour(parse_colour("never")));
  CHECK_THROWS_AS(parse_colour("yes"), UserError);
}

TEST_CASE("misspelt options") {
  const std::vector<std::string> known = {"--strategy", "--seed", "--stdin", "--all", "--time", "--timeouts"};
  CHECK(nearest("--sed", known) == "--seed");
  CHECK(nearest("--stratgey", known) == "--strategy");
  CHECK(nearest("--tiem", known) == "--time");
  CHECK(nearest("--timeout", known) == "--timeouts");
  CHECK(nearest("--al", known) == "--all");
  CHECK(nearest("--frobnicate", known).empty());
  CHECK(nearest("-x", known).empty());
  CHECK(nearest("", known).empty());
}
