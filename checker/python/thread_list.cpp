#include "checker/python/thread_list.h"

#include "checker/python/sites.h"

namespace raddle::python {
namespace {

constexpr std::uint64_t kThreadList = 0x7468726561647321ull;

int touch(bool write) {
  engine::Engine& e = *runtime.engine;
  const engine::ObjectId list = e.named_object(kThreadList);
  return visible(write ? engine::OpKind::Write : engine::OpKind::Read,
                 write ? engine::writes(list) : engine::reads(list), 0, current_site(),
                 static_cast<std::uint64_t>(e.self().id));
}

}  // namespace

int read_thread_list() {
  if (!controlled()) return 0;
  if (!runtime.engine->tell_all_apart("the program asks which threads there are")) return resumed();
  if (!runtime.engine->is_revealed(engine::Hidden::ThreadList)) {
    runtime.engine->reveal(engine::Hidden::ThreadList);
    return resumed();
  }
  return touch(false);
}

int change_thread_list() {
  if (!controlled() || !runtime.engine->is_revealed(engine::Hidden::ThreadList)) return 0;
  return touch(true);
}

}  // namespace raddle::python
