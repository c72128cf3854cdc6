#include "checker/explore/checkpoint.h"

#include "checker/explore/knowledge.h"

namespace raddle::explore {

using namespace engine;

Checkpoints::Checkpoints(Keeper* keeper, Engine& e, Program& program, Inspector& inspector)
    : keeper_(keeper), engine_(e), program_(program), inspector_(inspector) {
  if (keeper_) inspector_.before_cut([this] { before_cut_ = round(); });
}

std::string Checkpoints::round() const {
  WireWriter out;
  save_knowledge(out, engine_, program_);
  program_.save(out);
  inspector_.save(out);
  return out.take();
}

void Checkpoints::restore(std::string_view round) {
  WireReader in(round);
  restore_knowledge(in, engine_, program_);
  program_.merge(in);
  inspector_.restore(in);
  if (!in.at_end()) throw WireError("there is more than a round");
}

void Checkpoints::add(std::string_view round) {
  WireReader in(round);
  restore_knowledge(in, engine_, program_);
  program_.merge(in);
  inspector_.add(in);
  if (!in.at_end()) throw WireError("there is more than a round");
}

void Checkpoints::keep(std::string_view left) {
  WireWriter out;
  out.number(over_.size());
  for (const std::string& round : over_) out.text(round);
  out.text(before_cut_.empty() ? round() : before_cut_);
  out.text(left);
  keeper_->keep(out.bytes());
}

std::string Checkpoints::resume(std::string_view state, const std::function<void()>& over) {
  WireReader in(state);
  for (std::size_t n = in.count(); n; --n) {
    over_.emplace_back(in.text());
    restore(over_.back());
    inspector_.exhausted();
    over();
  }
  restore(in.text());
  std::string left(in.text());
  if (!in.at_end()) throw WireError("there is more than a search");
  return left;
}

}  // namespace raddle::explore
