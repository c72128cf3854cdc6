// Texts that stay for the rest of the process, as those of sites have to. Few: each is kept once.
#pragma once
#include <string_view>

namespace raddle::engine {

/// The same pointer for the same text. From one OS thread.
const char* kept_text(std::string_view text);

}  // namespace raddle::engine
