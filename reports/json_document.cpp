#include "reports/json_document.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "checker/engine/error.h"

namespace raddle::reports {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

[[noreturn]] void refuse(const std::string& path, const std::string& problem, const std::string& remedy) {
  throw engine::UserError(path + ": " + problem + ". " + remedy + ".");
}

std::string make_anew(const DocumentType& type) { return "Make it anew: " + std::string(type.source); }

std::string an(std::string_view noun) {
  bool vowel = std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(noun);
}

/// For an error message: a file that may have been meant instead of the folder.
std::string example_in(const std::string& folder) {
  std::string first;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::string name = entry.path().string();
    if (name.ends_with(".json") && (first.empty() || name < first)) first = name;
  }
  return first;
}

/// "byte 17 (line 2, column 3)", all from 1.
std::string position(std::string_view text, std::size_t byte) {
  std::string_view before = text.substr(0, byte - 1);
  auto line = std::count(before.begin(), before.end(), '\n') + 1;
  auto line_start = before.rfind('\n');  // npos + 1 == 0
  return "byte " + std::to_string(byte) + " (line " + std::to_string(line) + ", column " +
         std::to_string(byte - (line_start + 1)) + ")";
}

Json parse(std::string_view text, const std::string& path, const DocumentType& type) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& e) {
    std::string_view content = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    if (e.byte > content.size()) {
      refuse(path,
             "the " + std::string(type.noun) + " ends in the middle, after " + std::to_string(text.size()) +
                 " bytes: the file is truncated",
             make_anew(type));
    }
    std::size_t byte = std::max<std::size_t>(e.byte, 1);
    refuse(path, "is not " + an(type.noun) + ": what is at " + position(text, byte) + " is not valid JSON",
           make_anew(type));
  } catch (const Json::exception& e) {  // a number that no number can hold
    refuse(path, "is not " + an(type.noun) + ": " + e.what(), make_anew(type));
  }
}

}  // namespace

std::string layout(const Json& document) {
  auto dump = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  std::string text = "{\n";
  std::size_t left = document.size();
  for (const auto& [key, value] : document.items()) {
    text += dump(key) + ": ";
    if (value.is_array() && !value.empty() && value.front().is_structured()) {
      text += "[\n";
      for (std::size_t i = 0; i < value.size(); ++i)
        text += dump(value[i]) + (i + 1 < value.size() ? ",\n" : "\n");
      text += "]";
    } else {
      text += dump(value);
    }
    text += --left > 0 ? ",\n" : "\n";
  }
  return text + "}\n";
}

std::string load_text(const std::string& path, const DocumentType& type) {
  std::error_code error;
  fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    bool hidden = error && error != std::errc::no_such_file_or_directory;
    refuse(path, hidden ? "cannot be read: " + error.message() : "there is no such file",
           "Check the name: " + std::string(type.source));
  }
  if (fs::is_directory(status)) {
    std::string example = example_in(path);
    refuse(path, "is a folder",
           "Name one " + std::string(type.noun) + " in it" +
               (example.empty() ? "" : ", for example " + example));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    refuse(path, "cannot be read: " + std::generic_category().message(errno), "Check its permissions");
  }
  std::ostringstream text;
  text << file.rdbuf();
  if (file.bad()) refuse(path, "cannot be read: " + std::generic_category().message(errno), "Copy it anew");
  return std::move(text).str();
}

Json parse_document(std::string_view text, const std::string& path, const DocumentType& type) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) refuse(path, "is empty", make_anew(type));
  Json json = parse(text, path, type);
  std::string wanted(type.format);
  std::string family = wanted.substr(0, wanted.find('/') + 1);
  std::string found;
  if (json.is_object() && json.contains("format") && json["format"].is_string()) found = json["format"];
  if (found == wanted) return json;

  if (!found.starts_with("raddle-") || found.find('/') == std::string::npos) {
    refuse(path, "is not " + an(type.noun) + ": it has no \"format\": \"" + wanted + "\"",
           "Check the name: " + std::string(type.source));
  }
  if (!found.starts_with(family)) {
    std::string other = found.substr(7, found.find('/') - 7);
    refuse(path, "is " + an(other) + ", not " + an(type.noun) + ": its format is " + found,
           "Name " + an(type.noun) + ": " + std::string(type.source));
  }
  std::string writer;
  if (json.contains("raddle_version") && json["raddle_version"].is_string()) {
    writer = " (it was written by raddle " + json["raddle_version"].get<std::string>() + ")";
  }
  refuse(path, "has the format " + found + "; raddle " RADDLE_VERSION " reads " + wanted + " only",
         "Use the raddle that wrote it" + writer + ", or make it anew with this one");
}

void JsonValue::fail(const std::string& problem) const {
  std::string where = place_.empty() ? "is damaged: it " : "is damaged: " + place_ + " ";
  refuse(path_, where + problem, make_anew(type_));
}

void JsonValue::expected(const std::string& what) const {
  std::string found = json_.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (found.size() > 40)
    found = json_.is_object()  ? "an object"
            : json_.is_array() ? "a list"
                               : "a long " + std::string(json_.type_name());
  fail("is " + found + " instead of " + what);
}

void JsonValue::require_object() const {
  if (!json_.is_object()) expected("an object");
}

bool JsonValue::has(std::string_view key) const { return json_.is_object() && json_.contains(key); }

JsonValue JsonValue::member(std::string_view key) const {
  require_object();
  auto it = json_.find(key);
  if (it == json_.end()) fail("has no \"" + std::string(key) + "\"");
  return {*this, *it, place_.empty() ? std::string(key) : place_ + "." + std::string(key)};
}

