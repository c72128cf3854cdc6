#include "checker/cli/expected_output.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <memory>

#include "checker/cli/parse.h"
#include "checker/engine/error.h"

namespace raddle::cli {
namespace {

using Predicate = std::function<bool(std::string_view)>;

std::string_view trimmed(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Predicate parse_regex(std::string_view pattern) {
  int error = 0;
  PCRE2_SIZE at = 0;
  std::shared_ptr<pcre2_code> code(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                    PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_MULTILINE, &error, &at, nullptr),
      pcre2_code_free);
  if (!code) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(error, message, sizeof message);
    throw engine::UserError("--expect-output: /" + std::string(pattern) +
                            "/ is not a regular expression: " + reinterpret_cast<const char*>(message) +
                            " (at character " + std::to_string(at + 1) + ")");
  }
  std::shared_ptr<pcre2_match_data> match(pcre2_match_data_create_from_pattern(code.get(), nullptr),
                                          pcre2_match_data_free);
  return [code, match](std::string_view text) {
    return pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, match.get(),
                       nullptr) >= 0;
  };
}

Predicate parse_one(const std::string& value) {
  if (value.size() >= 2 && value.front() == '/' && value.back() == '/')
    return parse_regex(std::string_view(value).substr(1, value.size() - 2));
  std::string wanted = value.starts_with('@') ? read_input("--expect-output", value.substr(1)) : value;
  wanted.resize(trimmed(wanted).size());
  return [wanted](std::string_view text) { return trimmed(text) == wanted; };
}

}  // namespace

Predicate parse_expected_output(const std::vector<std::string>& values) {
  std::vector<Predicate> all;
  for (const std::string& value : values) all.push_back(parse_one(value));
  return [all](std::string_view text) {
    for (const Predicate& fits : all)
      if (fits(text)) return true;
    return false;
  };
}

}  // namespace raddle::cli
