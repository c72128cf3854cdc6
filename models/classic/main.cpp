// Checks one of the programs in this folder:
//
//   classic NAME [correct] [--strategy S] [--runs N] [--seed N] [--order WHAT] [--trace-dir DIR] [--brief]
//   classic --list
//
// Exit status: 0 if nothing was found, 1 if there is an error, 2 if it was not understood.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <optional>
#include <string>

#include "models/classic/classic.h"

namespace {

using classic::Program;

std::vector<const Program*>& programs() {
  static std::vector<const Program*> all;
  return all;
}

std::optional<raddle::Strategy> strategy_named(const std::string& name) {
  using raddle::Strategy;
  const std::pair<const char*, Strategy> names[] = {{"exhaustive", Strategy::exhaustive},
                                                    {"sample", Strategy::sample},
                                                    {"random", Strategy::random},
                                                    {"pct", Strategy::pct},
                                                    {"pos", Strategy::pos},
                                                    {"urw", Strategy::urw},
                                                    {"surw", Strategy::surw},
                                                    {"rff", Strategy::rff}};
  for (const auto& [known, strategy] : names)
    if (name == known) return strategy;
  return std::nullopt;
}

std::optional<raddle::Order> order_named(const std::string& name) {
  using raddle::Order;
  const std::pair<const char*, Order> names[] = {
      {"mixed", Order::mixed}, {"depth-first", Order::depth_first}, {"diverse", Order::diverse}};
  for (const auto& [known, order] : names)
    if (name == known) return order;
  return std::nullopt;
}

struct Request {
  const Program* program = nullptr;
  bool correct = false, brief = false;
  raddle::Options options;
};

std::optional<Request> parse(int argc, char** argv) {
  Request r;
  r.options.seconds = std::numeric_limits<double>::infinity();
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const char* next = i + 1 < argc ? argv[i + 1] : nullptr;
    if (word == "correct") {
      r.correct = true;
    } else if (word == "--brief") {
      r.brief = true;
    } else if (word.starts_with("--")) {
      if (!next) return std::nullopt;
      ++i;
      const auto strategy = strategy_named(next);
      const auto order = order_named(next);
      if (word == "--strategy" && strategy)
        r.options.strategy = *strategy;
      else if (word == "--order" && order)
        r.options.order = *order;
      else if (word == "--runs")
        r.options.runs = std::strtoull(next, nullptr, 10);
      else if (word == "--seed")
        r.options.seed = std::strtoull(next, nullptr, 10);
      else if (word == "--trace-dir")
        r.options.trace_dir = next;
      else
        return std::nullopt;
    } else {
      for (const Program* p : programs())
        if (word == p->name) r.program = p;
    }
  }
  if (!r.program) return std::nullopt;
  r.options.name = r.program->name;
  return r;
}

/// One line: how many executions in all rounds, coverage, and the kinds of the errors.
void print_brief(const raddle::Result& result) {
  std::cout << result.executions_total << ' ' << result.coverage;
  std::vector<std::string> kinds;
  for (const raddle::Finding& f : result.findings)
    if (f.severity == "error" && std::find(kinds.begin(), kinds.end(), f.kind) == kinds.end())
      kinds.push_back(f.kind);
  for (const std::string& kind : kinds) std::cout << ' ' << kind;
  std::cout << '\n';
}

}  // namespace

classic::Program::Program(const char* n, Function f) : name(n), function(f) { programs().push_back(this); }

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
    for (const Program* p : programs()) std::cout << p->name << '\n';
    return 0;
  }
  const std::optional<Request> request = parse(argc, argv);
  if (!request) {
    std::cerr << "usage: classic NAME [correct] [--strategy S] [--runs N] [--seed N] [--order WHAT] "
                 "[--trace-dir DIR] [--brief]\n"
                 "       classic --list\n";
    return 2;
  }
  const auto model = [&] { request->program->function(request->correct); };
  const raddle::Result result = raddle::check(model, request->options);
  if (request->brief)
    print_brief(result);
  else
    std::cout << result;
  return result.verdict == raddle::Verdict::findings ? 1 : 0;
}