JsonValue JsonValue::element(std::size_t i) const {
  return {*this, json_[i], place_ + "[" + std::to_string(i) + "]"};
}

JsonValue JsonValue::object(std::string_view key) const {
  JsonValue value = member(key);
  value.require_object();
  return value;
}

void JsonValue::each(std::string_view key, const std::function<void(const JsonValue&)>& each,
                     bool required) const {
  if (!required && !has(key)) return;
  JsonValue list = member(key);
  if (!list.json_.is_array()) list.expected("a list");
  for (std::size_t i = 0; i < list.json_.size(); ++i) {
    JsonValue element = list.element(i);
    element.require_object();
    each(element);
  }
}

std::string JsonValue::string_here() const {
  if (!json_.is_string()) expected("a text");
  return json_.get<std::string>();
}

std::int64_t JsonValue::integer_here(std::int64_t first, std::int64_t last) const {
  bool fits = json_.is_number_integer() &&
              (!json_.is_number_unsigned() || json_.get<std::uint64_t>() <= static_cast<std::uint64_t>(kMax));
  if (fits) {
    auto value = json_.get<std::int64_t>();
    if (value >= first && value <= last) return value;
  }
  if (last < first) expected("nothing: there is nothing that it could mean");
  if (last == kMax) expected("an integer from " + std::to_string(first));
  expected("an integer from " + std::to_string(first) + " to " + std::to_string(last));
}

std::string JsonValue::text(std::string_view key) const { return member(key).string_here(); }

std::string JsonValue::text_or_empty(std::string_view key) const {
  return has(key) ? text(key) : std::string();
}

std::string JsonValue::word(std::string_view key, std::initializer_list<std::string_view> words) const {
  JsonValue value = member(key);
  std::string found = value.string_here();
  if (std::find(words.begin(), words.end(), found) != words.end()) return found;
  std::string list;
  for (std::string_view word : words) list += (list.empty() ? "\"" : ", \"") + std::string(word) + "\"";
  value.expected("one of " + list);
}

std::uint64_t JsonValue::number(std::string_view key) const {
  JsonValue value = member(key);
  if (!value.json_.is_number_unsigned()) value.expected("an integer from 0");
  return value.json_.get<std::uint64_t>();
}

std::uint64_t JsonValue::number_or_zero(std::string_view key) const { return has(key) ? number(key) : 0; }

double JsonValue::real(std::string_view key) const {
  JsonValue value = member(key);
  if (!value.json_.is_number()) value.expected("a number");
  return value.json_.get<double>();
}

bool JsonValue::truth(std::string_view key, bool fallback) const {
  if (!has(key)) return fallback;
  JsonValue value = member(key);
  if (!value.json_.is_boolean()) value.expected("true or false");
  return value.json_.get<bool>();
}

int JsonValue::index(std::string_view key, std::size_t count, std::string_view things, bool required) const {
  if (!required && !has(key)) return -1;
  JsonValue value = member(key);
  if (!value.json_.is_number_unsigned()) value.expected("an index of " + std::string(things));
  auto number = value.json_.get<std::uint64_t>();
  if (number >= count) {
    value.fail("is " + std::to_string(number) + ", but there are only " + std::to_string(count) + " " +
               std::string(things) + ", counted from 0");
  }
  return static_cast<int>(number);
}

std::vector<std::string> JsonValue::texts(std::string_view key) const {
  JsonValue list = member(key);
  if (!list.json_.is_array()) list.expected("a list of texts");
  std::vector<std::string> all;
  for (std::size_t i = 0; i < list.json_.size(); ++i) all.push_back(list.element(i).string_here());
  return all;
}

std::vector<int> JsonValue::numbers(std::string_view key, std::int64_t first, std::int64_t last) const {
  JsonValue list = member(key);
  if (!list.json_.is_array()) list.expected("a list of integers");
  std::vector<int> all;
  for (std::size_t i = 0; i < list.json_.size(); ++i) {
    all.push_back(static_cast<int>(list.element(i).integer_here(first, last)));
  }
  return all;
}

std::vector<std::pair<std::string, std::string>> JsonValue::pairs(std::string_view key) const {
  JsonValue object = this->object(key);
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [name, value] : object.json_.items()) {
    if (value.is_array()) {
      for (std::string& text : object.texts(name)) all.emplace_back(name, std::move(text));
    } else {
      all.emplace_back(name, object.text(name));
    }
  }
  return all;
}

engine::TraceSite JsonValue::site(std::string_view key) const {
  if (!has(key)) return {};
  JsonValue place = object(key);
  auto number_of = [&](std::string_view name) {
    return place.has(name) ? static_cast<int>(place.member(name).integer_here(0, 1'000'000'000)) : 0;
  };
  return {place.text_or_empty("file"), number_of("line"), number_of("column"),
          place.text_or_empty("function")};
}

Json to_json(const engine::TraceSite& site) {
  Json json = Json::object();
  set_if_any(json, "file", site.file);
  if (site.line > 0) json["line"] = site.line;
  if (site.column > 0) json["column"] = site.column;
  set_if_any(json, "function", site.function);
  return json;
}

Json to_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Json json = Json::object();
  for (const auto& [name, value] : pairs) {
    if (!json.contains(name)) {
      json[name] = value;
    } else {
      if (json[name].is_string()) json[name] = Json::array({json[name]});
      json[name].push_back(value);
    }
  }
  return json;
}

void set_if_any(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void set_if_any(Json& object, const char* key, const engine::TraceSite& site) {
  Json json = to_json(site);
  if (!json.empty()) object[key] = std::move(json);
}

}  // namespace raddle::reports
