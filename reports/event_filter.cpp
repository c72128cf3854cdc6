#include "reports/event_filter.h"

#include <algorithm>

#include "checker/engine/error.h"
#include "reports/utf8.h"

namespace raddle::reports {
namespace {

using engine::Trace;
using engine::TraceEvent;

constexpr std::size_t kListed = 30;  // names in an error

/// "a, b, c and 12 more"
std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kListed); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kListed) text += " and " + std::to_string(names.size() - kListed) + " more";
  return text;
}

bool is_object(const Trace& trace, const TraceNames& names, int object, const std::string& name) {
  if (object < 0) return false;
  const engine::TraceObject& o = trace.objects[static_cast<std::size_t>(object)];
  return names.object(object) == name || printable(o.label) == name || o.id == name;
}

bool touches(const Trace& trace, const TraceNames& names, const TraceEvent& event, const std::string& name) {
  return is_object(trace, names, event.object, name) || is_object(trace, names, event.object2, name) ||
         (event.object >= 0 && names.part_or_object(event) == name);
}

void check_object(const Trace& trace, const TraceNames& names, const std::string& name) {
  const auto touch = [&](const TraceEvent& e) { return touches(trace, names, e, name); };
  if (std::any_of(trace.events.begin(), trace.events.end(), touch)) return;
  std::vector<std::string> all;
  const auto add = [&](const std::string& object) {
    if (std::find(all.begin(), all.end(), object) == all.end()) all.push_back(object);
  };
  for (const TraceEvent& event : trace.events) {
    if (event.object >= 0) add(names.object(event.object));
    if (event.object2 >= 0) add(names.object(event.object2));
  }
  throw engine::UserError("--object: no event of this trace touches '" + name + "'. " +
                          (all.empty() ? "None touches any object." : "Its objects: " + list(all)));
}

}  // namespace

std::vector<int> threads_named(const Trace& trace, const TraceNames& names, const std::string& name,
                               const std::string& option) {
  std::vector<int> found;
  std::vector<std::string> all;
  for (std::size_t i = 0; i < trace.threads.size(); ++i) {
    const int index = static_cast<int>(i);
    all.push_back(names.thread(index));
    if (all.back() == name || printable(trace.threads[i].label) == name || trace.threads[i].id == name)
      found.push_back(index);
  }
  if (found.empty())
    throw engine::UserError(option + ": there is no thread '" + name +
                            "' in this trace. Its threads: " + list(all));
  return found;
}

EventSelection filter_events(const Trace& trace, const TraceNames& names, const EventFilter& filter) {
  std::vector<int> threads;
  for (const std::string& name : filter.threads)
    for (const int t : threads_named(trace, names, name, "--thread")) threads.push_back(t);
  for (const std::string& name : filter.objects) check_object(trace, names, name);
  EventSelection selection;
  for (std::size_t i = 0; i < trace.events.size(); ++i) {
    const TraceEvent& event = trace.events[i];
    const bool of_thread =
        threads.empty() || std::find(threads.begin(), threads.end(), event.thread) != threads.end();
    const bool of_object = filter.objects.empty() || std::any_of(filter.objects.begin(), filter.objects.end(),
                                                                 [&](const std::string& name) {
                                                                   return touches(trace, names, event, name);
                                                                 });
    if (of_thread && of_object) selection.events.push_back(i);
  }
  selection.dropped_before.assign(selection.events.size(), 0);
  return selection;
}

}  // namespace raddle::reports
