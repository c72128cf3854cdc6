#include "checker/cli/checkpoint_file.h"

#include <algorithm>

#include "checker/cli/model.h"
#include "reports/atomic_file.h"
#include "reports/json_document.h"

namespace raddle::cli {

using engine::UserError;
using reports::Json;

namespace {

constexpr reports::DocumentType kType{"checkpoint", "raddle-checkpoint/1",
                                      "`raddle check --checkpoint FILE` writes them"};

/// A line of JSON, and behind it the state, as bytes.
std::string text_of(const SavedSearch& s) {
  Json head;
  head["format"] = kType.format;
  head["raddle_version"] = RADDLE_VERSION;
  head["model"] = s.model;
  head["program_hash"] = s.program_hash;
  head["input_hash"] = s.input_hash;
  head["command"] = s.command;
  head["seconds"] = s.seconds;
  head["bytes"] = s.state.size();
  head["state_hash"] = content_hash(s.state);
  return head.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n' + s.state;
}

}  // namespace

SavedSearch read_checkpoint(const std::string& path) {
  const std::string text = reports::load_text(path, kType);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const Json head = reports::parse_document(std::string_view(text).substr(0, end), path, kType);
  const reports::JsonValue document(head, path, kType);
  if (const std::string version = document.text("raddle_version"); version != RADDLE_VERSION)
    throw UserError(
        path + ": raddle " + version +
        " has written this checkpoint, and only that version can go on with it; this is " RADDLE_VERSION);
  SavedSearch s;
  s.model = document.text("model");
  s.program_hash = document.text("program_hash");
  s.input_hash = document.text("input_hash");
  s.command = document.texts("command");
  s.seconds = document.real("seconds");
  if (end < text.size()) s.state = text.substr(end + 1);
  if (s.state.size() != document.number("bytes") || content_hash(s.state) != document.text("state_hash"))
    throw UserError(path + ": this checkpoint is damaged. Check " + s.model + " again");
  return s;
}

CheckpointFile::CheckpointFile(std::string path, std::chrono::nanoseconds interval, SavedSearch search)
    : path_(std::move(path)),
      interval_(interval),
      search_(std::move(search)),
      seconds_before_(search_.seconds) {}

void CheckpointFile::keep(const std::string& state) {
  const auto start = Clock::now();
  search_.state = state;
  search_.seconds = seconds_before_ + std::chrono::duration<double>(start - start_).count();
  try {
    reports::write_file(path_, text_of(search_));
    written_ = true;
    error_.reset();
  } catch (const UserError& e) {
    error_ = e;
  }
  search_.state.clear();
  // Big states take their time.
  next_ = Clock::now() + std::max<Clock::duration>(interval_, 20 * (Clock::now() - start));
}

}  // namespace raddle::cli
