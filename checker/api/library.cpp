// The parts of the library's types that need not be in headers.
#include <stdexcept>
#include <string>

#include "checker/api/library_program.h"
#include "raddle/choose.h"
#include "raddle/detail.h"
#include "raddle/mutex.h"

namespace raddle::detail {

void no_engine(const char* what) {
  throw std::logic_error(std::string(what) +
                         " is used outside of raddle::check: create it inside the function that is checked");
}

void misuse(engine::Engine& e, engine::ObjectId object, const char* type, const char* message,
            const site& where) {
  engine::Failure f;
  f.kind = engine::Failure::Kind::Misuse;
  f.type = type;
  f.message = message;
  f.site = where;
  f.object = object;
  e.fail(std::move(f));
  api::leave_thread(e);
}

void left_joinable(engine::Engine& e) {
  if (!e.killing())
    misuse(e, 0, "joinable-destroyed",
           "a thread object is destroyed or assigned to while joinable: std::terminate", e.self().op.site);
}

void show_thread(engine::Engine& e) {
  if (!e.tell_apart(e.self().id, "one of them asks which it is")) api::leave_thread(e);
}

void use_after_destroy(engine::Engine& e, engine::ObjectId object, const site& where) {
  if (!e.is_revealed(engine::Hidden::Destroys)) {  // so that the search sees the other order, too
    e.reveal(engine::Hidden::Destroys);
    api::leave_thread(e);
  }
  misuse(e, e.objects().size() > object ? object : 0, "use-after-destroy",
         "an object is used after it was destroyed", where);
}

void assertion_failed(engine::Engine& e, const char* message, const site& where) {
  engine::Failure f;
  f.kind = engine::Failure::Kind::Assertion;
  f.type = "assertion";
  f.message = message;
  f.site = where;
  e.fail(std::move(f));
  api::leave_thread(e);
}

}  // namespace raddle::detail
