#include "checker/cli/outputs.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>

#include "checker/cli/command.h"
#include "checker/cli/terminal.h"
#include "checker/engine/error.h"
#include "reports/atomic_file.h"
#include "reports/github.h"
#include "reports/html_page.h"
#include "reports/junit.h"
#include "reports/perfetto.h"
#include "reports/sarif.h"

namespace raddle::cli {
namespace {

namespace fs = std::filesystem;
using engine::UserError;
using reports::ModelReport;

NamedFiles named(const OutputFiles& files) {
  return {{"--sarif", files.sarif},
          {"--junit", files.junit},
          {"--html", files.html},
          {"--perfetto", files.perfetto}};
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::weakly_canonical(fs::absolute(a), error) == fs::weakly_canonical(fs::absolute(b), error);
}

}  // namespace

bool OutputFiles::any() const {
  return github || !sarif.empty() || !junit.empty() || !html.empty() || !perfetto.empty();
}

void OutputFiles::change(const OutputFiles& others) {
  if (!others.sarif.empty()) sarif = others.sarif;
  if (!others.junit.empty()) junit = others.junit;
  if (!others.html.empty()) html = others.html;
  if (!others.perfetto.empty()) perfetto = others.perfetto;
  github |= others.github;
}

void declare(CLI::App& app, OutputFiles& files, const char* group) {
  add_value(app, "--sarif", files.sarif, "FILE", group,
            "write findings and their traces as SARIF 2.1.0, for code scanning and editors");
  add_value(app, "--junit", files.junit, "FILE", group, "write the verdict as JUnit XML, one test case");
  add_value(app, "--html", files.html, "FILE", group,
            "write a web page that needs nothing else: the findings, step by step beside the source");
  add_value(app, "--perfetto", files.perfetto, "FILE", group,
            "write the traces for ui.perfetto.dev and chrome://tracing");
  add_flag(
      app, "--github", files.github, group,
      "print findings as workflow commands of GitHub Actions, which annotates their lines with them; never "
      "on by itself");
}

void require_writable(const std::string& option, const std::string& path,
                      const std::vector<std::string>& inputs) {
  if (path.empty()) return;
  std::error_code error;
  if (fs::is_directory(path, error)) throw UserError(option + ": " + path + " is a folder");
  for (const std::string& read : inputs)
    if (fs::is_regular_file(read, error) && fs::equivalent(path, read, error))
      throw UserError(option + ": " + path + " is the model, or what is read with it. Choose another file");
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, error))
    throw UserError(option + ": there is no folder " + folder.string() + " for " +
                    fs::path(path).filename().string());
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) return;  // a device or a pipe
  // It is replaced as a whole, which is done in its folder.
  fs::path place = fs::weakly_canonical(path, error).parent_path();
  if (error || place.empty()) place = ".";
  if (::access(place.c_str(), W_OK | X_OK) != 0)
    throw UserError(option + ": the folder " + (folder.empty() ? "." : folder.string()) +
                    " cannot be written");
}

void require_writable(const OutputFiles& files, const std::vector<std::string>& inputs,
                      const NamedFiles& others) {
  NamedFiles all = others;
  for (auto& file : named(files)) all.push_back(std::move(file));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [option, path] = all[i];
    if (option != "--baseline" && option != "--project") require_writable(option, path, inputs);
    for (std::size_t j = 0; j < i && !path.empty(); ++j) {
      std::error_code error;
      const bool device = fs::exists(path, error) && !fs::is_regular_file(path, error);
      const bool renewed = all[j].first == "--baseline" && option == "--write-baseline";
      if (!device && !renewed && !all[j].second.empty() && is_same_file(path, all[j].second))
        throw UserError(option + ": " + path + " is the file of " + all[j].first + ", too");
    }
  }
}

reports::SourcePaths source_paths() {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  const char* workspace = std::getenv("GITHUB_WORKSPACE");
  if (workspace && *workspace) {
    const fs::path root = fs::weakly_canonical(workspace, error);
    const fs::path below = here.lexically_relative(root);
    if (!error && !below.empty() && *below.begin() != "..") return {here.string(), root.string()};
  }
  return {here.string(), here.string()};
}

void write(const OutputFiles& files, std::span<const ModelReport> models,
           const reports::SourceLookup& source) {
  if (!files.any()) return;
  const reports::SourcePaths paths = source_paths();
  std::optional<UserError> unwritten;
  auto try_to = [&](const std::string& path, const std::function<std::string()>& text) {
    if (path.empty()) return;
    try {
      reports::write_file(path, text());
    } catch (const UserError& e) {
      if (!unwritten) unwritten = e;
    }
  };
  try_to(files.sarif, [&] { return reports::sarif(models, source, paths); });
  try_to(files.junit, [&] { return reports::junit(models, paths); });
  try_to(files.html, [&] { return reports::html_page(models, source); });
  try_to(files.perfetto, [&] { return reports::perfetto(models); });
  if (files.github) print(reports::github_annotations(models, paths));
  if (unwritten) throw *unwritten;
}

}  // namespace raddle::cli
