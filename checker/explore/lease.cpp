#include "checker/explore/lease.h"

namespace raddle::explore {

Forest copy(const WakeupTree& from, WakeupTree::Branch first) {
  Forest forest;
  struct Level {
    WakeupTree::Branch next;
    std::size_t parent;
  };
  std::vector<Level> levels{{first, SIZE_MAX}};
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.next == WakeupTree::kNone) {
      levels.pop_back();
      continue;
    }
    const WakeupTree::Node& node = from[level.next];
    level.next = node.next;
    if (level.parent != SIZE_MAX) ++forest.nodes[level.parent].children;
    forest.nodes.push_back({node.t, 0});
    levels.push_back({node.child, forest.nodes.size() - 1});
  }
  return forest;
}

WakeupTree::Branch add(WakeupTree& to, const Forest& forest) {
  struct Level {
    WakeupTree::Branch parent, latest;
    std::uint32_t left;  // children that are still to come
  };
  WakeupTree::Branch first = WakeupTree::kNone;
  std::vector<Level> levels{{WakeupTree::kNone, WakeupTree::kNone, UINT32_MAX}};
  for (const Forest::Node& node : forest.nodes) {
    while (levels.back().left == 0) levels.pop_back();
    Level& level = levels.back();
    const WakeupTree::Branch b = to.add(node.t);
    if (level.latest != WakeupTree::kNone)
      to.set_next(level.latest, b);
    else if (level.parent != WakeupTree::kNone)
      to.set_child(level.parent, b);
    else
      first = b;
    level.latest = b;
    --level.left;
    levels.push_back({b, WakeupTree::kNone, node.children});
  }
  return first;
}

}  // namespace raddle::explore
