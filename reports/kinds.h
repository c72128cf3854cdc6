// The kinds of findings: their names in files and options, how they are headed and counted in texts, and their
// default severity. docs/formats.md explains each; tests compare that table, the schemas and this one.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace raddle::reports {

struct Kind {
  std::string_view name;      // "lost-update"
  std::string_view severity;  // default: "error", "warning" or "note"
  std::string_view one;       // "loses an update": what one execution does
  std::string_view many;      // "lose an update"
  std::string_view plural;    // "lost updates"
};

/// All kinds, in the order of docs/formats.md.
std::span<const Kind> kinds();

/// The kind of this name, or nullptr. Files may contain kinds of a later raddle.
const Kind* find_kind(std::string_view name);

/// The kind of this name; engine::UserError naming the option and all kinds if there is none.
const Kind& require_kind(std::string_view name, std::string_view option);

/// What a block of text about such a finding begins with: "LOST UPDATE".
std::string heading_of(std::string_view kind);

}  // namespace raddle::reports
