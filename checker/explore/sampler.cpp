#include "checker/explore/sampler.h"

#include <algorithm>
#include <map>

namespace raddle::explore {

using namespace engine;

static void count(std::vector<std::uint32_t>& by_thread, Tid t) {
  const auto i = static_cast<std::size_t>(t);
  if (by_thread.size() <= i) by_thread.resize(i + 1);
  ++by_thread[i];
}

Profile::Profile(const History& history) : events(history.size()) {
  std::map<ObjectId, std::pair<Object, bool>> objects;  // and whether it is written
  for (Step s = 0; s < history.size(); ++s) {
    const HistoryEvent& ev = history[s];
    count(by_thread, ev.t.tid);
    for (const Access a : {ev.t.a0, ev.t.a1}) {
      if (!object_of(a)) continue;
      auto& [object, written] = objects[object_of(a)];
      object.id = object_of(a);
      count(object.by_thread, ev.t.tid);
      written |= is_write(a);
    }
  }
  for (auto& [id, known] : objects) {
    const auto& counts = known.first.by_thread;
    if (known.second && std::count_if(counts.begin(), counts.end(), [](auto n) { return n > 0; }) > 1)
      shared.push_back(std::move(known.first));
  }
}

}  // namespace raddle::explore
