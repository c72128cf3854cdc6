#include "checker/detect/outcomes.h"

namespace raddle::detect {

void Outcomes::restart() {
  known_.clear();
  texts_.clear();
  numbers_.clear();
  bytes_ = saved_ = 0;
  left_out_ = left_out_saved_ = 0;
}

std::uint64_t Outcomes::key_of(const std::string& text) {
  return engine::mix(std::hash<std::string>{}(text) + 0x0C0DEull);
}

const Outcomes::Known* Outcomes::know(const std::string& text) {
  if (const auto known = known_.find(text); known != known_.end()) return &known->second;
  const bool fine = !expects_ || expects_(text);
  // What is wrong is always kept: a finding needs it.
  if (fine && bytes_ + text.size() > kMostBytes) return nullptr;
  bytes_ += text.size();
  const Known fresh{static_cast<std::int32_t>(texts_.size()), fine ? Severity::Note : Severity::Error};
  const auto known = known_.emplace(text, fresh).first;
  texts_.push_back(&known->first);
  numbers_[key_of(text)] = fresh.number;
  return &known->second;
}

void Outcomes::end(const engine::Engine& e, const engine::History& h, engine::Outcome outcome, Sink& sink) {
  if (outcome != engine::Outcome::Complete || e.cut() || e.stopped_polling()) return;
  const std::string text(e.output());
  const Known* known = know(text);
  if (!known) return void(++left_out_);
  Observation o;
  o.kind = Kind::Outcome;
  o.severity = known->severity;
  o.at = h.size();
  o.failure = known->number;
  o.key = key_of(text);
  sink.observe(o);
}

void Outcomes::save(engine::WireWriter& out, bool everything) {
  const std::size_t first = everything ? 0 : saved_;
  out.number(texts_.size() - first);
  for (std::size_t i = first; i < texts_.size(); ++i) out.text(*texts_[i]);
  out.number(left_out_ - (everything ? 0 : left_out_saved_));
  saved_ = texts_.size();
  left_out_saved_ = left_out_;
}

void Outcomes::merge(engine::WireReader& in) {
  for (std::size_t n = in.count(); n; --n)
    if (!know(std::string(in.text()))) ++left_out_;
  left_out_ += in.number();
}

bool Outcomes::is_worse(engine::WireReader& in) const {
  bool wrong = false;
  for (std::size_t n = in.count(); n; --n) {
    const std::string text(in.text());
    wrong |= expects_ && !expects_(text);
  }
  in.number();
  return wrong;
}

}  // namespace raddle::detect
