#include "checker/detect/names.h"

#include <map>

namespace raddle::detect {
namespace {

using engine::Trace;

/// Among things of one kind only: a variable and the lock in it are told apart by what is done to them.
void number_repeated(std::vector<std::string>& names, const std::vector<std::string>& kinds) {
  std::map<std::pair<std::string, std::string>, int> total, seen;
  for (std::size_t i = 0; i < names.size(); ++i) ++total[{kinds[i], names[i]}];
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::pair key(kinds[i], names[i]);
    if (total[key] > 1) names[i] += "#" + std::to_string(++seen[key]);
  }
}

/// What its operations say that it is.
std::string used_as(const Trace& trace, std::size_t object) {
  for (const auto& event : trace.events) {
    if (event.object != static_cast<int>(object)) continue;
    const std::string& op = event.operation;
    if (op == "put" || op == "get") return "queue";
    if (op == "lock" || op == "unlock" || op == "try-lock") return "lock";
    if (op == "acquire" || op == "release" || op == "try-acquire") return "semaphore";
  }
  return trace.objects[object].kind;
}

std::string name_of(const Trace& trace, std::size_t i) {
  const engine::TraceObject& object = trace.objects[i];
  if (object.label.empty())
    return object.id.starts_with('@') ? used_as(trace, i) : object.kind + " " + object.id;
  for (const auto& event : trace.events) {
    if (event.operation != "wait" || event.object != static_cast<int>(i) || event.object2 < 0) continue;
    const bool brought_along = trace.objects[static_cast<std::size_t>(event.object2)].label == object.label;
    return brought_along ? object.label + "'s lock" : object.label;
  }
  return object.label;
}

}  // namespace

std::vector<std::string> thread_names(const Trace& trace) {
  std::vector<std::string> names;
  for (const auto& thread : trace.threads)
    names.push_back(thread.label.empty() ? "thread " + thread.id : thread.label);
  number_repeated(names, std::vector<std::string>(names.size()));
  return names;
}

std::vector<std::string> object_names(const Trace& trace) {
  std::vector<std::string> names, kinds;
  for (std::size_t i = 0; i < trace.objects.size(); ++i) {
    names.push_back(name_of(trace, i));
    kinds.push_back(trace.objects[i].kind);
  }
  number_repeated(names, kinds);
  return names;
}

}  // namespace raddle::detect
