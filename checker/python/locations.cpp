#include "checker/python/locations.h"

#include <charconv>
#include <utility>

#include "checker/python/named_table.h"

namespace raddle::python {
namespace {

NamedTable<Location> table;
std::uint32_t search = 0;
bool warming_up = false, changed = false, all_visible = false, told_watched = false;

// The letters with which visibility() marks their names.
constexpr std::pair<char, NameSet*> kSets[] = {
    {'c', &coarse_containers}, {'o', &opened_objects}, {'j', &joined_objects}, {'w', &whole_queues},
    {'a', &awaited_objects},   {'t', &tried_locks},    {'d', &replaced_dicts}};

void write_names(std::string& text, char mark, const std::vector<std::uint64_t>& names) {
  for (std::uint64_t name : names) {
    char digits[17];
    auto [end, error] = std::to_chars(digits, digits + sizeof digits, name, 16);
    if (!text.empty()) text += ' ';
    text += mark;
    text.append(digits, end);
  }
}

// One object for both: that of the second.
void unite(std::uint64_t name, std::uint64_t object) {
  Location &l = table[name], &o = table[object];
  l.merged = object;
  l.united = o.united = true;
}

}  // namespace

Location& location(std::uint64_t name) {
  Location& l = table[name];
  if (all_visible) l.visible = true;
  return l;
}

void note_access(Location& l, bool write) {
  const ForkJoinClock& clock = self().clock;
  if (l.execution != runtime.execution) {
    l.execution = runtime.execution;
    l.readers.clear();
    l.writers.clear();
  }
  if (!l.writers.before(clock) || (write && !l.readers.before(clock))) {
    l.visible = true;
    change_visibility();
    return;
  }
  if (write) {
    l.readers.clear();
    l.writers.clear();
    l.writers.add(clock);
  } else {
    l.readers.add(clock);
  }
}

engine::ObjectId object_of(Location& l) {
  if (l.search != search) {
    l.search = search;
    l.id = runtime.engine->named_object(object_name(l));
  }
  return l.id;
}

void watch(Location& l) {
  if (l.watched) return;
  l.watched = l.visible = true;
  if (runtime.once) return runtime.engine->watch(object_of(l));  // nothing has to be visited again
  told_watched = false;
  change_visibility();
}

std::uint64_t object_name(const Location& l) {
  std::uint64_t name = l.name;
  for (std::uint64_t next = l.merged; next; next = table[name].merged) name = next;
  return name;
}

void merge(std::uint64_t a, std::uint64_t b) {
  a = object_name(location(a));
  b = object_name(location(b));
  if (a == b) return;
  // The smaller name stands for both, whatever the order in which they are merged.
  unite(std::max(a, b), std::min(a, b));
  begin_search();  // the objects of both, and of those that they stand for, are to be asked for again
  change_visibility();
}

void NameSet::add(std::uint64_t name) {
  auto at = std::lower_bound(names.begin(), names.end(), name);
  if (at != names.end() && *at == name) return;
  names.insert(at, name);
  change_visibility();
}

void change_visibility() {
  changed = true;
  if (warming_up || !runtime.engine) return;
  runtime.engine->reveal(engine::Hidden::Places);
}

bool visibility_changed() { return std::exchange(changed, false); }

void set_warming_up(bool on) { warming_up = on; }

void set_all_visible(bool on) { all_visible = on; }

void begin_search() {
  ++search;
  told_watched = false;
}

void tell_watched(engine::Engine& engine) {
  if (std::exchange(told_watched, true)) return;
  for (const auto& l : table.all())
    if (l->watched) engine.watch(engine.named_object(object_name(*l)));
}

void forget_locations() {
  table.clear();
  for (const auto& [letter, set] : kSets) set->names.clear();
}

std::string visibility() {
  std::vector<std::uint64_t> visible, watched, merged;
  for (const auto& l : table.all()) {
    if (l->visible) visible.push_back(l->name);
    if (l->watched) watched.push_back(l->name);
    if (l->merged) merged.insert(merged.end(), {l->name, object_name(*l)});
  }
  std::sort(visible.begin(), visible.end());
  std::sort(watched.begin(), watched.end());
  std::string text;
  write_names(text, 'v', visible);
  for (const auto& [letter, set] : kSets) write_names(text, letter, set->names);
  write_names(text, 'i', watched);
  write_names(text, 'm', merged);
  return text;
}

void set_visibility(std::string_view text) {
  forget_locations();
  std::uint64_t first_merged = 0;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    std::uint64_t name = 0;
    if (word.size() < 2 ||
        std::from_chars(word.data() + 1, word.data() + word.size(), name, 16).ec != std::errc())
      continue;
    if (word[0] == 'v') table[name].visible = true;
    for (const auto& [letter, set] : kSets)
      if (word[0] == letter) set->names.push_back(name);
    if (word[0] == 'i') table[name].watched = true;
    if (word[0] == 'm' && first_merged)
      unite(std::exchange(first_merged, 0), name);
    else if (word[0] == 'm')
      first_merged = name;
  }
}

}  // namespace raddle::python
