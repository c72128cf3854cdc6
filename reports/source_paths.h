// Where the files that locations name are, for reports that other programs read: relative to a folder, as a repository is.
// Thread-safe.
#pragma once
#include <string>

#include "reports/result.h"

namespace raddle::reports {

class SourcePaths {
 public:
  /// `here`: the folder in which raddle was started, which models are named relative to. `root`: that, or one above it. Both absolute.
  SourcePaths(std::string here, std::string root) : here_(std::move(here)), root_(std::move(root)) {}

  /// The file that a location in this model's findings names: relative to the root if it is below it, else absolute.
  /// Files of the language's own library are nowhere: "python3.11/queue.py".
  std::string path(const Result& model, const std::string& file) const;
  /// The same as a URI reference.
  std::string uri(const Result& model, const std::string& file) const;
  /// The model's own file; of a module its name with slashes.
  std::string model(const Result& model) const;

 private:
  std::string placed(const std::string& path) const;
  std::string here_, root_;
};

/// Does a location name it as a file of the language's library, and not of the program?
bool is_library_file(const std::string& file);

/// A relative or absolute path as a URI reference: "a%20b.py", "file:///a/b.py".
std::string uri_of(const std::string& path);

}  // namespace raddle::reports
