// The files for other programs that results go to besides --report: one of each kind for all models of a command.
#pragma once
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reports/model_report.h"
#include "reports/source_paths.h"

namespace CLI {
class App;
}  // namespace CLI

namespace raddle::cli {

struct OutputFiles {
  std::string sarif, junit, html, perfetto;  // paths; empty: not wanted
  bool github = false;                       // annotations on standard output

  bool any() const;
  /// Those that are wanted, of `others`, instead of these.
  void change(const OutputFiles& others);
};

/// --sarif, --junit, --html, --perfetto, --github.
void declare(CLI::App& app, OutputFiles& files, const char* group);

/// Options, and the files that they name; empty: not given.
using NamedFiles = std::vector<std::pair<std::string, std::string>>;

/// Throws engine::UserError, before the search, for what could not be written after it, and where two options name one file.
/// `inputs`: files that must not be overwritten; names of what is no file do no harm. `others`: the files of other options:
/// of --baseline and --project, which are only read, and of those that are written.
void require_writable(const OutputFiles& files, const std::vector<std::string>& inputs,
                      const NamedFiles& others);
/// The same for the file of another option.
void require_writable(const std::string& option, const std::string& path,
                      const std::vector<std::string>& inputs);

/// How files are named in them: from the workspace of a job of GitHub Actions, if we are in one, else from here.
reports::SourcePaths source_paths();

/// Writes all of them; the annotations are printed. After apply_policy, in the folder that paths are relative to. Every file is
/// tried; throws engine::UserError for the first that could not be written.
void write(const OutputFiles& files, std::span<const reports::ModelReport> models,
           const reports::SourceLookup& source);

}  // namespace raddle::cli
