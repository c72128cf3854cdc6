// How threads, objects, places and events of a trace are called in texts for people: short, and never ambiguous
// within one trace.
#pragma once
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "checker/engine/trace.h"

namespace raddle::reports {

class TraceNames {
 public:
  explicit TraceNames(const engine::Trace& trace);

  /// The thread's label ("t1"), numbered if several have the same; "?" for an index that is none.
  const std::string& thread(int index) const;
  /// The object's label ("database_value"), numbered likewise ("lock#2"), or its kind and id ("mutex 0#1"), or what it
  /// is used as ("queue").
  const std::string& object(int index) const;
  /// What the event is about: the part of its object that it says, or all of it.
  std::string part_or_object(const engine::TraceEvent& event) const;
  /// The file's name, with as many folders as it takes to tell it from the trace's other files.
  std::string file(const std::string& path) const;
  /// "lost_update.py:9", or ":9" for a place in the file `here`; empty if it is unknown.
  std::string place(const engine::TraceSite& site, const std::string& here = {}) const;

  /// What happened: "read database_value -> 0". At most `width` cells: labels and values are shortened first.
  /// `detail` adds the value that a write replaced and the step that a read reads from.
  std::string describe(const engine::TraceEvent& event, std::size_t width, bool detail = false) const;
  /// How many cells it takes to say it well.
  std::size_t least_width(const engine::TraceEvent& event, bool detail = false) const;
  /// What a blocked thread is about to do: "lock fork2", "join t1".
  std::string describe(const engine::TraceBlocked& blocked, std::size_t width) const;

 private:
  struct Limits {
    std::size_t label, value;
  };
  static const std::array<Limits, 4> kLimits;  // from generous to tight
  std::string describe(const engine::TraceEvent& event, Limits limits, bool detail) const;
  std::string verb(const std::string& operation) const;

  bool python_;
  std::vector<std::string> threads_;
  std::vector<std::string> objects_;
  std::map<std::string, std::string> files_;  // path: shown as
};

/// "lost_update.py:9" where there are no other files to tell it from.
std::string short_place(const engine::TraceSite& site);

}  // namespace raddle::reports
