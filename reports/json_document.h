// What raddle's JSON files have in common: how they are laid out, how they are loaded, and how every mistake in one
// is reported: which file, which place in it, what was expected, what to do.
//
// For json_trace.cpp and json_result.cpp; other code has no need of it.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "checker/engine/trace.h"

namespace raddle::reports {

using Json = nlohmann::ordered_json;

/// A format of ours.
struct DocumentType {
  std::string_view noun;    // "trace"
  std::string_view format;  // "raddle-trace/1"
  std::string_view
      source;  // "`raddle check` writes traces to .raddle/ or to the folder given by --trace-dir"
};

/// The text of a document: every member of the top-level object on its own line, and the elements of top-level arrays
/// too, so that two documents can be compared by diff and big ones be read by people. Ends with a line break.
std::string layout(const Json& document);

/// The text of this file; engine::UserError if it cannot be read.
std::string load_text(const std::string& path, const DocumentType& type);
/// The document in this text; engine::UserError unless it is one of this type and version.
Json parse_document(std::string_view text, const std::string& path, const DocumentType& type);

/// A value inside of a document that knows its file and its place, for error messages. Members that are not known are
/// ignored, so that a later raddle may add some.
class JsonValue {
 public:
  /// The document itself, which must outlive all values within it.
  JsonValue(const Json& document, const std::string& path, const DocumentType& type)
      : json_(document), path_(path), type_(type) {}

  /// engine::UserError: this value is not as it has to be.
  [[noreturn]] void fail(const std::string& problem) const;

  // Members of an object. Without a fallback the member is required.
  std::string text(std::string_view key) const;
  std::string text_or_empty(std::string_view key) const;
  /// One of the words.
  std::string word(std::string_view key, std::initializer_list<std::string_view> words) const;
  std::uint64_t number(std::string_view key) const;
  std::uint64_t number_or_zero(std::string_view key) const;
  double real(std::string_view key) const;
  bool truth(std::string_view key, bool fallback) const;
  /// An index into a list of `count` things ("threads"); -1 if the member is missing and `required` is not set.
  int index(std::string_view key, std::size_t count, std::string_view things, bool required = false) const;
  std::vector<std::string> texts(std::string_view key) const;
  /// All numbers in `first` .. `last`.
  std::vector<int> numbers(std::string_view key, std::int64_t first, std::int64_t last) const;
  /// An object of texts; a list of texts is a name that is there several times.
  std::vector<std::pair<std::string, std::string>> pairs(std::string_view key) const;
  engine::TraceSite site(std::string_view key) const;
  bool has(std::string_view key) const;
  JsonValue object(std::string_view key) const;
  /// Calls `each` with every element, which must be an object. A missing member has no elements unless `required`.
  void each(std::string_view key, const std::function<void(const JsonValue&)>& each,
            bool required = true) const;

 private:
  JsonValue(const JsonValue& parent, const Json& json, std::string place)
      : json_(json), path_(parent.path_), type_(parent.type_), place_(std::move(place)) {}

  JsonValue member(std::string_view key) const;  // required
  JsonValue element(std::size_t i) const;
  std::string string_here() const;
  std::int64_t integer_here(std::int64_t first, std::int64_t last) const;
  [[noreturn]] void expected(const std::string& what) const;
  void require_object() const;

  const Json& json_;
  const std::string& path_;
  const DocumentType& type_;
  std::string place_;  // "events[3].thread"; empty: the document
};

// The same in the other direction.
Json to_json(const engine::TraceSite& site);
Json to_json(const std::vector<std::pair<std::string, std::string>>& pairs);
/// Sets a member unless the value is empty.
void set_if_any(Json& object, const char* key, const std::string& text);
void set_if_any(Json& object, const char* key, const engine::TraceSite& site);

}  // namespace raddle::reports
