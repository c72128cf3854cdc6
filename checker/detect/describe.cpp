#include "checker/detect/describe.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <tuple>

#include "checker/detect/data_race.h"
#include "checker/detect/failures.h"
#include "checker/detect/lock_order.h"
#include "checker/detect/lost_update.h"
#include "checker/detect/names.h"

namespace raddle::detect {

using namespace engine;

namespace {

std::string sentence(const std::string& s) { return s.ends_with("...") ? s : s + "."; }

/// Of a model that is not deterministic.
TraceFinding not_repeated() {
  TraceFinding f;
  f.message = "The model did not do the same again: there is no witness.";
  return f;
}

TraceFinding outcome(std::string_view output) {
  constexpr std::size_t kShort = 80;
  while (output.ends_with('\n')) output.remove_suffix(1);
  const std::string_view line = output.substr(0, std::min(output.find('\n'), kShort));
  TraceFinding f;
  f.title = std::string(line) + (line.size() < output.size() ? " ..." : "");
  f.message = output.empty() ? "The program writes nothing, which is not what was expected."
                             : "What the program writes is not what was expected.";
  f.detail = output;
  return f;
}

class Describer {
 public:
  Describer(TraceRecorder& r, const Engine& e) : recorder_(r), trace_(r.trace()), engine_(e) {}

  TraceFinding lost_update(const Observation& o, bool proven);
  TraceFinding data_race(const Observation& o);
  TraceFinding lock_order(const Observation& o);
  TraceFinding daemon_killed(const Observation& o);
  TraceFinding hang();
  TraceFinding deadlock();
  TraceFinding failure(const Failure& f);

 private:
  std::string thread(int t) const { return thread_names(trace_)[static_cast<std::size_t>(t)]; }
  std::string object(int o) const;
  std::string names(const std::vector<const TraceBlocked*>& blocked) const;
  TraceEvent& event(Step s) { return trace_.events[static_cast<std::size_t>(recorder_.event_index(s))]; }
  std::string reason(const TraceBlocked& b) const;
  std::string access(const TraceEvent& x, const std::string& what, const std::string& here) const;
  const TraceEvent* last_wait(int t) const;
  int latest_of(const Failure& x, int t);
  const TraceEvent* early_notification(const TraceBlocked& b) const;
  bool ended(int t) const {
    return std::any_of(trace_.events.begin(), trace_.events.end(),
                       [&](const TraceEvent& x) { return x.thread == t && x.operation == "end"; });
  }

