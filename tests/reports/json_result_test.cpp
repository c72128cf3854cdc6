#include "reports/json_result.h"

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "reports/json_trace.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

std::string complaint(const std::string& from, const std::string& to) {
  std::string json = result_to_json(tests::full_result());
  std::size_t at = json.find(from);
  REQUIRE(at != std::string::npos);
  try {
    result_from_json(json.replace(at, from.size(), to), "r.json");
  } catch (const engine::UserError& e) {
    return e.what();
  }
  return "accepted";
}

const std::string kRemedy = ". Make it anew: `raddle check MODEL --report FILE` writes a result to FILE.";

}  // namespace

TEST_CASE("a bound of no preemptions is written, and what was known at each bound") {
  Result r = tests::lost_update_result();
  r.coverage = {
      .kind = "bounded", .reason = "preemptions", .bound = 0, .requested = true, .levels = {{3, 2}}};
  const std::string text = result_to_json(r);
  CHECK(text.find("\"bound\":0") != std::string::npos);
  CHECK(text.find("\"levels\"") != std::string::npos);
  CHECK(result_from_json(text, "r.json") == r);
}

TEST_CASE("what is written is what is read, and the same bytes again") {
  for (const Result& result : {Result(), tests::lost_update_result(), tests::full_result()}) {
    std::string json = result_to_json(result);
    Result copy = result_from_json(json, "r.json");
    CHECK(copy == result);
    CHECK(result_to_json(copy) == json);
  }
}

TEST_CASE("the layout") {
  tests::check_golden("lost_update_result.json", result_to_json(tests::lost_update_result()));
}

TEST_CASE("only the line of the seconds differs between two runs") {
  Result slow = tests::lost_update_result();
  slow.seconds = 12.3456789012;
  std::string a = result_to_json(tests::lost_update_result());
  std::string b = result_to_json(slow);
  CHECK(a.substr(0, a.rfind("\"seconds\"")) == b.substr(0, b.rfind("\"seconds\"")));
  CHECK(b.ends_with("\"seconds\": 12.345679\n}\n"));
}

TEST_CASE("files") {
  std::string path = tests::scratch_folder() + "/r.json";
  write_result(path, tests::full_result());
  CHECK(read_result(path) == tests::full_result());
  write_trace(path, tests::lost_update());
  CHECK_THROWS_WITH_AS(
      read_result(path),
      (path + ": is a trace, not a result: its format is raddle-trace/1. Name a result: `raddle check "
              "MODEL --report FILE` writes a result to FILE.")
          .c_str(),
      engine::UserError);
}

TEST_CASE("damaged results") {
  CHECK(complaint("\"verdict\": \"findings\"", "\"verdict\": \"perfect\"") ==
        "r.json: is damaged: verdict is \"perfect\" instead of one of \"clean\", \"findings\", "
        "\"inconclusive\"" +
            kRemedy);
  CHECK(complaint("\"kind\":\"bounded\"", "\"kind\":\"bound\"") ==
        "r.json: is damaged: coverage.kind is \"bound\" instead of one of \"complete\", \"bounded\", "
        "\"sampled\", \"cut\"" +
            kRemedy);
  CHECK(complaint("\"executions\": 4", "\"executions\": \"4\"") ==
        "r.json: is damaged: executions is \"4\" instead of an integer from 0" + kRemedy);
  CHECK(complaint("\"seconds\": 0.001234", "\"seconds\": \"fast\"") ==
        "r.json: is damaged: seconds is \"fast\" instead of a number" + kRemedy);
  CHECK(complaint("\"rounds\":8", "\"rouns\":8") ==
        "r.json: is damaged: coverage.loops[0] has no \"rounds\"" + kRemedy);
  CHECK(complaint("\"places\":[{\"thread\":\"t2\",", "\"places\":[{") ==
        "r.json: is damaged: findings[0].places[0] has no \"thread\"" + kRemedy);
  CHECK(complaint("\"warnings\": [", "\"warnings\": [7,") ==
        "r.json: is damaged: warnings[0] is 7 instead of a text" + kRemedy);
  CHECK(complaint("raddle-result/1", "raddle-result/9")
            .starts_with("r.json: has the format raddle-result/9; "));
  CHECK(complaint("\"seconds\"", "\"later\": [], \"seconds\"") == "accepted");
}

TEST_CASE("a finding summed up without its trace") {
  engine::Trace trace = tests::lost_update();
  ResultFinding f = summarize(trace, trace.findings[0], 2, "x.json");
  CHECK(f.threads == std::vector<std::string>{"t1", "t2"});
  CHECK(f.objects == std::vector<std::string>{"database_value"});
  REQUIRE(f.places.size() == 3);
  CHECK(f.places[0] == ResultPlace{"t2", "read database_value -> 0", trace.events[3].site});
  CHECK(f.places[2] == ResultPlace{"t2", "write database_value = 1", trace.events[6].site});
  CHECK(f.count == 2);
  CHECK(f.trace == "x.json");
}
