// What is typed, and what is answered.
#include "checker/cli/interactive.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "checker/cli/terminal.h"
#include "checker/explore/verification.h"
#include "raddle/raddle.h"
#include "reports/json_trace.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::cli;
namespace fs = std::filesystem;

namespace {

const auto counter = [] {
  variable<int> x(0, "x");
  const auto add = [&] { x.store(x.load() + 1); };
  thread a(add), b(add);
  a.join();
  b.join();
  require(x.load() == 2, "none is lost");
};

/// A program of the C++ library in place of a Python one.
struct LibraryModel : Model {
  test::Model<std::remove_cv_t<decltype(counter)>> model{counter};
  engine::Program& program() override { return model; }
  std::string program_hash() const override { return "hash"; }
  std::string visibility() const override { return ""; }
  void set_visibility(const std::string&) override {}
  std::vector<std::string> uncontrolled() const override { return {}; }
  std::vector<std::string> source_files() const override { return {}; }
  std::string source_line(const std::string&, int) const override { return {}; }
  std::optional<std::string> source_text(const std::string&) const override { return {}; }
  void interrupt(bool) override {}
  std::string shown_output() const override { return {}; }
  int exit_status() const override { return 0; }
  bool waits_for_input() const override { return false; }
  void prepare_debugger(std::function<void(const std::string&)>) override {}
  void stop_in_debugger() override {}
};

struct Folder {
  fs::path path = fs::temp_directory_path() / ("raddle-interactive-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

/// A file that is written and read again.
class Memory {
 public:
  Memory() : fd_(::memfd_create("test", MFD_CLOEXEC)) {}
  ~Memory() { ::close(fd_); }
  int descriptor() const { return fd_; }
  void fill(const std::string& text) const {
    REQUIRE(::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::lseek(fd_, 0, SEEK_SET);
  }
  std::string contents() const {
    std::string text(1 << 20, '\0');
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::pread(fd_, text.data(), text.size(), 0))));
    return text;
  }

