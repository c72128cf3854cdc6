#include "checker/detect/names.h"

#include <map>

namespace raddle::detect {
namespace {

using engine::Trace;

void number_repeated(std::vector<std::string>& names) {
  std::map<std::string, int> total, seen;
  for (const std::string& name : names) ++total[name];
  for (std::string& name : names) {
    if (total[name] == 1) continue;
    const std::string number = "#" + std::to_string(++seen[name]);
    name += number;
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
  number_repeated(names);
  return names;
}

std::vector<std::string> object_names(const Trace& trace) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < trace.objects.size(); ++i) names.push_back(name_of(trace, i));
  number_repeated(names);
  return names;
}

}  // namespace raddle::detect
