// What threads and objects are called.
#include "checker/detect/names.h"

#include <doctest/doctest.h>

using namespace raddle;
using engine::Trace;

namespace {

void add_event(Trace& trace, const char* operation, int object, int object2 = -1) {
  engine::TraceEvent event;
  event.operation = operation;
  event.object = object;
  event.object2 = object2;
  trace.events.push_back(event);
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("what has the same label is numbered") {
  Trace trace;
  for (const char* label : {"main", "w", "w", ""}) trace.threads.push_back({"0.7", label, -1, false, {}});
  CHECK(detect::thread_names(trace) == Names{"main", "w#1", "w#2", "thread 0.7"});
  trace.objects = {{"0#0", "mutex", "m"}, {"0#1", "mutex", "m"}, {"0#2", "mutex", ""}, {"0#3", "mutex", "n"}};
  CHECK(detect::object_names(trace) == Names{"m#1", "m#2", "mutex 0#2", "n"});
}

TEST_CASE("a number that says nothing to people is not shown") {
  Trace trace;
  trace.objects = {
      {"@1f", "object", ""}, {"@2f", "object", ""}, {"@3f", "object", ""}, {"@4f", "object", ""}};
  add_event(trace, "put", 0);
  add_event(trace, "try-acquire", 1);
  add_event(trace, "get", 2);
  CHECK(detect::object_names(trace) == Names{"queue#1", "semaphore", "queue#2", "object"});
}

TEST_CASE("a condition's own lock is told from the condition") {
  Trace trace;
  trace.objects = {
      {"@1", "condition", "c"}, {"@2", "condition", "c"}, {"@3", "lock", "other"}, {"@4", "condition", "d"}};
  add_event(trace, "lock", 0);
  add_event(trace, "wait", 0, 1);
  add_event(trace, "wait", 2, 3);
  CHECK(detect::object_names(trace) == Names{"c's lock", "c", "other", "d"});
}
