// What the model writes, execution by execution: the distinct outputs, and those that are not among the expected ones.
// Counts executions that come to their end; one that is stuck or cut has no outcome.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "checker/detect/detector.h"

namespace raddle::detect {

class Outcomes : public Detector {
 public:
  using Predicate = std::function<bool(std::string_view)>;
  /// `expects`: is this output fine? Empty: all are. An outcome is an observation in any case, of severity Error where it
  /// is not fine.
  explicit Outcomes(Predicate expects) : expects_(std::move(expects)) {}

  bool sees_every_end() const override { return true; }
  void end(const engine::Engine&, const engine::History&, engine::Outcome, Sink&) override;
  void save(engine::WireWriter& out, bool everything) override;
  void merge(engine::WireReader& in) override;
  bool is_worse(engine::WireReader& in) const override;
  void adopt(Observation& o) const override { o.failure = numbers_.at(o.key); }
  void restart() override;

  /// The text of an observation of this detector.
  const std::string& text(const Observation& o) const { return *texts_[static_cast<std::size_t>(o.failure)]; }
  /// Outputs that were not kept, since there were too many different ones.
  std::uint64_t left_out() const { return left_out_; }

 private:
  struct Known {
    std::int32_t number = 0;
    Severity severity = Severity::Note;
  };
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;

  static std::uint64_t key_of(const std::string& text);
  /// nullptr: it is not kept.
  const Known* know(const std::string& text);

  Predicate expects_;
  std::unordered_map<std::string, Known> known_;
  std::vector<const std::string*> texts_;
  std::unordered_map<std::uint64_t, std::int32_t> numbers_;  // by key
  std::size_t bytes_ = 0, saved_ = 0;                        // of texts_
  std::uint64_t left_out_ = 0, left_out_saved_ = 0;
};

}  // namespace raddle::detect
