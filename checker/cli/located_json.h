// A JSON file that somebody has written: what is wrong with it is said with the line and the place in the document.
#pragma once
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace raddle::cli {

using Json = nlohmann::ordered_json;

class LocatedJson {
 public:
  /// Throws engine::UserError unless the text is JSON in which no key is there twice.
  LocatedJson(std::string_view text, std::string path);

  const Json& document() const { return document_; }
  const std::string& path() const { return path_; }

  /// engine::UserError about the value at `place` ("models[3].strategy"; empty: the whole document).
  [[noreturn]] void fail(const std::string& place, const std::string& problem) const;
  /// Fails unless `key`, in the object at `place`, is one of `known`; names the nearest.
  void require_known(const std::string& place, const std::string& key,
                     const std::vector<std::string>& known) const;

 private:
  std::string path_;
  Json document_;
  std::map<std::string, int> lines_;
};

/// "models" and "defaults" -> "models.defaults"; without a parent the key alone.
std::string member_place(const std::string& parent, const std::string& key);
std::string element_place(const std::string& parent, std::size_t index);

/// What a value is, for messages: "a number".
std::string type_of(const Json& value);

}  // namespace raddle::cli
