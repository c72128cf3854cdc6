#include "checker/detect/outcomes.h"

namespace raddle::detect {

void Outcomes::restart() {
  known_.clear();
  texts_.clear();
  bytes_ = left_out_ = 0;
}

void Outcomes::end(const engine::Engine& e, const engine::History& h, engine::Outcome outcome, Sink& sink) {
  if (outcome != engine::Outcome::Complete || e.cut()) return;
  const std::string text(e.output());
  auto known = known_.find(text);
  if (known == known_.end()) {
    const bool fine = !expects_ || expects_(text);
    // What is wrong is always kept: a finding needs it.
    if (fine && bytes_ + text.size() > kMostBytes) return void(++left_out_);
    bytes_ += text.size();
    const Known fresh{static_cast<std::int32_t>(texts_.size()), fine ? Severity::Note : Severity::Error};
    known = known_.emplace(text, fresh).first;
    texts_.push_back(&known->first);
  }
  Observation o;
  o.kind = Kind::Outcome;
  o.severity = known->second.severity;
  o.at = h.size();
  o.failure = known->second.number;
  o.key = engine::mix(std::hash<std::string>{}(text) + 0x0C0DEull);
  sink.observe(o);
}

}  // namespace raddle::detect