 private:
  int fd_;
};

struct Dialogue {
  std::string said;
  int status = 0;
};

/// The whole dialogue in which these lines are typed, in a folder for what is kept.
Dialogue converse(const std::string& typed, const std::string& folder = ".",
                  std::vector<explore::NamedChoice> suggested = {}) {
  const Memory in, out;
  in.fill(typed);
  const int stdin_before = ::dup(STDIN_FILENO);
  ::dup2(in.descriptor(), STDIN_FILENO);
  const int before = exchange_output(out.descriptor());
  InteractiveRequest request;
  request.header.model = "counter.py";
  request.header.front_end = "python";
  request.header.program_hash = "hash";
  request.suggested = std::move(suggested);
  request.folder = folder;
  Supervision supervision({});
  LibraryModel model;
  engine::Engine engine;
  Dialogue d;
  d.status = interact(request, supervision, model, engine, model.program());
  exchange_output(before);
  ::dup2(stdin_before, STDIN_FILENO);
  ::close(stdin_before);
  d.said = out.contents();
  return d;
}

bool has(const Dialogue& d, const std::string& part) { return d.said.find(part) != std::string::npos; }
std::size_t times(const Dialogue& d, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = d.said.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

constexpr const char* kBothRead = "1\n2\n1\n";  // before either writes

}  // namespace

TEST_CASE("a number is a choice, Enter is the one that is marked") {
  const Dialogue d = converse(kBothRead);
  CHECK(has(d, "step 3> 1\n"));
  CHECK(has(d, "->   1  t1"));
  CHECK(has(d, "ASSERTION  none is lost"));
  CHECK(has(d, "ended> "));
  CHECK(d.status == 1);
  const Dialogue marked = converse("\n\n\n\n");
  CHECK(has(marked, "ended> "));
  CHECK_FALSE(has(marked, "ASSERTION"));
  CHECK(marked.status == 0);
}

TEST_CASE("what is marked is what is suggested") {
  const std::uint64_t a = engine::child_name(1, 0), b = engine::child_name(1, 1);
  const Dialogue d = converse("\n\n\n\n", ".", {{a}, {b}, {a}, {b}});
  CHECK(has(d, "ASSERTION  none is lost"));
}

TEST_CASE("numbers that are none of the choices, and words that mean nothing, leave the question") {
  const Dialogue d = converse("0\n3\n99999999999999999999999\n-1\n1x\nfoo\nu u\nq now\nc 1\n1\nq\n");
  CHECK(has(d, "There is no choice 0: it is 1 to 2."));
  CHECK(has(d, "There is no choice 3: it is 1 to 2."));
  for (const char* word : {"99999999999999999999999", "-1", "1x", "foo", "u u", "q now", "c 1"})
    CHECK(has(d, "There is no '" + std::string(word) + "' here."));
  CHECK(times(d, "step 3> ") == 10);
  CHECK(d.status == 0);
}

TEST_CASE("blanks around do no harm") { CHECK(has(converse("  2  \n c\r\n"), "ended> ")); }

TEST_CASE("help says what can be typed there") {
  const Dialogue d = converse("?\nh\nhelp\nc\n?\n");
  CHECK(times(d, "a number: this one goes next") == 3);
  CHECK(times(d, "Enter or q: quit") == 1);
  CHECK_FALSE(has(d, "There is no '"));
}

TEST_CASE("undo, and back to a step") {
  const Dialogue d = converse("u\nb 1\n2\n1\nu\nb 3\nb 0\nb 9\nb\nb x\n1\nq\n");
  CHECK(has(d, "There is nothing to undo."));
  CHECK(times(d, "back before step 3\n") == 2);
  CHECK(times(d, "back before step 4\n") == 1);
  CHECK(has(d, "b takes a step: 1 to "));
  CHECK(d.status == 0);
  const Dialogue at_end = converse("1\nc\nu\n2\nc\nb 1\nc\n\n");
  CHECK(times(at_end, "ended> ") == 3);
}

TEST_CASE("q, and the end of the input, leave it") {
  for (const char* typed : {"q\n", "", "1\n", "1\nq\n"}) {
    CAPTURE(typed);
    const Dialogue d = converse(typed);
    CHECK(d.status == 0);
    CHECK_FALSE(has(d, "ended> "));
    CHECK(d.said.ends_with('\n'));
  }
}

TEST_CASE("a last line need not end with a line break") {
  const Dialogue d = converse("2\nc");
  CHECK(has(d, "ended> "));
}

TEST_CASE("a run is kept when it has ended, and replays") {
  const Folder folder;
  const fs::path file = folder.path / "mine.json";
  for (const std::string& typed :
       {std::string("s mine.json\n") + kBothRead + "q\n", std::string(kBothRead) + "s mine.json\nq\n",
        std::string("1\n2\ns  mine.json\n1\nq\n"), std::string("1\n2\n1\ns mine.json\n")}) {
    CAPTURE(typed);
    const Dialogue d = converse(typed, folder.path);
    CHECK(times(d, "kept in mine.json: raddle replay mine.json") == 1);
    CHECK(d.status == 1);
    REQUIRE(fs::exists(file));
    const engine::Trace trace = reports::read_trace(file);
    CHECK(trace.model == "counter.py");
    CHECK(trace.program_hash == "hash");
    LibraryModel model;
    engine::Engine e;
    const explore::ReplayReport report = explore::replay(e, model.program(), trace, 0);
    CHECK_FALSE(report.diverged);
    CHECK(report.reproduced);
    fs::remove(file);
  }
}

TEST_CASE("who quits before the end of a run that is to be kept gets its end") {
  const Folder folder;
  const Dialogue d = converse("1\n2\ns mine.json\nq\n", folder.path);
  CHECK(has(d, "The run will be kept in mine.json when it has ended."));
  CHECK(has(d, "kept in mine.json"));
  CHECK(times(d, "ended> ") == 0);
  CHECK(fs::exists(folder.path / "mine.json"));
}

TEST_CASE("s without a file, and a file that cannot be written") {
  const Folder folder;
  const Dialogue d = converse(std::string("s\n") + kBothRead + "s\ns no/folder.json\n\n", folder.path);
  CHECK(times(d, "s takes the name of a file.") == 2);
  CHECK(has(d, "no/folder.json"));
  CHECK_FALSE(has(d, "kept in"));
  CHECK(d.status == 1);
  // Who leaves with q wants it kept: that it could not be is the exit status.
  const Dialogue lost = converse("s no/folder.json\nq\n", folder.path);
  CHECK(lost.status == 2);
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("who has changed their mind about a file keeps the run in the last one") {
  const Folder folder;
  converse(std::string("s one.json\ns two.json\n") + kBothRead + "q\n", folder.path);
  CHECK_FALSE(fs::exists(folder.path / "one.json"));
  CHECK(fs::exists(folder.path / "two.json"));
}
