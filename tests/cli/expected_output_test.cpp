#include "checker/cli/expected_output.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "checker/engine/error.h"

using raddle::cli::parse_expected_output;

TEST_CASE("a text is all of the output, but for line breaks at its end") {
  const auto fits = parse_expected_output({"a\nb"});
  CHECK(fits("a\nb"));
  CHECK(fits("a\nb\n\n"));
  CHECK_FALSE(fits("a\nb\nc"));
  CHECK_FALSE(fits(" a\nb"));
  CHECK_FALSE(fits(""));
  CHECK(parse_expected_output({""})("\n"));
}

TEST_CASE("an expression is looked for") {
  const auto fits = parse_expected_output({R"(/^total=\d+$/)"});
  CHECK(fits("begin\ntotal=12\nend\n"));
  CHECK_FALSE(fits("total=\n"));
  CHECK_FALSE(fits("subtotal=1\n"));
  CHECK(parse_expected_output({"/a|b/"})("xb"));
  CHECK(parse_expected_output({"/\xC3\xA4.z/"})("\xC3\xA4\xC3\xB6z"));
  CHECK_FALSE(parse_expected_output({"/x/"})("\xFF\xFE"));  // no UTF-8
  CHECK(parse_expected_output({"/"})("/"));                 // too short for one
}

TEST_CASE("a large output does not use up the stack") {
  const std::string large(3'000'000, 'a');
  CHECK(parse_expected_output({"/^(a|b)*$/"})(large));
}

TEST_CASE("one of several is enough") {
  const auto fits = parse_expected_output({"a", "/^b/"});
  CHECK(fits("a"));
  CHECK(fits("bc"));
  CHECK_FALSE(fits("ac"));
}

TEST_CASE("a file holds it") {
  const std::string path =
      std::filesystem::temp_directory_path() / ("raddle-expected-" + std::to_string(::getpid()));
  std::ofstream(path) << "a\nb\n";
  CHECK(parse_expected_output({"@" + path})("a\nb\n"));
  CHECK_FALSE(parse_expected_output({"@" + path})("a\n"));
  std::filesystem::remove(path);
}

TEST_CASE("what means nothing") {
  CHECK_THROWS_WITH_AS(parse_expected_output({"/a(/"}), doctest::Contains("missing closing parenthesis"),
                       raddle::engine::UserError);
  CHECK_THROWS_AS(parse_expected_output({"@nowhere.txt"}), raddle::engine::UserError);
}
