// --expect.
#include "checker/cli/expectation.h"

#include <doctest/doctest.h>

#include "checker/engine/error.h"

using namespace raddle;
using namespace raddle::cli;

namespace {

/// A complete search with errors of these kinds.
reports::Result with(const std::vector<std::string>& kinds) {
  reports::Result result;
  for (const std::string& kind : kinds) {
    result.findings.emplace_back();
    result.findings.back().kind = kind;
    result.findings.back().severity = "error";
  }
  return result;
}

Judgement judged(const std::vector<std::string>& expected, const reports::Result& result,
                 const reports::Accept& accept = {}) {
  return judge(parse_expectation(expected), result, accept);
}

reports::Result cut(reports::Result result, const std::string& reason) {
  result.coverage.kind = "cut";
  result.coverage.reason = reason;
  return result;
}

}  // namespace

TEST_CASE("without an expectation the result decides") {
  CHECK(judged({}, with({})).status == 0);
  CHECK(judged({}, with({"hang"})).status == 1);
  CHECK(judged({}, cut(with({}), "time")).status == 3);
  CHECK(judged({}, with({"hang"})).message.empty());
}

TEST_CASE("a kind that has to be found") {
  CHECK(judged({"deadlock"}, with({"deadlock", "deadlock"})).status == 0);
  CHECK(judged({"deadlock"}, with({"deadlock"})).met);
  CHECK(judged({"deadlock"}, with({})).status == 1);
  CHECK(judged({"deadlock"}, with({})).message == "Expected deadlock, but there is nothing.");
  CHECK(judged({"deadlock"}, cut(with({}), "time")).status == 1);
  CHECK(judged({"deadlock"}, with({"hang"})).message == "Expected deadlock, but there is hang.");
  CHECK(judged({"deadlock"}, with({"deadlock", "hang"})).status == 1);
  CHECK(judged({"deadlock"}, with({"deadlock", "hang"})).message ==
        "Expected deadlock, and there is hang, too.");
  CHECK(judged({"deadlock"}, cut(with({"hang"}), "first-finding")).message.ends_with("--all goes on."));
  reports::Result ignored = with({"deadlock"});
  ignored.findings[0].suppressed = "baseline";
  CHECK(judged({"deadlock"}, ignored).status == 1);
}

TEST_CASE("several kinds") {
  CHECK(judged({"deadlock", "hang"}, with({"hang", "deadlock"})).status == 0);
  CHECK(judged({"deadlock", "hang"}, with({"hang"})).message ==
        "Expected deadlock and hang, but there is no deadlock.");
}

TEST_CASE("verdicts") {
  CHECK(judged({"clean"}, with({})).met);
  CHECK(judged({"clean"}, with({"hang"})).status == 1);
  CHECK(judged({"clean"}, cut(with({}), "time")).status == 3);
  CHECK(judged({"findings"}, with({"hang"})).status == 0);
  CHECK(judged({"findings"}, with({})).status == 1);
  CHECK(judged({"inconclusive"}, cut(with({}), "time")).status == 0);
  CHECK(judged({"inconclusive"}, with({})).status == 1);
  CHECK(judged({"crash"}, cut(with({}), "crash")).status == 0);
  CHECK(judged({"crash"}, with({})).status == 1);
}

TEST_CASE("words that mean nothing") {
  CHECK_THROWS_AS(parse_expectation({"telepathy"}), engine::UserError);
  CHECK_THROWS_AS(parse_expectation({"clean", "hang"}), engine::UserError);
  CHECK_THROWS_AS(parse_expectation({"hang", "clean"}), engine::UserError);
}
