#include "checker/engine/kept_text.h"

#include <set>
#include <string>

namespace raddle::engine {

const char* kept_text(std::string_view text) {
  static std::set<std::string, std::less<>> texts;
  const auto known = texts.find(text);
  return (known != texts.end() ? known : texts.emplace(text).first)->c_str();
}

}  // namespace raddle::engine
