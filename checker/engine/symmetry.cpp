#include "checker/engine/symmetry.h"

#include <algorithm>

#include "checker/engine/structural_names.h"

namespace raddle::engine {

namespace {

// What a thread has learnt by its latest event and since.
std::uint64_t knows(const Thread& t) { return mix(t.result) + t.learned; }

bool is_list_equal(const List<Step>& a, const List<Step>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

void Symmetry::clear() {
  begin();
  met_.clear();
  met_index_.clear();
}

void Symmetry::begin() {
  if (groups_.empty()) return;
  for (std::size_t i = 0; i < count_; ++i) index_[static_cast<std::size_t>(members_[i].tid)] = -1;
  count_ = 0;
  groups_.clear();
  in_step_ = 0;
  latest_.clear();
}

int Symmetry::new_member(Tid t, int group) {
  if (count_ == members_.size()) members_.emplace_back();
  Member& m = members_[count_];
  m.tid = t;
  m.group = group;
  m.before = m.after = -1;
  m.in_step = m.waits = false;
  m.done.clear();
  const auto i = static_cast<std::size_t>(t);
  if (i >= index_.size()) index_.resize(i + 1, -1);
  return index_[i] = static_cast<int>(count_++);
}

bool Symmetry::add(const ObjectTable& objects, const Thread& other, Thread& t) {
  const bool same = other.parent == t.parent && other.daemon == t.daemon && other.killable == t.killable &&
                    other.count == 0 && other.now == t.now && is_list_equal(other.inherited, t.inherited);
  if (!same || is_member(t.id)) return false;
  int like = find(other.id);
  if (like < 0) {
    const auto [known, fresh] = met_index_.try_emplace(other.name, met_.size());
    if (fresh) met_.push_back({other.name});
    like = new_member(other.id, static_cast<int>(groups_.size()));
    groups_.push_back({.last = like, .met = known->second});
  }
  const int group = members_[static_cast<std::size_t>(like)].group;
  const int i = new_member(t.id, group);
  Group& g = groups_[static_cast<std::size_t>(group)];
  Member& m = members_[static_cast<std::size_t>(i)];
  m.before = g.last;
  members_[static_cast<std::size_t>(g.last)].after = i;
  m.in_step = true;
  ++in_step_;
  g.last = i;
  ++g.size;
  t.kin = other.kin;
  auto& names = met_[g.met];
  if (names.size() < static_cast<std::size_t>(g.size)) names.push_back(t.name);
  if (latest_.size() < objects.size()) latest_.resize(objects.size());
  return true;
}

void Symmetry::part(Member& m) {
  if (std::exchange(m.in_step, false)) --in_step_;
}

void Symmetry::leave(Tid me) {
  if (const int m = find(me); m >= 0) part(members_[static_cast<std::size_t>(m)]);
}

Symmetry::Turn Symmetry::announce(Thread& me) {
  const int i = find(me.id);
  if (i < 0) return Turn::Go;
  Member& m = members_[static_cast<std::size_t>(i)];
  if (!m.in_step) return Turn::Go;
  const std::vector<Done>& before = members_[static_cast<std::size_t>(m.before)].done;
  const auto next = static_cast<std::size_t>(me.count);
  if (next >= before.size()) return m.waits = true, Turn::Wait;
  const Done& d = before[next];
  const Operation& op = me.op;
  if (d.kind != op.kind || d.line != op.site.line || d.column != op.site.column || d.knew != knows(me))
    return Turn::Differs;
  me.turn = d.step;
  return Turn::Go;
}

// Has anybody used the object since, in a way that is in conflict with this one?
bool Symmetry::between(Access a, Step since) const {
  if (!a) return false;
  const Latest& l = latest_[object_of(a)];
  return std::max(l.write, mode_of(a) == kReads ? l.add : l.read) > since;
}

// Could y have been executed right behind x, and x in its place?
bool Symmetry::is_same(const Done& x, const Done& y) const {
  if (x.a0 != y.a0 || x.a1 != y.a1 || x.alt != y.alt || y.kind == OpKind::Exit) return false;
  if (mode_of(y.a0) == kWrites || mode_of(y.a1) == kWrites) return false;
  return !between(y.a0, x.step) && !between(y.a1, x.step);
}

void Symmetry::note(const ObjectTable& objects, Access a, Step step) {
  if (!a) return;
  const ObjectId o = object_of(a);
  if (o >= latest_.size()) latest_.resize(objects.size());
  Latest& l = latest_[o];
  (mode_of(a) == kReads ? l.read : mode_of(a) == kAdds ? l.add : l.write) = step;
}

Tid Symmetry::executed(const ObjectTable& objects, const Thread& me, Alternative alt, Step step) {
  const auto [a0, a1] = footprint(objects, me.op, alt);
  if (latest_.size() < objects.size()) latest_.resize(objects.size());
  Tid next = kNoThread;
  if (const int i = find(me.id); i >= 0) {
    Member& m = members_[static_cast<std::size_t>(i)];
    const Site& site = me.op.site;
    const Done done{step, a0, a1, alt, me.op.kind, site.line, site.column, knows(me)};
    if (m.in_step &&
        !is_same(members_[static_cast<std::size_t>(m.before)].done[static_cast<std::size_t>(me.count)], done))
      part(m);
    if (m.after >= 0) {
      Member& after = members_[static_cast<std::size_t>(m.after)];
      if (after.in_step) m.done.push_back(done);
      if (std::exchange(after.waits, false)) next = after.tid;
    }
  }
  note(objects, a0, step);
  note(objects, a1, step);
  return next;
}

bool Symmetry::join(const Thread& me, const Thread& other) {
  const int i = find(other.id);
  if (i < 0) return true;
  Group& g = groups_[static_cast<std::size_t>(members_[static_cast<std::size_t>(i)].group)];
  if (g.joined == g.size) return true;  // nothing is left that could be told apart
  if (g.joined && (g.joiner != me.id || g.joined_at != me.count)) return false;
  g.joiner = me.id;
  g.joined_at = me.count;
  g.joined += !other.joined;
  return true;
}

bool Symmetry::is_between_joins(const Thread& me) const {
  return std::any_of(groups_.begin(), groups_.end(),
                     [&](const Group& g) { return g.joined && g.joined < g.size && g.joiner == me.id; });
}

}  // namespace raddle::engine
