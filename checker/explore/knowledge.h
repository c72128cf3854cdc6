// What a search has learnt about its program, and its schedules depend on: which hidden things are visible, and what the
// front end shows.
#pragma once
#include <string>

#include "checker/engine/engine.h"
#include "checker/engine/program.h"

namespace raddle::explore {

/// Keeps it as it is, whatever other executions reveal while this exists. Between runs of the engine.
class KnowledgeKept {
 public:
  KnowledgeKept(engine::Engine& e, engine::Program& p)
      : engine_(e), program_(p), revealed_(e.revealed()), learnt_(p.learnt()) {}
  ~KnowledgeKept() {
    engine_.set_revealed(revealed_);
    if (program_.learnt() != learnt_) program_.set_learnt(learnt_);
  }
  KnowledgeKept(const KnowledgeKept&) = delete;
  KnowledgeKept& operator=(const KnowledgeKept&) = delete;

 private:
  engine::Engine& engine_;
  engine::Program& program_;
  std::uint8_t revealed_;
  std::string learnt_;
};

/// All of that, and which loops are bounded, for another process that goes on with the search.
void save_knowledge(engine::WireWriter& out, const engine::Engine& e, const engine::Program& p);
/// Throws engine::WireError.
void restore_knowledge(engine::WireReader& in, engine::Engine& e, engine::Program& p);

/// All of that but for numbers: equal texts, equal knowledge.
std::string knowledge_text(const engine::Engine& e, const engine::Program& p);

}  // namespace raddle::explore
