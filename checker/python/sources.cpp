#include "checker/python/sources.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <unordered_map>

#include "checker/engine/engine.h"
#include "checker/python/interpreter.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

std::unordered_map<std::string, std::vector<std::string>> lines_of_file;  // by shown path

// path -> bytes of what has been instrumented. Borrowed.
PyObject* sources() {
  static PyObject* dict = PyObject_GetAttrString(library_module("importer"), "sources");
  return dict;
}

std::string_view bytes_of(PyObject* bytes) {
  return {PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes))};
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::optional<std::string> read_text(const std::string& path) {
  Ref key = Ref::take(PyUnicode_DecodeFSDefault(path.c_str()));
  PyObject* source = key ? PyDict_GetItemWithError(sources(), key.get()) : nullptr;
  if (source) return std::string(bytes_of(source));
  PyErr_Clear();
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

std::uint64_t hash(std::string_view text, std::uint64_t h) {
  for (char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return engine::mix(h ^ text.size());
}

}  // namespace

std::string source_line_of(std::string_view shown_file, int line) {
  auto [it, fresh] = lines_of_file.try_emplace(std::string(shown_file));
  if (fresh) {
    const std::string path = real_path(shown_file);
    if (!path.empty()) it->second = split(read_text(path).value_or(""));
  }
  if (line < 1 || static_cast<std::size_t>(line) > it->second.size()) return {};
  return it->second[static_cast<std::size_t>(line) - 1];
}

std::optional<std::string> source_text_of(std::string_view shown_file) {
  const std::string path = real_path(shown_file);
  return path.empty() ? std::nullopt : read_text(path);
}

std::vector<std::string> instrumented_files() {
  std::vector<std::string> files;
  PyObject *path, *source;
  Py_ssize_t position = 0;
  while (PyDict_Next(sources(), &position, &path, &source)) {
    const Ref bytes = Ref::take(PyUnicode_EncodeFSDefault(path));  // it may not be text
    if (bytes) files.emplace_back(PyBytes_AS_STRING(bytes.get()));
    PyErr_Clear();
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string hash_sources() {
  // Two independent 64-bit hashes: it has to tell versions of a program apart, not to resist an attacker.
  std::uint64_t first = 0xCBF29CE484222325ull, second = 0x84222325CBF29CE4ull;
  std::vector<std::pair<std::string, PyObject*>> files;
  PyObject *path, *source;
  Py_ssize_t position = 0;
  while (PyDict_Next(sources(), &position, &path, &source)) files.emplace_back(shown_path(path), source);
  std::sort(files.begin(), files.end());
  for (const auto& [name, text] : files) {
    first = hash(bytes_of(text), hash(name, first));
    second = hash(bytes_of(text), hash(name, second) * 0x9E3779B97F4A7C15ull);
  }
  char digits[33];
  std::snprintf(digits, sizeof digits, "%016llx%016llx", static_cast<unsigned long long>(first),
                static_cast<unsigned long long>(second));
  return digits;
}

void forget_sources() { lines_of_file.clear(); }

}  // namespace raddle::python
