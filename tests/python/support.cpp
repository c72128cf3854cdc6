#include "support.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "checker/engine/recorder.h"
#include "checker/explore/brute.h"
#include "checker/explore/dpor.h"
#include "checker/explore/sampling.h"
#include "checker/python/locations.h"

namespace raddle::python::test {
namespace {

// Looks at every execution on behalf of another strategy.
class Observer : public engine::Strategy {
 public:
  Observer(engine::Strategy& inner, const explore::Inspector& inspector, PythonModel& model, Seen& seen)
      : inner_(inner), inspector_(inspector), model_(model), seen_(seen) {}

  bool begin(engine::Engine& e) override {
    if (ran_) {
      ++seen_.outputs[std::string(model_.output())];
      seen_.by_thread.insert(output_by_thread());
      seen_.statuses.insert(model_.exit_status());
    }
    ran_ = false;
    return inner_.begin(e);
  }
  engine::Decision pick(engine::Engine& e, engine::Tid current) override { return inner_.pick(e, current); }
  void end(engine::Engine& e, engine::Outcome outcome) override {
    const std::uint64_t dropped = inspector_.statistics().dropped;
    inner_.end(e, outcome);
    ran_ = false;
    if (inspector_.statistics().dropped != dropped) return;  // it cannot be
    ran_ = outcome == engine::Outcome::Complete || outcome == engine::Outcome::Deadlock;
    ++seen_.executions;
    seen_.complete += outcome == engine::Outcome::Complete;
    seen_.deadlocks += outcome == engine::Outcome::Deadlock;
    seen_.truncated += outcome == engine::Outcome::Truncated;
    seen_.aborted += outcome == engine::Outcome::Aborted;
    if (outcome == engine::Outcome::Aborted) seen_.abort_reason = e.abort_reason();
    seen_.events = std::max<long>(seen_.events, e.step());
    for (const engine::Failure& f : e.failures())
      if (f.kind != engine::Failure::Kind::Misuse || !f.gone_on)
        ++seen_.failures[f.type + ": " + f.message + " @" + std::to_string(f.site.line)];
  }
  void restart(engine::Engine& e) override {
    seen_ = {};
    ran_ = false;
    inner_.restart(e);
  }
  bool unordered_access(const engine::Engine& e, engine::ObjectId id) const override {
    return inner_.unordered_access(e, id);
  }

 private:
  std::string output_by_thread() const {
    std::map<engine::Tid, std::string> texts;
    for (const OutputPiece& piece : model_.output_pieces()) texts[piece.tid] += piece.text;
    std::vector<std::string> sorted;
    for (const auto& [thread, text] : texts) sorted.push_back(text + "---\n");
    std::sort(sorted.begin(), sorted.end());
    std::string all;
    for (const std::string& text : sorted) all += text;
    return all;
  }

  engine::Strategy& inner_;
  const explore::Inspector& inspector_;
  PythonModel& model_;
  Seen& seen_;
  bool ran_ = false;
};

class Lines : public engine::Recorder {
 public:
  std::vector<std::string> lines;
  std::map<engine::ObjectId, std::string> labels;

  void event(const engine::Engine&, const engine::Thread& t, engine::Alternative alt) override {
    finish();
    pending_ =
        "t" + std::to_string(t.id) + ' ' + (alt == engine::kExpire ? "expire" : engine::name(t.op.kind));
    object_ = engine::object_of(t.op.a0);
    line_ = t.op.site.line;
  }
  void effect(std::string_view before, std::string_view after, std::string_view result) override {
    if (!before.empty() || !after.empty()) effect_ = ' ' + std::string(before) + "->" + std::string(after);
    if (!result.empty()) effect_ += " =" + std::string(result);
  }
  void note(const engine::Engine&, const engine::Thread& t, engine::NoteKind kind, engine::Tid other,
            std::string_view text, const engine::Site&) override {
    finish();
    static const char* const names[] = {"start", "join", "end", "sleep", "output", "note", "pass"};
    std::string line = "t" + std::to_string(t.id) + ' ' + names[static_cast<int>(kind)];
    if (other != engine::kNoThread) line += " t" + std::to_string(other);
    if (!text.empty()) line += ' ' + std::string(text);
    lines.push_back(line);
  }
  void object(engine::ObjectId id, std::string_view kind, std::string_view label) override {
    labels[id] = std::string(kind) + ' ' + std::string(label);
  }
  void thread(engine::Tid t, std::string_view label) override {
    lines.push_back("t" + std::to_string(t) + " is " + std::string(label));
  }
  void finish() {
    if (pending_.empty()) return;
    lines.push_back(pending_ + " [" + labels[object_] + ']' + effect_ + " :" + std::to_string(line_));
    pending_.clear();
    effect_.clear();
  }

