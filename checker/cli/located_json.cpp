#include "checker/cli/located_json.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "checker/cli/help.h"
#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

using engine::UserError;

/// Counts the lines that have been read.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, int* line) : at_(at), line_(line) {}
  const char& operator*() const { return *at_; }
  CountingIterator& operator++() {
    *line_ += *at_ == '\n';
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  int* line_;
};

/// Writes down where each value begins.
class Places : public nlohmann::json_sax<Json> {
 public:
  Places(const std::string& path, const int& line, std::map<std::string, int>& lines)
      : path_(path), line_(line), lines_(lines) {}

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& key) override {
    Frame& frame = open_.back();
    frame.member = member_place(frame.place, key);
    lines_.emplace(frame.member, line_);
    if (!frame.keys.insert(key).second)
      throw UserError(path_ + ':' + std::to_string(line_) + ": " + frame.member + ": is there twice");
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
    return false;
  }

 private:
  struct Frame {
    std::string place;
    bool array = false;
    std::size_t size = 0;
    std::string member;          // of an object, the latest
    std::set<std::string> keys;  // of an object
  };

  std::string next() {
    if (open_.empty()) return {};
    Frame& frame = open_.back();
    return frame.array ? element_place(frame.place, frame.size++) : frame.member;
  }
  bool value() {
    lines_.emplace(next(), line_);
    return true;
  }
  bool open(bool array) {
    const std::string place = next();
    lines_.emplace(place, line_);
    open_.push_back({place, array, 0, {}, {}});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const std::string& path_;
  const int& line_;
  std::map<std::string, int>& lines_;
  std::vector<Frame> open_;
};

[[noreturn]] void fail_syntax(std::string_view text, const std::string& path, std::size_t byte) {
  const std::size_t at = std::min(byte > 0 ? byte - 1 : 0, text.size());
  const std::string_view before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto column = at - (before.rfind('\n') + 1) + 1;  // npos + 1 == 0
  const bool end = text.find_first_not_of(" \t\r\n", at) == std::string_view::npos;
  throw UserError(path + ':' + std::to_string(line) + ':' + std::to_string(column) + ": this is not JSON: " +
                  (text.find_first_not_of(" \t\r\n") == std::string_view::npos ? "the file is empty"
                   : end
                       ? "it ends in the middle; a bracket, brace or quotation mark is not closed"
                       : "there is something here that must not be; maybe a comma too many or too few before "
                         "it, or a comment"));
}

}  // namespace

std::string member_place(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + '.' + key;
}

std::string element_place(const std::string& parent, std::size_t index) {
  return parent + '[' + std::to_string(index) + ']';
}

std::string type_of(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::boolean: return value.get<bool>() ? "true" : "false";
    case Json::value_t::string: return "a text";
    case Json::value_t::array: return "a list";
    case Json::value_t::object: return "an object";
    default: return "a number";
  }
}

LocatedJson::LocatedJson(std::string_view text, std::string path) : path_(std::move(path)) {
  try {
    document_ = Json::parse(text);
  } catch (const Json::parse_error& e) {
    fail_syntax(text, path_, e.byte);
  }
  int line = 1;
  Places places(path_, line, lines_);
  Json::sax_parse(CountingIterator(text.data(), &line), CountingIterator(text.data() + text.size(), &line),
                  &places);
}

void LocatedJson::fail(const std::string& place, const std::string& problem) const {
  const auto line = lines_.find(place);
  throw UserError(path_ + (line != lines_.end() ? ':' + std::to_string(line->second) : std::string()) + ": " +
                  (place.empty() ? "" : place + ": ") + problem);
}

void LocatedJson::require_known(const std::string& place, const std::string& key,
                                const std::vector<std::string>& known) const {
  if (std::find(known.begin(), known.end(), key) != known.end()) return;
  const std::string near = nearest(key, known);
  std::string all;
  for (const std::string& k : known) all += (all.empty() ? "" : ", ") + k;
  fail(member_place(place, key), "there is no such key" +
                                     (near.empty() ? std::string() : " (did you mean " + near + "?)") +
                                     ". Here it takes " + all);
}

}  // namespace raddle::cli
