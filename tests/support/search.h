// Runs a search over a model written with the library, for tests that look below raddle::check.
#pragma once
#include <algorithm>
#include <memory>

#include "checker/api/library_program.h"
#include "checker/explore/bounded.h"
#include "checker/explore/brute.h"
#include "checker/explore/dpor.h"

namespace raddle::test {

template <class F>
struct Model : api::LibraryProgram {
  explicit Model(const F& f)
      : LibraryProgram([](void* p) { (*static_cast<const F*>(p))(); }, const_cast<F*>(&f), 256 * 1024) {}
};

struct Searched {
  explore::Statistics statistics;
  explore::Dpor::Counters counters;
  std::unordered_map<std::uint64_t, std::uint64_t> classes;
  std::uint8_t revealed = 0;
  std::uint64_t duplicates() const {
    std::uint64_t n = 0;
    for (const auto& [print, count] : classes) n += count - 1;
    return n;
  }
};

struct SearchOptions {
  explore::Dpor::Options dpor;
  std::uint64_t limit = UINT64_MAX;
  bool notify_any = true;
  std::uint8_t revealed = 0;
  bool timeouts = true;
};

template <class F>
Searched search(const F& program, const SearchOptions& o = {}) {
  engine::Engine e;
  e.set_notify_any(o.notify_any);
  e.set_revealed(o.revealed);
  e.set_timeouts(o.timeouts);
  explore::Inspector inspector;
  inspector.set_limits({.executions = o.limit});
  inspector.count_classes(true);
  inspector.count_each_class(true);
  explore::Dpor dpor(inspector, o.dpor);
  Model<F> model(program);
  e.run(dpor, model);
  return {inspector.statistics(), dpor.counters(), inspector.class_counts(), e.revealed()};
}

struct BruteForced {
  bool complete = false;
  std::uint64_t deadlocks = 0;
  explore::Statistics statistics;
  std::unordered_map<std::uint64_t, std::uint64_t> classes;  // by the inspector's fingerprint
  std::unordered_map<std::uint64_t, std::uint64_t>
      clock_classes;  // by the reference's own -> the inspector's
  std::uint8_t revealed = 0;
};

template <class F>
BruteForced brute_force(const F& program, std::size_t max_prefixes, const SearchOptions& o = {}) {
  engine::Engine e;
  e.set_notify_any(o.notify_any);
  e.set_revealed(o.revealed);
  e.set_timeouts(o.timeouts);
  explore::Inspector inspector;
  inspector.count_each_class(true);
  explore::Brute brute(inspector, max_prefixes);
  Model<F> model(program);
  e.run(brute, model);
  return {brute.complete(),       inspector.statistics().deadlocks,
          inspector.statistics(), inspector.class_counts(),
          brute.classes(),        e.revealed()};
}

struct BoundedSearched {
  explore::Statistics statistics;
  std::unordered_map<std::uint64_t, std::uint64_t> classes;
  std::vector<explore::Bounded::Level> levels;
  bool left_out = false;
  std::size_t states = 0, bytes = 0;
  std::uint8_t revealed = 0;
};

template <class F>
BoundedSearched bounded_search(const F& program, explore::Bounded::Options bound,
                               const SearchOptions& o = {}) {
  engine::Engine e;
  e.set_notify_any(o.notify_any);
  e.set_revealed(o.revealed);
  e.set_timeouts(o.timeouts);
  explore::Inspector inspector;
  inspector.set_limits({.executions = o.limit});
  inspector.count_each_class(true);
  explore::Bounded bounded(inspector, bound);
  Model<F> model(program);
  e.run(bounded, model);
  return {inspector.statistics(), inspector.class_counts(), bounded.levels(), bounded.left_out(),
          bounded.states(),       bounded.bytes(),          e.revealed()};
}

}  // namespace raddle::test
