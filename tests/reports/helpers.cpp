#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "reports/utf8.h"
#include "tests/reports/samples.h"

namespace raddle::tests {

namespace fs = std::filesystem;

std::string source_file(const std::string& path) {
  std::ifstream file(std::string(RADDLE_SOURCE_DIR "/") + path, std::ios::binary);
  if (!file) return {};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string scratch_folder() {
  struct Scratch {
    fs::path path;
    ~Scratch() {
      std::error_code ignored;
      fs::remove_all(path, ignored);
    }
  };
  static Scratch all{fs::temp_directory_path() / ("raddle-reports-" + std::to_string(::getpid()))};
  static int number = 0;
  fs::path folder = all.path / std::to_string(number++);
  fs::create_directories(folder);
  return folder.string();
}

void check_golden(const std::string& name, const std::string& text) {
  std::string path = "tests/reports/golden/" + name + ".txt";
  if (std::getenv("RADDLE_UPDATE_GOLDEN")) {
    std::ofstream(std::string(RADDLE_SOURCE_DIR "/") + path, std::ios::binary) << text;
  }
  INFO("golden file " << path);
  CHECK(text == source_file(path));
}

void check_width(const std::string& text, std::size_t width) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(reports::display_width(line) <= width);
    CHECK_FALSE(line.ends_with(' '));
  }
}

}  // namespace raddle::tests