  TraceRecorder& recorder_;
  Trace& trace_;
  const Engine& engine_;
};

std::string Describer::object(int o) const {
  return o < 0 ? "?" : object_names(trace_)[static_cast<std::size_t>(o)];
}

/// The labels of what they wait for, each once.
std::string Describer::names(const std::vector<const TraceBlocked*>& blocked) const {
  std::vector<std::string> all;
  for (const TraceBlocked* b : blocked) {
    if (b->object < 0) continue;
    const std::string& label = trace_.objects[static_cast<std::size_t>(b->object)].label;
    std::string name = label.empty() ? object(b->object) : label;
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(std::move(name));
  }
  std::string text;
  for (const std::string& name : all) text += (text.empty() ? "" : ", ") + name;
  return text;
}

TraceFinding Describer::lost_update(const Observation& o, bool proven) {
  TraceEvent& read = event(o.steps[LostUpdate::kRead]);
  TraceEvent& overwritten = event(o.steps[LostUpdate::kOverwritten]);
  TraceEvent& write = event(o.steps[LostUpdate::kWrite]);
  read.mark = "stale-read";
  overwritten.mark = "overwritten";
  write.mark = proven ? "lost-update" : "stale-write";
  TraceFinding f;
  f.title = object(write.object);
  f.site = write.site;
  f.threads = {write.thread, overwritten.thread};
  f.objects = {write.object};
  f.steps = {read.step, overwritten.step, write.step};
  const std::string me = thread(write.thread), other = thread(overwritten.thread);
  if (!proven) {
    f.message =
        me + " wrote " + f.title + ", which " + other + " had written since " + me +
        " read it. Whether the value, or that it was written at all, depends on what was read is not proven.";
    return f;
  }
  f.message = me + " overwrote " + other + "'s write without having read it: ";
  // What the other one had read before it wrote.
  const TraceEvent* their_read = nullptr;
  for (const TraceEvent& x : trace_.events) {
    if (x.step >= overwritten.step) break;
    if (x.thread == overwritten.thread && x.object == write.object && x.operation == "read") their_read = &x;
  }
  if (their_read && their_read->result == read.result && overwritten.after == write.after &&
      !read.result.empty()) {
    f.message += sentence("both read " + read.result + ", both wrote " + write.after);
  } else if (!read.result.empty()) {
    f.message += sentence(me + " had read " + read.result + " and wrote " + write.after + " over " +
                          overwritten.after);
  } else {
    f.message += me + "'s value was computed from an older one.";
  }
  trace_.explanation = "If step " + std::to_string(read.step) + " had come after step " +
                       std::to_string(overwritten.step) + ", " + me + " would have seen " + other +
                       "'s update.";
  return f;
}

/// "t1 writes x at :6".
std::string Describer::access(const TraceEvent& x, const std::string& what, const std::string& here) const {
  std::string text = thread(x.thread) + (x.operation == "read" ? " reads " : " writes ") + what;
  if (x.site.line)
    text += " at " + (x.site.file == here ? "" : x.site.file.substr(x.site.file.rfind('/') + 1)) + ":" +
            std::to_string(x.site.line);
  return text;
}

TraceFinding Describer::data_race(const Observation& o) {
  TraceEvent* first = &event(o.steps[DataRace::kFirst]);
  TraceEvent* second = &event(o.steps[DataRace::kSecond]);
  // The same texts and places whichever of the two comes first in the execution: the write, or else the upper one.
  auto rank = [](const TraceEvent& x) {
    return std::tuple(x.operation == "read", x.site.file, x.site.line, x.site.column, x.step);
  };
  if (rank(*second) < rank(*first)) std::swap(first, second);
  const bool same = first->object == second->object || first->object == second->object2;
  TraceFinding f;
  f.objects = {same ? first->object : first->object2};
  if (f.objects.front() < 0) return not_repeated();
  first->mark = second->mark = "race";
  f.title = object(f.objects.front());
  f.site = second->site;
  f.threads = {first->thread, second->thread};
  f.steps = {first->step, second->step};
  f.message = access(*first, f.title, f.site.file) + " and " + access(*second, "it", f.site.file) +
              "; nothing orders the two.";
  return f;
}

TraceFinding Describer::lock_order(const Observation& o) {
  std::vector<TraceEvent*> cycle;
  for (Step s : o.steps)
    if (s != kNever) cycle.push_back(&event(s));
  TraceFinding f;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    TraceEvent& x = *cycle[i];
    const int holds = cycle[i ? i - 1 : cycle.size() - 1]->object;
    x.mark = "lock-order";
    f.threads.push_back(x.thread);
    f.objects.push_back(x.object);
    f.steps.push_back(x.step);
    f.title += (i ? ", " : "") + object(x.object);
    f.message +=
        (i ? "; " : "") + thread(x.thread) + " holds " + object(holds) + " and acquires " + object(x.object);
    if (x.site.line) f.message += " at :" + std::to_string(x.site.line);
  }
  f.message += ".";
  f.site = cycle.front()->site;
  std::sort(f.steps.begin(), f.steps.end());
  return f;
}

TraceFinding Describer::daemon_killed(const Observation& o) {
  TraceFinding f;
  for (std::size_t t = 0; t < trace_.threads.size(); ++t)
    if (thread_name_hash(trace_.threads[t].id) == o.thread) f.threads = {static_cast<int>(t)};
  if (f.threads.empty()) return not_repeated();
  const int t = f.threads.front();
  TraceEvent* last = nullptr;
  std::vector<int> held;
  for (TraceEvent& x : trace_.events) {
    if (x.thread == t && has_taken_lock(x)) held.push_back(x.object);
    if (x.operation == "unlock" || x.operation == "wait") std::erase(held, x.object);
    if (x.thread == t && x.operation != "output") last = &x;
  }
  f.title = thread(t);
  f.message = "The daemon " + f.title + " is killed when the program ends";
  if (last) {
    last->mark = "daemon-killed";
    f.site = last->site;
    f.steps = {last->step};
    f.message += ", after step " + std::to_string(last->step);
  } else {
    f.site = trace_.threads[static_cast<std::size_t>(t)].start;
    f.message += ", before it has done anything";
  }
  for (std::size_t i = 0; i < held.size(); ++i) {
    f.message += (i ? ", " : ", while it holds ") + object(held[i]);
    f.objects.push_back(held[i]);
  }
  f.message += ".";
  return f;
}

const TraceEvent* Describer::last_wait(int t) const {
  const TraceEvent* wait = nullptr;
  for (const TraceEvent& x : trace_.events)
    if (x.thread == t && x.operation == "wait") wait = &x;
  return wait;
}

// A notification of the condition variable that `b` waits for, from before it waited, which woke nobody.
const TraceEvent* Describer::early_notification(const TraceBlocked& b) const {
  if (b.operation != "wake" || b.holder >= 0) return nullptr;
  const TraceEvent *wait = last_wait(b.thread), *found = nullptr;
  for (const TraceEvent& x : trace_.events)
    if (wait && x.step < wait->step && x.object == b.object && x.thread != b.thread && x.other < 0 &&
        (x.operation == "notify-one" || x.operation == "notify-all"))
      found = &x;
  return found;
}

std::string Describer::reason(const TraceBlocked& b) const {
  const std::string me = thread(b.thread), on = object(b.object);
  if (b.operation == "join") return me + " waits for " + thread(b.waits_for) + " to end";
  if (b.operation == "barrier") return me + " waits at " + on + " for others to arrive";
  if (b.holder == b.thread) return me + " waits for " + on + ", which it holds itself";
  if (b.holder >= 0)
    return me + " waits for " + on + ", held by " + thread(b.holder) +
           (ended(b.holder) ? ", which has ended without releasing it (holder gone)" : "");
  if (b.operation == "wake") {
    if (const TraceEvent* n = early_notification(b))
      return me + " waits on " + on + " for a notification; the one at step " + std::to_string(n->step) +
             " by " + thread(n->thread) + " came before it waited, and woke nobody (lost wakeup)";
    return me + " waits on " + on + " for a notification";
  }
  if (b.operation == "get") return me + " waits for an item in " + on + ", which is empty";
  if (b.operation == "put") return me + " waits for room in " + on + ", which is full";
  if (b.operation == "acquire") return me + " waits for " + on + ", whose count is 0";
  if (b.operation == "queue-join") return me + " waits until all items of " + on + " have been dealt with";
  if (b.operation == "event-wait") return me + " waits for " + on + " to be set";
  return me + " waits in " + b.operation + " on " + on;
}

TraceFinding Describer::hang() {
  trace_.blocked = recorder_.left();
  TraceFinding f;
  std::string others;
  for (TraceBlocked& b : trace_.blocked) {
    f.threads.push_back(b.thread);
    if (b.operation != "poll") {
      b.reason = reason(b);
      others += (others.empty() ? "" : "; ") + b.reason;
      continue;
    }
    // Its events since it was last at the loop's first operation.
    const std::uint64_t name = thread_name_hash(trace_.threads[static_cast<std::size_t>(b.thread)].id);
    const Tid polls = engine_.thread_named(name);
    const std::int32_t round = polls == kNoThread ? 0 : engine_.thread(polls).round;
    std::int32_t index = 0;
    for (TraceEvent& x : trace_.events) {
      if (x.thread != b.thread || !x.visible || ++index <= round) continue;
      x.mark = "round";
      f.steps.push_back(x.step);
      if (x.object >= 0 && std::find(f.objects.begin(), f.objects.end(), x.object) == f.objects.end())
        f.objects.push_back(x.object);
    }
    b.reason = thread(b.thread) + " goes round the loop for ever: nothing that it looks at changes";
    f.message += (f.message.empty() ? "" : "; ") + b.reason;
    if (!f.site.line) f.site = b.site;
  }
  f.message += others.empty() ? "." : ". Meanwhile " + others + ".";
  auto add = [&](const std::string& name) { f.title += (f.title.empty() ? "" : ", ") + name; };
  for (int o : f.objects)
    if (!trace_.objects[static_cast<std::size_t>(o)].label.empty()) add(object(o));
  if (f.title.empty())
    for (const TraceBlocked& b : trace_.blocked)
      if (b.operation == "poll") add(thread(b.thread));
  std::sort(f.steps.begin(), f.steps.end());
  return f;
}

TraceFinding Describer::deadlock() {
  TraceFinding f;
  for (TraceBlocked& b : trace_.blocked) {
    b.reason = reason(b);
    f.threads.push_back(b.thread);
    if (b.object >= 0 && std::find(f.objects.begin(), f.objects.end(), b.object) == f.objects.end())
      f.objects.push_back(b.object);
  }
  // The cycle, if there is one: from thread to holder (or joined thread) until one repeats.
  auto blocked = [&](int t) {
    auto it = std::find_if(trace_.blocked.begin(), trace_.blocked.end(),
                           [&](const TraceBlocked& b) { return b.thread == t; });
    return it == trace_.blocked.end() ? nullptr : &*it;
  };
  std::vector<int> cycle;
  for (const TraceBlocked& start : trace_.blocked) {
    std::vector<int> path;
    const TraceBlocked* b = &start;
    while (b && std::find(path.begin(), path.end(), b->thread) == path.end()) {
      path.push_back(b->thread);
      b = blocked(b->holder >= 0 ? b->holder : b->waits_for);
    }
    if (b) {
      cycle.assign(std::find(path.begin(), path.end(), b->thread), path.end());
      break;
    }
  }
  const TraceBlocked* main_cause = nullptr;
  for (const TraceBlocked& b : trace_.blocked) {
    const bool in_cycle = std::find(cycle.begin(), cycle.end(), b.thread) != cycle.end();
    if (!main_cause || (in_cycle && !cycle.empty() && b.thread == cycle.front()) ||
        (cycle.empty() && main_cause->operation == "join" && b.operation != "join"))
      main_cause = &b;
  }
  if (cycle.size() == 1) {
    f.message = sentence(main_cause->reason) + " It can never go on.";
  } else if (!cycle.empty()) {
    f.message = "Each waits for the next: ";
    for (std::size_t i = 0; i < cycle.size(); ++i) f.message += (i ? "; " : "") + blocked(cycle[i])->reason;
    f.message += ".";
  } else if (main_cause) {
    f.message = "No thread can go on: ";
    bool first = true;
    for (const TraceBlocked& b : trace_.blocked) {
      if (b.operation == "join" && trace_.blocked.size() > 1 && main_cause->operation != "join") continue;
      f.message += (first ? "" : "; ") + b.reason;
      first = false;
    }
    f.message += ".";
  }
  if (main_cause) {
    f.site = main_cause->site;
    std::vector<const TraceBlocked*> causes;
    for (int t : cycle) causes.push_back(blocked(t));
    if (cycle.empty()) causes = {main_cause};
    f.title = names(causes);
  }
  for (std::size_t i = 0; i < cycle.size(); ++i) f.detail += (i ? " -> " : "") + thread(cycle[i]);
  if (!cycle.empty()) f.detail = "cycle: " + f.detail + " -> " + thread(cycle.front());
  // Where each one got what others wait for.
  for (const TraceBlocked& b : trace_.blocked) {
    TraceEvent* got = nullptr;
    for (TraceEvent& x : trace_.events)
      if (b.holder >= 0 && x.thread == b.holder && x.object == b.object && has_taken_lock(x)) got = &x;
    if (got) {
      got->mark = "holds";
      f.steps.push_back(got->step);
    }
    if (const TraceEvent* n = early_notification(b)) {
      trace_.events[static_cast<std::size_t>(n->step - 1)].mark = "lost-wakeup";
      f.steps.push_back(n->step);
    }
  }
  std::sort(f.steps.begin(), f.steps.end());
  return f;
}

/// The step up to which the thread had come when it failed; behind that it only says so, and ends.
int Describer::latest_of(const Failure& x, int t) {
  if (x.step <= 0) return static_cast<int>(trace_.events.size());
  int latest = event(x.step - 1).step;
  if (x.gone_on) return latest;
  for (std::size_t i = static_cast<std::size_t>(latest); i < trace_.events.size(); ++i) {
    const TraceEvent& next = trace_.events[i];
    if (next.thread != t) continue;
    if (!next.visible) latest = next.step;  // what it has done since the last operation, and its last words
    if (next.visible || next.operation == "output") break;
  }
  return latest;
}

TraceFinding Describer::failure(const Failure& x) {
  TraceFinding f;
  const int t = recorder_.thread_index(engine_, x.tid);
  f.threads = {t};
  f.site = trace_site(x.site);
  f.detail = x.detail;
  if (x.object) f.objects = {recorder_.object_index(engine_, x.object)};
  switch (x.kind) {
    case Failure::Kind::Assertion:
      f.title = x.message.empty() ? "assertion failed" : x.message;
      f.message = "An assertion fails in " + thread(t) + (x.message.empty() ? "." : ": " + x.message);
      break;
    case Failure::Kind::Exception:
      f.title = x.type;
      f.message = "Uncaught in " + thread(t) + ": " + x.type + (x.message.empty() ? "" : ": " + x.message);
      break;
    case Failure::Kind::ExitStatus:
      f.title = x.message;
      f.message = "The program ends with exit status " + x.message + ".";
      break;
    case Failure::Kind::Misuse:
      f.title = x.object ? object(f.objects.front()) : x.type;
      f.message = thread(t) + ": " + x.message + ".";
      break;
    case Failure::Kind::Divergence:
      f.title = thread(t);
      f.message = thread(t) + " runs on and on without any operation that another thread could notice.";
      break;
    case Failure::Kind::Crash:
      f.title = x.type;
      f.message = "The model crashes in " + thread(t) + ": " + x.message;
      break;
    case Failure::Kind::OutOfTime: break;  // is not observed
  }
  if (x.swallowed)
    f.message = sentence(f.message) + " It is in a future that nobody has asked for its result.";
  // The event that its thread executed last led there.
  const int latest = latest_of(x, t);
  for (auto it = trace_.events.rbegin(); it != trace_.events.rend(); ++it)
    if (it->step <= latest && it->thread == t && it->operation != "end") {
      it->mark = "failure";
      f.steps = {it->step};
      break;
    }
  return f;
}

// Stable over runs and machines: FNV-1a over kind, places and labels.
std::string fingerprint(const TraceFinding& f, const Trace& trace) {
  std::uint64_t h = 0xCBF29CE484222325ull;
  auto add = [&](std::string_view s) {
    for (char c : s) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
    h = (h ^ 0xFF) * 0x100000001B3ull;
  };
  auto add_site = [&](const TraceSite& s) {
    add(std::string_view(s.file).substr(s.file.rfind('/') == std::string::npos ? 0 : s.file.rfind('/') + 1));
    add(std::to_string(s.line));
    add(s.function);
  };
  add(f.kind);
  add_site(f.site);
  for (int step : f.steps) add_site(trace.events[static_cast<std::size_t>(step - 1)].site);
  if (f.kind == name(Kind::Outcome)) add(f.detail);
  for (int o : f.objects) add(trace.objects[static_cast<std::size_t>(o)].label);
  char hex[17];
  auto [end, error] = std::to_chars(hex, hex + sizeof hex, h, 16);
  return std::string(static_cast<std::size_t>(16 - (end - hex)), '0') + std::string(hex, end);
}

/// The failure observed, among those of the execution that was recorded. Where time decides (Divergence) it may have
/// others than the one that the observation is from.
const Failure* failure_of(const Observation& o, const std::vector<Failure>& failures) {
  const auto expected = static_cast<std::size_t>(o.failure);
  if (o.failure >= 0 && expected < failures.size() && kind_of(failures[expected].kind) == o.kind)
    return &failures[expected];
  const auto same = std::find_if(failures.begin(), failures.end(),
                                 [&](const Failure& x) { return kind_of(x.kind) == o.kind; });
  return same == failures.end() ? nullptr : &*same;
}

}  // namespace

