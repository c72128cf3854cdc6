// `raddle merge`.
#include <CLI/CLI.hpp>

#include "checker/cli/check_options.h"
#include "checker/cli/command.h"
#include "checker/cli/model_check.h"
#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

using engine::UserError;
using reports::Result;

/// The options without what may differ between shards.
Options common(const Result& result) {
  Options options = result.options;
  const bool samples = result.sample.has_value();  // then the runs are what is shared
  std::erase_if(options, [&](const auto& o) {
    return o.first == "shard" || o.first == "time" || (o.first == "runs" && !samples);
  });
  options.emplace_back("strategy", result.strategy);
  if (samples) options.emplace_back("seed", std::to_string(result.seed));
  return options;
}

std::string name_of(const reports::ShardPart& part) {
  return "shard " + std::to_string(part.index) + '/' + std::to_string(part.of);
}

class Merge : public Command {
 public:
  std::string_view name() const override { return "merge"; }
  std::string_view summary() const override {
    return "put the results of all shards of a search together, as if it had been one";
  }
  std::vector<std::string_view> usage() const override { return {"merge [OPTIONS] RESULT..."}; }
  std::string_view footer() const override {
    return "Each RESULT is the --report of one raddle check --shard I/N. All N are needed, and the\n"
           "program itself: the witnesses of findings are executed once more.\n"
           "Exit status: as of check\n";
  }
  void declare(CLI::App& app) override {
    const char* group = "Options";
    app.add_option("RESULT", paths_, "written by raddle check --shard I/N --report RESULT")->group(group);
    texts_.declare(app, group);
  }

  int run() override {
    if (paths_.empty()) throw UserError("merge: no results given. Try raddle merge RESULT... --report FILE");
    std::vector<Result> parts;
    for (const std::string& path : paths_) parts.push_back(read_shard(path));
    require_whole(parts);
    const Result& first = parts.front();
    CheckRequest request = parse_check(first.shard.command);
    request.search.shard = {};
    request.search.knowing.clear();
    request.search.limits.seconds = explore::Limits().seconds;
    std::erase_if(request.given, [](const auto& o) { return o.first == "shard"; });
    request.report.clear();
    request.outputs = {};
    texts_.change(request);
    request.also_read.insert(request.also_read.end(), paths_.begin(), paths_.end());
    request.program_hash = first.program_hash;
    request.input_hash = first.shard.input_hash;
    for (Result& part : parts) {
      request.shards.push_back({name_of(part.shard), std::move(part.shard.state)});
      request.seconds += part.seconds;
    }
    return check_model(request).status;
  }

 private:
  /// Are they all shards of one search, and all of them?
  void require_whole(const std::vector<Result>& parts) const {
    const Result& first = parts.front();
    std::vector<std::string> given(first.shard.of);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Result& part = parts[i];
      auto differs = [&](const std::string& what) {
        throw UserError(paths_[i] + ": this is not of the same search as " + paths_[0] + ": " + what);
      };
      if (part.raddle_version != RADDLE_VERSION)
        throw UserError(paths_[i] + ": raddle " + part.raddle_version +
                        " has written this result, and only that version can "
                        "merge it; this is " RADDLE_VERSION);
      if (part.model != first.model) differs("another program");
      if (part.arguments != first.arguments) differs("other arguments of the program");
      if (part.program_hash != first.program_hash) differs("the program has changed in between");
      if (part.shard.input_hash != first.shard.input_hash) differs("another standard input");
      if (part.shard.of != first.shard.of)
        differs("one of " + std::to_string(part.shard.of) + " shards, and not of " +
                std::to_string(first.shard.of));
      if (common(part) != common(first)) differs("other options");
      std::string& path = given[part.shard.index - 1];
      if (!path.empty())
        throw UserError(paths_[i] + ": this is " + name_of(part.shard) + ", and so is " + path);
      path = paths_[i];
    }
    std::string missing;
    for (std::size_t i = 0; i < given.size(); ++i)
      if (given[i].empty())
        missing += (missing.empty() ? "" : ", ") + std::to_string(i + 1) + '/' + std::to_string(given.size());
    if (!missing.empty()) throw UserError("merge: without shard " + missing + " it is not the whole search");
  }

  std::vector<std::string> paths_;
  MergeOptionTexts texts_;
};

}  // namespace

std::unique_ptr<Command> make_merge() { return std::make_unique<Merge>(); }

}  // namespace raddle::cli
