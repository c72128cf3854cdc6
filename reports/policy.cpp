#include "reports/policy.h"

#include <algorithm>
#include <charconv>

#include "checker/engine/error.h"
#include "reports/kinds.h"

namespace raddle::reports {
namespace {

/// `name` is `path` or its last components: "shared.py" and "pkg/shared.py" are "a/pkg/shared.py", "red.py" is not.
bool names_file(std::string_view name, std::string_view path) {
  if (name.empty() || !path.ends_with(name)) return false;
  return path.size() == name.size() || name.front() == '/' || path[path.size() - name.size() - 1] == '/';
}

struct Place {
  std::string_view file;
  int line = 0;  // 0: any
};

Place split_place(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return {text};
  int line = 0;
  const char* end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data() + colon + 1, end, line);
  if (error != std::errc() || rest != end || line <= 0) return {text};
  return {text.substr(0, colon), line};
}

bool counts_as_error(const ResultFinding& finding) {
  return finding.severity == "error" && finding.suppressed.empty();
}

}  // namespace

Accept parse_accept(const std::vector<std::string>& values) {
  Accept accept;
  for (const std::string& value : values) {
    if (value == "bounded") {
      accept.bounded = true;
    } else if (value == "sampled") {
      accept.sampled = true;
    } else if (value == "partial") {
      accept.partial = true;
    } else {
      throw engine::UserError("--accept: there is no '" + value + "'. It takes bounded, sampled or partial.");
    }
  }
  return accept;
}

IgnoreRule parse_ignore(std::string_view value) {
  auto colon = value.find(':');
  IgnoreRule rule{std::string(value.substr(0, colon)), {}};
  if (rule.kind != "*") require_kind(rule.kind, "--ignore");
  if (colon != std::string_view::npos) {
    rule.place = value.substr(colon + 1);
    if (rule.place.empty()) {
      throw engine::UserError("--ignore: there is no place after the colon in '" + std::string(value) +
                              "'. Write KIND:FILE, KIND:FILE:LINE, KIND:OBJECT, or just KIND.");
    }
  }
  return rule;
}

std::string parse_fail_on(std::string_view value) {
  return std::string(require_kind(value, "--fail-on").name);
}

bool matches(const IgnoreRule& rule, const ResultFinding& finding) {
  if (rule.kind != "*" && rule.kind != finding.kind) return false;
  if (rule.place.empty() || rule.place == finding.title) return true;
  auto named = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), rule.place) != names.end();
  };
  if (named(finding.objects) || named(finding.threads)) return true;
  Place place = split_place(rule.place);
  auto at = [&](const engine::TraceSite& site) {
    return names_file(place.file, site.file) && (place.line == 0 || place.line == site.line);
  };
  return at(finding.site) || std::any_of(finding.places.begin(), finding.places.end(),
                                         [&](const ResultPlace& p) { return at(p.site); });
}

void apply_policy(Result& result, const Policy& policy) {
  for (ResultFinding& finding : result.findings) {
    bool fails =
        std::find(policy.fail_on.begin(), policy.fail_on.end(), finding.kind) != policy.fail_on.end();
    if (fails || (policy.strict && finding.severity == "warning")) finding.severity = "error";
    for (const IgnoreRule& rule : policy.ignore) {
      if (finding.suppressed.empty() && matches(rule, finding)) {
        finding.suppressed = "--ignore " + rule.kind + (rule.place.empty() ? "" : ":" + rule.place);
      }
    }
  }
  result.verdict = verdict_of(result);
}

std::vector<std::string_view> shortfalls(const Result& result) {
  std::vector<std::string_view> all;
  const Coverage& coverage = result.coverage;
  if (!result.inconclusive_reason.empty()) all.emplace_back("failed");
  if (coverage.kind == "bounded" && !coverage.requested) {
    all.emplace_back("bounded");
  } else if (coverage.kind == "sampled" && !coverage.requested) {
    all.emplace_back("sampled");
  } else if (coverage.kind != "complete" && coverage.kind != "bounded" && coverage.kind != "sampled") {
    all.emplace_back("cut");
  }
  if (!coverage.partial.empty()) all.emplace_back("partial");
  return all;
}

std::string_view verdict_of(const Result& result) {
  if (std::any_of(result.findings.begin(), result.findings.end(), counts_as_error)) return "findings";
  return shortfalls(result).empty() ? "clean" : "inconclusive";
}

int exit_code(const Result& result, const Accept& accept) {
  if (verdict_of(result) == "findings") return kExitFindings;
  for (std::string_view shortfall : shortfalls(result)) {
    bool accepted = (shortfall == "bounded" && accept.bounded) ||
                    (shortfall == "sampled" && accept.sampled) || (shortfall == "partial" && accept.partial);
    if (!accepted) return kExitInconclusive;
  }
  return kExitClean;
}

int replay_exit_code(const engine::Trace& trace, bool diverged) {
  if (diverged) return kExitInconclusive;
  return trace.findings.empty() ? kExitClean : kExitFindings;
}

}  // namespace raddle::reports