TraceFinding describe(const Observation& o, Severity severity, TraceRecorder& recorder,
                      const std::vector<Failure>& failures, const Engine& e) {
  Describer d(recorder, e);
  TraceFinding f;
  if (std::any_of(std::begin(o.steps), std::end(o.steps),
                  [&](Step s) { return s >= static_cast<Step>(recorder.trace().schedule.size()); }))
    f = not_repeated();
  else if (o.kind == Kind::LostUpdate)
    f = d.lost_update(o, severity != Severity::Note);
  else if (o.kind == Kind::DataRace)
    f = d.data_race(o);
  else if (o.kind == Kind::LockOrder)
    f = d.lock_order(o);
  else if (o.kind == Kind::DaemonKilled)
    f = d.daemon_killed(o);
  else if (o.kind == Kind::Outcome)
    f = outcome(e.output());
  else if (o.kind == Kind::Hang)
    f = d.hang();
  else if (o.kind == Kind::Deadlock)
    f = d.deadlock();
  else if (const Failure* x = failure_of(o, failures))
    f = d.failure(*x);
  f.kind = name(o.kind);
  f.severity = name(severity);
  f.fingerprint = fingerprint(f, recorder.trace());
  // The same finding with the same fingerprint, whether it is proven or not: a later search may prove it.
  if (o.kind == Kind::LostUpdate && severity == Severity::Note) f.kind = name(Kind::Atomicity);
  return f;
}

}  // namespace raddle::detect
