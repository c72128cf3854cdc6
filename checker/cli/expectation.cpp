#include "checker/cli/expectation.h"

#include <algorithm>

#include "checker/engine/error.h"
#include "reports/kinds.h"

namespace raddle::cli {
namespace {

using engine::UserError;
using Words = std::vector<std::string>;

constexpr const char* kVerdicts[] = {"clean", "findings", "inconclusive"};

std::string joined(const Words& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

bool contains(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The kinds of the errors that count, each once. A crash of which nothing else is known is no finding, and yet it can be
/// expected.
Words kinds_of(const reports::Result& result) {
  Words kinds;
  for (const reports::ResultFinding& f : result.findings)
    if (f.severity == "error" && f.suppressed.empty() && !contains(kinds, f.kind)) kinds.push_back(f.kind);
  const bool ignored = std::any_of(result.findings.begin(), result.findings.end(),
                                   [](const auto& f) { return f.kind == "crash"; });
  if (result.coverage.reason == "crash" && !ignored) kinds.emplace_back("crash");
  return kinds;
}

Words without(const Words& words, const Words& others) {
  Words rest;
  for (const std::string& word : words)
    if (!contains(others, word)) rest.push_back(word);
  return rest;
}

std::string what_came(const Words& kinds, int status) {
  return !kinds.empty()                         ? joined(kinds)
         : status == reports::kExitInconclusive ? "nothing, but not all was explored"
                                                : "nothing";
}

}  // namespace

std::string Expectation::words() const { return verdict.empty() ? joined(kinds) : verdict; }

Expectation parse_expectation(const std::vector<std::string>& values) {
  Expectation expected;
  for (const std::string& value : values) {
    if (std::find(std::begin(kVerdicts), std::end(kVerdicts), value) != std::end(kVerdicts)) {
      if (values.size() > 1)
        throw UserError("--expect: " + value + " stands alone, but there is " +
                        (values.front() == value ? values.back() : values.front()) + ", too");
      expected.verdict = value;
      continue;
    }
    if (!reports::find_kind(value)) {
      std::string all;
      for (const reports::Kind& kind : reports::kinds()) all += ", " + std::string(kind.name);
      throw UserError("--expect: there is no '" + value +
                      "'. It takes clean, findings, inconclusive, or kinds of findings: " + all.substr(2) +
                      ".");
    }
    if (!contains(expected.kinds, value)) expected.kinds.push_back(value);
  }
  return expected;
}

Judgement judge(const Expectation& expected, const reports::Result& result, const reports::Accept& accept) {
  const int status = reports::exit_code(result, accept);
  if (!expected.any()) return {status, false, {}};
  const Words kinds = kinds_of(result);
  const std::string came = what_came(kinds, status);
  const std::string opening = "Expected " + expected.words() + ", ";
  auto met = [&] { return Judgement{reports::kExitClean, true, opening + "and that is what there is."}; };
  if (expected.verdict == "clean") {
    if (status == reports::kExitClean) return met();
    return {status, false,
            opening + (kinds.empty() ? "but not all was explored." : "but there is " + came + ".")};
  }
  if (expected.verdict == "findings" && !kinds.empty()) return met();
  if (expected.verdict == "inconclusive" && status == reports::kExitInconclusive) return met();
  if (!expected.verdict.empty())
    return {reports::kExitFindings, false, opening + "but there is " + came + "."};
  const Words missing = without(expected.kinds, kinds), others = without(kinds, expected.kinds);
  if (missing.empty() && others.empty()) return met();
  std::string message = opening;
  if (missing.empty())
    message += "and there is " + joined(others) + ", too.";
  else if (missing.size() == expected.kinds.size())
    message += "but there is " + came + ".";
  else
    message += "but there is no " + joined(missing) +
               (others.empty() ? "." : ", and there is " + joined(others) + ".");
  if (!missing.empty() && !kinds.empty() && result.coverage.reason == "first-finding")
    message += " The search has stopped there: --all goes on.";
  return {reports::kExitFindings, false, message};
}

}  // namespace raddle::cli
