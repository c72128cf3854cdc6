#include "checker/explore/trace_comparison.h"

namespace raddle::explore {

using namespace engine;

std::string show(const Trace& t, const TraceEvent& x) {
  std::string s = t.threads[static_cast<std::size_t>(x.thread)].label + " " + x.operation;
  if (x.object >= 0) {
    const TraceObject& o = t.objects[static_cast<std::size_t>(x.object)];
    s += " " + (o.label.empty() ? o.id : o.label);
  }
  if (!x.after.empty()) s += " = " + x.after;
  if (!x.result.empty()) s += " -> " + x.result;
  if (!x.text.empty()) s += " \"" + x.text + "\"";
  if (x.site.line) s += " (" + x.site.file + ":" + std::to_string(x.site.line) + ")";
  return s;
}

bool same_event(const Trace& a, const TraceEvent& x, const Trace& b, const TraceEvent& y) {
  auto thread = [](const Trace& t, int i) {
    return i < 0 ? std::string() : t.threads[static_cast<std::size_t>(i)].id;
  };
  auto object = [](const Trace& t, int i) {
    return i < 0 ? std::string() : t.objects[static_cast<std::size_t>(i)].id;
  };
  return thread(a, x.thread) == thread(b, y.thread) && x.operation == y.operation &&
         object(a, x.object) == object(b, y.object) && object(a, x.object2) == object(b, y.object2) &&
         thread(a, x.other) == thread(b, y.other) && x.before == y.before && x.after == y.after &&
         x.result == y.result && x.text == y.text && x.site.line == y.site.line;
}

}  // namespace raddle::explore
