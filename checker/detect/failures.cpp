#include "checker/detect/failures.h"

#include <algorithm>
#include <functional>

namespace raddle::detect {

Kind kind_of(engine::Failure::Kind k) {
  switch (k) {
    case engine::Failure::Kind::Assertion: return Kind::Assertion;
    case engine::Failure::Kind::Exception: return Kind::Exception;
    case engine::Failure::Kind::ExitStatus: return Kind::ExitStatus;
    case engine::Failure::Kind::Misuse: return Kind::Misuse;
    case engine::Failure::Kind::Divergence: return Kind::Divergence;
    case engine::Failure::Kind::Crash:
    case engine::Failure::Kind::OutOfTime: break;
  }
  return Kind::Crash;
}

namespace {

// The model has been told of it.
bool is_handled(const engine::Failure& f) { return f.kind == engine::Failure::Kind::Misuse && f.gone_on; }

bool is_status(const engine::Failure& f) { return f.kind == engine::Failure::Kind::ExitStatus; }

}  // namespace

void Failures::end(const engine::Engine& e, const engine::History&, engine::Outcome, Sink& sink) {
  const auto& failures = e.failures();
  for (std::size_t i = 0; i < failures.size(); ++i) {
    const engine::Failure& f = failures[i];
    // A program that fails otherwise says so with its status, too. Of several statuses the last is the program's:
    // after sys.exit() another thread may call os._exit().
    if (is_status(f) && std::any_of(failures.begin(), failures.end(),
                                    [&](const auto& x) { return is_status(x) ? &x > &f : !is_handled(x); }))
      continue;
    if (f.kind == engine::Failure::Kind::OutOfTime) continue;
    Observation o;
    o.kind = kind_of(f.kind);
    o.at = f.step;
    if (is_handled(f)) o.severity = Severity::Warning;
    o.failure = static_cast<std::int32_t>(i);
    // Not the message: it often contains the values of this one schedule.
    o.key = engine::mix(digest(f.site) * 3 + std::hash<std::string>{}(f.type) +
                        static_cast<std::uint64_t>(o.kind));
    sink.observe(o);
  }
}

}  // namespace raddle::detect
