#include "checker/explore/sampler.h"

#include <algorithm>
#include <utility>

#include "checker/engine/flat_map.h"

namespace raddle::explore {

using namespace engine;

static void count(std::vector<std::uint32_t>& by_thread, Tid t) {
  const auto i = static_cast<std::size_t>(t);
  if (by_thread.size() <= i) by_thread.resize(i + 1);
  ++by_thread[i];
}

Profile::Profile(const History& history, const ThreadOrder& order)
    : events(history.size()), threads(order.all()) {
  std::vector<std::pair<Object, bool>> objects;  // and whether it is written
  FlatMap<std::size_t> index;
  for (Step s = 0; s < history.size(); ++s) {
    const HistoryEvent& ev = history[s];
    count(by_thread, ev.t.tid);
    for (const Access a : {ev.t.a0, ev.t.a1}) {
      if (!object_of(a)) continue;
      const auto [at, fresh] = index.insert(object_of(a));
      if (fresh) {
        *at = objects.size();
        objects.push_back({{object_of(a), {}}, false});
      }
      auto& [object, written] = objects[*at];
      count(object.by_thread, ev.t.tid);
      written |= is_write(a);
    }
  }
  for (auto& [object, written] : objects) {
    const auto& counts = object.by_thread;
    if (written && std::count_if(counts.begin(), counts.end(), [](auto n) { return n > 0; }) > 1)
      shared.push_back(std::move(object));
  }
}

}  // namespace raddle::explore
