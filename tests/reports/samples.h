// Traces and results for the tests of reports, as front ends and searches would make them.
#pragma once
#include <string>

#include "checker/engine/trace.h"
#include "reports/result.h"

namespace raddle::tests {

engine::Trace lost_update();
/// Three philosophers, all with their left fork.
engine::Trace philosophers();
/// A consumer that waits for a notification that came before; and a lock whose holder has ended.
engine::Trace lost_wakeup();
engine::Trace holder_gone();
/// One thread that acquires its own lock again.
engine::Trace self_deadlock();
/// An AssertionError in a helper module, with a traceback.
engine::Trace assertion();
/// Twenty threads increase a counter and lose updates.
engine::Trace twenty_threads();
/// Two threads that increase a counter fifty times each: 200 accesses and more.
engine::Trace long_run();
/// Names and values in many scripts, escape sequences, bytes that are not UTF-8, very long texts.
engine::Trace strange_texts();
/// Every field of every part is set.
engine::Trace everything();
/// A run without findings.
engine::Trace passing();

/// What `raddle check --all lost_update.py` reports; the others are variations.
reports::Result lost_update_result();
/// Every field is set.
reports::Result full_result();

/// The text of a file below the source folder.
std::string source_file(const std::string& path);
/// A fresh empty folder, removed at exit.
std::string scratch_folder();

/// Compares with tests/reports/golden/NAME.txt; RADDLE_UPDATE_GOLDEN=1 in the environment writes it instead.
void check_golden(const std::string& name, const std::string& text);
/// All lines are at most this wide.
void check_width(const std::string& text, std::size_t width);

}  // namespace raddle::tests
