// What options take: one list of words each, for the parser, for its messages and for completion in shells. Constants.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace raddle::cli {

using Choices = std::vector<std::string_view>;

inline const Choices kAtomicities = {"bytecode", "gil"};
inline const Choices kOrders = {"mixed", "depth-first", "diverse"};
inline const Choices kClocks = {"free", "virtual"};
inline const Choices kTimeouts = {"any", "never"};
inline const Choices kProgressKinds = {"auto", "json", "never"};
inline const Choices kColours = {"auto", "always", "never"};
inline const Choices kAccepted = {"bounded", "sampled", "partial"};
Choices strategy_names();
Choices finding_kinds();
Choices expectations();

/// Says what an option (or a positional argument) takes.
CLI::Option* offer(CLI::Option* option, const Choices& choices);
void offer(CLI::App& app, std::initializer_list<std::pair<const char*, Choices>> options);
/// What offer() has said; empty: anything.
std::vector<std::string> choices_of(const CLI::Option& option);

}  // namespace raddle::cli
