// Runs Python programs given as text, and says what came out.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/engine.h"
#include "checker/python/model.h"

namespace raddle::python::test {

using Outputs = std::set<std::string>;

/// What a search over a program saw.
struct Seen {
  long executions = 0;
  long complete = 0, deadlocks = 0, truncated = 0, aborted = 0;
  bool exhausted = false;
  long blocked = 0;            // sleep-set blocked: never in an optimal search
  std::uint64_t checksum = 0;  // over the classes
  long classes = 0;
  std::map<std::string, long> outputs;   // text -> executions
  Outputs by_thread;                     // the same, thread by thread: equal throughout a class
  std::map<std::string, long> failures;  // "Type: message @line" -> executions
  std::set<int> statuses;                // exit statuses
  std::string abort_reason;
  long events = 0;  // of the longest execution

  Outputs distinct() const;
  std::string problems() const;               // empty: complete, nobody failed, no deadlock
  bool fails(const std::string& text) const;  // does a failure contain the text?
  Outputs ends() const;  // everything that the program can come to: what it prints, or a deadlock
};

enum class Search { Exhaustive, Brute, Random };

struct How {
  Search search = Search::Exhaustive;
  long runs = 20000;  // at most
  bool all_visible = false;
  bool fine = false;
  std::vector<std::string> arguments;
  std::string standard_input;
  bool virtual_clock = false;
  bool timeouts = true;
  bool gil = false;
  bool whole_queues = false;  // nobody tells their ends apart
};

/// The number in an environment variable, for tests whose size can be chosen.
long setting(const char* name, long otherwise);

/// A folder for the programs of a test, removed at the end of the process.
std::string scratch_folder();

/// Writes a file there and returns its path.
std::string write_file(const std::string& name, const std::string& text);

/// A program in a file of its own.
std::unique_ptr<PythonModel> load_text(const std::string& text, const How& how = {});

Seen search(PythonModel& model, const How& how = {});

/// Both in one.
Seen run(const std::string& text, const How& how = {});

/// What an exhaustive search finds must be what brute force finds: the same classes. Returns the former.
/// `all_visible`: and what is found when nothing is left out because nobody could notice.
Seen run_against_brute_force(const std::string& text, bool all_visible = true, bool gil = false);

/// What /usr/bin/python3 prints when it runs the program.
std::string plain_output(const std::string& text);

/// For programs with one possible output: a complete search finds no error and, in every execution, that of
/// /usr/bin/python3. Returns what the search saw.
Seen run_as_plain(const std::string& text);

/// A recording of one execution: one line per event and note.
std::vector<std::string> record(PythonModel& model, unsigned seed = 1);

/// Resident memory in KB.
long resident();

}  // namespace raddle::python::test

template <>
struct doctest::StringMaker<raddle::python::test::Outputs> {
  static String convert(const raddle::python::test::Outputs& outputs);
};
