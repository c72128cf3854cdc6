#include "checker/cli/model.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include <nlohmann/json.hpp>

#include "checker/cli/choices.h"
#include "checker/cli/parse.h"
#include "checker/engine/error.h"
#include "reports/source_files.h"
#if RADDLE_WITH_PYTHON
#include "checker/python/model.h"
#endif

namespace raddle::cli {

using engine::UserError;

Options ModelSpec::options(const std::string& standard_input) const {
  Options options;
  if (as_module) options.emplace_back("module", "yes");
  if (!test.empty()) options.emplace_back("test", test);
  if (!stdin_file.empty()) {
    options.emplace_back("stdin", stdin_file);
    options.emplace_back("stdin-hash", content_hash(standard_input));
  }
  for (const std::string& name : instrument) options.emplace_back("instrument", name);
  if (fine) options.emplace_back("fine", "yes");
  if (gil) options.emplace_back("atomicity", "gil");
  if (ordered_output) options.emplace_back("outcomes", "yes");
  return options;
}

void ModelSpec::split_test() {
  const auto at = model.find("::");
  if (as_module || at == std::string::npos || at == 0) return;
  test = model.substr(at + 2);
  if (test.empty()) throw UserError("there is no test behind the :: of " + model);
  model.resize(at);
}

ModelSpec ModelSpec::from_trace(const engine::Trace& trace) {
  ModelSpec spec;
  spec.model = trace.model;
  spec.arguments = trace.arguments;
  spec.as_module = option_of(trace.options, "module") == "yes";
  spec.test = option_of(trace.options, "test");
  spec.stdin_file = option_of(trace.options, "stdin");
  spec.fine = option_of(trace.options, "fine") == "yes";
  spec.gil = option_of(trace.options, "atomicity") == "gil";
  spec.ordered_output = option_of(trace.options, "outcomes") == "yes";
  for (const auto& [name, value] : trace.options)
    if (name == "instrument") spec.instrument.push_back(value);
  return spec;
}

bool parse_atomicity(const std::string& text) { return parse_choice("--atomicity", text, kAtomicities) == 1; }

std::string option_of(const Options& options, const std::string& name) {
  for (const auto& [key, value] : options)
    if (key == name) return value;
  return {};
}

std::string content_hash(const std::string& content) { return reports::content_digest(content); }

namespace {

#if RADDLE_WITH_PYTHON
class PythonProgram : public Model {
 public:
  PythonProgram(const ModelSpec& spec, const std::string& standard_input,
                const engine::Watchdog::Limits& watchdog, int most_runs, LoadingAccidents accidents) {
    python::PythonOptions options;
    options.model = spec.model;
    options.as_module = spec.as_module;
    options.test = spec.test;
    options.arguments = spec.arguments;
    options.standard_input = standard_input;
    options.instrument = spec.instrument;
    options.gil = spec.gil;
    options.once = spec.once;
    options.fine = spec.fine;
    options.ordered_output = spec.ordered_output;
    options.mutated_file = spec.mutated_file;
    options.mutation = spec.mutation;
    options.watchdog = watchdog;
    options.give_up = std::move(accidents.give_up);
    options.crashed = std::move(accidents.crashed);
    if (most_runs >= 0) options.most_runs = most_runs;
    model_ = python::load(options);
  }
  engine::Program& program() override { return *model_; }
  std::string program_hash() const override { return model_->program_hash(); }
  std::string visibility() const override { return model_->visibility(); }
  void set_visibility(const std::string& text) override { model_->set_visibility(text); }
  std::vector<std::string> uncontrolled() const override {
    std::vector<std::string> all;
    for (const python::Uncontrolled& u : model_->uncontrolled()) {
      std::string text = u.what;
      if (u.site.line > 0) text += " (" + std::string(u.site.file) + ":" + std::to_string(u.site.line) + ")";
      if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(std::move(text));
    }
    return all;
  }
  std::vector<std::string> source_files() const override { return model_->source_files(); }
  std::string source_line(const std::string& file, int line) const override {
    return model_->source_line(file, line);
  }
  std::optional<std::string> source_text(const std::string& file) const override {
    return model_->source_text(file);
  }
  void interrupt(bool out_of_time) override { model_->interrupt(out_of_time); }
  std::string shown_output() const override {
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    std::string text;
    for (const python::OutputPiece& p : model_->output_pieces())
      text +=
          nlohmann::json{p.tid, p.error ? "stderr" : "stdout", p.text}.dump(-1, ' ', false, kReplace) + '\n';
    return text;
  }
  int exit_status() const override { return model_->exit_status(); }
  bool waits_for_input() const override { return model_->waits_for_input(); }
  void prepare_debugger(std::function<void(const std::string&)> leave) override {
    model_->prepare_debugger(std::move(leave));
  }
  void stop_in_debugger() override { model_->stop_in_debugger(); }

 private:
  std::unique_ptr<python::PythonModel> model_;
};
#endif

bool is_native(std::string_view path) {
  for (std::string_view end : {".c", ".cc", ".cpp", ".cxx", ".so", ".o", ".h"})
    if (path.ends_with(end)) return true;
  return false;
}

}  // namespace

const char* place_of_standstill() {
#if RADDLE_WITH_PYTHON
  return python::place_of_standstill();
#else
  return "";
#endif
}

const char* front_end_of(const ModelSpec&) { return "python"; }

bool is_test_file(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.ends_with(".py") && (name.starts_with("test_") || name.ends_with("_test.py"));
}

std::vector<Test> tests_in(const std::string& path, const engine::Watchdog::Limits& limits,
                           std::chrono::nanoseconds budget) {
  std::vector<Test> tests;
#if RADDLE_WITH_PYTHON
  for (python::CollectedTest& t : python::collect_tests(path, limits, budget))
    tests.push_back({std::move(t.file), std::move(t.name), std::move(t.why_not)});
#else
  static_cast<void>(limits), static_cast<void>(budget);
  throw UserError(path + ": this raddle was built without its Python front end");
#endif
  return tests;
}

std::vector<Mutation> mutations_of(const std::string& path) {
  std::vector<Mutation> all;
#if RADDLE_WITH_PYTHON
  for (python::Mutation& m : python::mutations_of(path))
    all.push_back({std::move(m.kind), m.line, std::move(m.function), std::move(m.words)});
#else
  throw UserError(path + ": this raddle was built without its Python front end");
#endif
  return all;
}

std::string name_of(const ModelSpec& spec, const std::string& path) {
  std::string name = spec.as_module ? "-m " + spec.model : path;
  if (!spec.test.empty()) name += "::" + spec.test;
  for (std::size_t i = 0; i < spec.arguments.size(); ++i) name += (i == 0 ? " -- " : " ") + spec.arguments[i];
  return name;
}

std::unique_ptr<Model> load_model(const ModelSpec& spec, const std::string& standard_input,
                                  const engine::Watchdog::Limits& watchdog, int most_runs,
                                  LoadingAccidents accidents) {
  if (!spec.as_module && is_native(spec.model))
    throw UserError(spec.model + ": this raddle checks Python programs only");
#if RADDLE_WITH_PYTHON
  return std::make_unique<PythonProgram>(spec, standard_input, watchdog, most_runs, std::move(accidents));
#else
  static_cast<void>(standard_input), static_cast<void>(watchdog), static_cast<void>(most_runs),
      static_cast<void>(accidents);
  throw UserError(spec.model + ": this raddle was built without its Python front end");
#endif
}

}  // namespace raddle::cli