 private:
  std::string pending_, effect_;
  engine::ObjectId object_ = 0;
  int line_ = 0;
};

void settings(engine::Engine& e, const How& how) {
  e.set_notify_any(false);
  e.set_virtual_clock(how.virtual_clock);
  e.set_timeouts(how.timeouts);
  e.set_max_steps(20000);
  if (how.whole_queues) e.set_revealed(static_cast<std::uint8_t>(engine::Hidden::QueueEnds));
}

struct Scratch {
  std::filesystem::path path;
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "raddle-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

}  // namespace

Outputs Seen::distinct() const {
  Outputs texts;
  for (const auto& [text, count] : outputs) texts.insert(text);
  return texts;
}

std::string Seen::problems() const {
  std::string text;
  if (!exhausted) text += "not exhausted; ";
  if (deadlocks || truncated || aborted || executions == 0)
    text += std::to_string(executions) + " executions, " + std::to_string(deadlocks) + " deadlocks, " +
            std::to_string(truncated) + " truncated, " + std::to_string(aborted) + " aborted " +
            abort_reason + "; ";
  for (const auto& [failure, count] : failures) text += failure + "; ";
  return text;
}

bool Seen::fails(const std::string& text) const {
  return std::any_of(failures.begin(), failures.end(),
                     [&](const auto& f) { return f.first.find(text) != std::string::npos; });
}

std::string scratch_folder() {
  static Scratch scratch;
  return scratch.path.string();
}

std::string write_file(const std::string& name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(scratch_folder()) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::unique_ptr<PythonModel> load_text(const std::string& text, const How& how) {
  PythonOptions options;
  options.model = write_file("model.py", text);
  options.arguments = how.arguments;
  options.fine = how.fine;
  options.standard_input = how.standard_input;
  options.gil = how.gil;
  set_all_visible(how.all_visible);
  return load(options);
}

Seen search(PythonModel& model, const How& how) {
  Seen seen;
  engine::Engine e;
  settings(e, how);
  explore::Inspector inspector;
  explore::Limits limits;
  limits.executions = static_cast<std::uint64_t>(how.runs);
  inspector.set_limits(limits);
  inspector.count_classes(true);
  explore::RandomWalk walk;
  std::unique_ptr<engine::Strategy> inner;
  if (how.search == Search::Exhaustive)
    inner = std::make_unique<explore::Dpor>(inspector, explore::Dpor::Options{});
  if (how.search == Search::Brute) inner = std::make_unique<explore::Brute>(inspector);
  if (how.search == Search::Random) inner = std::make_unique<explore::Sampling>(inspector, walk, 1);
  Observer observer(*inner, inspector, model, seen);
  e.run(observer, model);
  seen.exhausted = inspector.statistics().stop == explore::StopReason::Exhausted;
  seen.blocked = static_cast<long>(inspector.statistics().blocked);
  seen.classes = static_cast<long>(inspector.statistics().classes);
  seen.checksum = inspector.statistics().checksum;
  return seen;
}

Seen run(const std::string& text, const How& how) {
  auto model = load_text(text, how);
  return search(*model, how);
}

Outputs Seen::ends() const {
  Outputs all = distinct();
  if (deadlocks == 0) all.erase("");
  if (deadlocks > 0) all.insert("DEADLOCK");
  return all;
}

long setting(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atol(text) : otherwise;
}

Seen run_against_brute_force(const std::string& text, bool all_visible, bool gil) {
  Seen quick, brute;
  {
    auto model = load_text(text, {.gil = gil});
    quick = search(*model);
    brute = search(*model, {.search = Search::Brute, .runs = 200000});
  }
  CHECK(quick.exhausted);
  CHECK(brute.exhausted);
  CHECK(quick.blocked == 0);
  CHECK(quick.executions == quick.classes);
  CHECK(quick.classes == brute.classes);
  CHECK(quick.checksum == brute.checksum);
  CHECK(quick.by_thread == brute.by_thread);
  if (!all_visible) return quick;
  // What is left out because nobody can notice makes no difference.
  const Seen all = run(text, {.runs = 200000, .all_visible = true, .gil = gil});
  CHECK(all.exhausted);
  CHECK(all.abort_reason == "");
  CHECK(all.by_thread == quick.by_thread);
  return quick;
}

std::string plain_output(const std::string& text) {
  const std::string path = write_file("model.py", text);
  std::string result;
  FILE* pipe = popen(("/usr/bin/python3 " + path + " 2>&1").c_str(), "r");
  if (!pipe) return "cannot run python3";
  std::array<char, 4096> buffer;
  while (std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) result.append(buffer.data(), n);
  pclose(pipe);
  return result;
}

Seen run_as_plain(const std::string& text) {
  const Seen seen = run(text);
  CAPTURE(text);
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{plain_output(text)});
  return seen;
}

std::vector<std::string> record(PythonModel& model, unsigned seed) {
  engine::Engine e;
  settings(e, {});
  Lines lines;
  e.set_recorder(&lines);
  explore::Inspector inspector;
  explore::Limits limits;
  limits.executions = 1;
  inspector.set_limits(limits);
  explore::RandomWalk walk;
  explore::Sampling sampling(inspector, walk, seed);
  e.run(sampling, model);
  lines.finish();
  return lines.lines;
}

long resident() {
  std::ifstream file("/proc/self/statm");
  long total = 0, pages = 0;
  file >> total >> pages;
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

}  // namespace raddle::python::test

doctest::String doctest::StringMaker<raddle::python::test::Outputs>::convert(
    const raddle::python::test::Outputs& outputs) {
  std::string text = std::to_string(outputs.size()) + " outputs:";
  for (const std::string& output : outputs) text += "\n--\n" + output;
  return {text.c_str(), static_cast<unsigned>(text.size())};
}
