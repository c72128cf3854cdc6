#include "checker/explore/knowledge.h"

#include <set>

#include "checker/engine/kept_text.h"

namespace raddle::explore {

using namespace engine;

void save_knowledge(WireWriter& out, const Engine& e, const Program& p) {
  out.number(e.revealed());
  out.text(p.learnt());
  out.number(static_cast<std::uint64_t>(e.loop_bound()));
  out.number(e.loops().size());
  for (const Loop& l : e.loops()) {
    out.text(l.site.file ? l.site.file : "");
    out.text(l.site.function ? l.site.function : "");
    out.number(static_cast<std::uint64_t>(l.site.line));
    out.number(static_cast<std::uint64_t>(l.site.column));
    out.number(static_cast<std::uint64_t>(l.kind));
    out.number(l.cuts);
  }
}

void restore_knowledge(WireReader& in, Engine& e, Program& p) {
  e.set_revealed(static_cast<std::uint8_t>(in.number()));
  if (e.is_revealed(Hidden::QueueEnds)) e.objects().forget_ends();  // those of executions before that
  p.set_learnt(in.text());
  const int bound = static_cast<int>(in.number());
  std::vector<Loop> loops(in.count());
  for (Loop& l : loops) {
    l.site.file = kept_text(in.text());
    l.site.function = kept_text(in.text());
    l.site.line = static_cast<std::int32_t>(in.number());
    l.site.column = static_cast<std::int32_t>(in.number());
    const std::uint64_t kind = in.number();
    if (kind >= static_cast<std::uint64_t>(OpKind::kCount)) throw WireError("there is no such operation");
    l.kind = static_cast<OpKind>(kind);
    l.cuts = in.number();
  }
  std::vector<std::uint64_t> cuts;
  for (const Loop& l : loops) cuts.push_back(l.cuts);
  e.set_loops(std::move(loops), bound);  // which forgets them
  for (std::size_t i = 0; i < cuts.size(); ++i) e.add_cuts(i, cuts[i]);
}

std::string knowledge_text(const Engine& e, const Program& p) {
  std::set<std::string> loops;
  for (const Loop& l : e.loops())
    loops.insert(std::string(l.site.file ? l.site.file : "") + ':' + std::to_string(l.site.line) + ':' +
                 std::to_string(l.site.column) + ' ' + name(l.kind));
  std::string text = std::to_string(e.revealed()) + '\n' + p.learnt();
  for (const std::string& l : loops) text += '\n' + l;
  return text;
}

}  // namespace raddle::explore
