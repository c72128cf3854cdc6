// Python's two locks. Both are `_thread` types over an engine mutex: Lock, which has no owner (any thread may release
// it), and RLock, which has one.
//
// Some locks are quiet: those with which the standard library protects its own bookkeeping (threading's list of
// threads, importlib's modules, a logging handler's stream). As long as nobody has to wait for one, its use is no
// operation; when somebody has to, quiet locks become visible and the search starts again.
#pragma once
#include "checker/python/runtime.h"

namespace raddle::python {

enum class LockRole : std::uint8_t {
  Plain,
  Inner,  // of a queue, event or semaphore whose methods are one operation each; the engine's object is theirs
  Quiet,
  Thread,      // stands for the end of a thread: Thread.join waits for it
  MainThread,  // the main thread's, which it releases itself when it shuts down
};

struct LockObject {
  PyObject_HEAD PyObject* weak_references;
  std::uint64_t name;       // by its creator and the creator's count
  engine::ObjectId id;      // valid in `execution`
  std::uint32_t execution;  // that `id` and `owner` belong to
  engine::Tid owner;        // + 1; 0: free
  engine::Tid thread;       // LockRole::Thread: whose end it stands for
  std::int32_t depth;       // RLock
  std::uint32_t round;      // PythonThread::rounds of the holder, when it acquired it
  LockRole role;
  bool used;  // a Plain one, by its own methods
};

extern PyTypeObject LockType, RLockType;
/// Makes the two types, once. -1: an exception is set.
int ready_lock_types(PyObject* original_lock, PyObject* original_rlock);

inline bool is_lock(PyObject* object) {
  return Py_TYPE(object) == &LockType || Py_TYPE(object) == &RLockType;
}

/// A new lock of the running thread.
LockObject* new_lock(PyTypeObject* type, LockRole role);

/// Timeouts are in nanoseconds; negative: none.
constexpr std::int64_t kForever = -1;

/// The program uses the inside of a queue, event or semaphore: from the next start of the search on, the methods of
/// that object are run step by step.
void open_inner(LockObject* lock);

/// Acquires it. 1: acquired; 0: not; -1: an exception is set.
int acquire(LockObject* lock, bool blocking, std::int64_t timeout);

/// Releases it. -1: an exception is set.
int release(LockObject* lock);

/// The running thread holds it once more (1), or less (-1), by what is no operation (PythonThread::hidden_changes): nothing
/// is left when it has been given back as often.
void note_hold(const LockObject* lock, int change);

/// Is it held by anybody? -1: an exception is set.
int is_locked(LockObject* lock);

/// Held by the running thread? (No operation: nobody else can change the answer, except for a Lock that its holder
/// has others release.) An invariant holds what it has acquired itself.
bool is_owned(LockObject* lock);

/// An invariant has had its look: it holds no lock from now on. Did it hold any?
bool end_look();

/// The engine's object behind a lock, in this execution.
engine::ObjectId object_of(LockObject* lock);

/// The name of the lock's location (see locations.h).
std::uint64_t location_of(LockObject* lock);

/// The running thread uses the lock, or what it belongs to. Can nobody notice (see locations.h)?
bool is_unseen(LockObject* lock, bool write);

/// From now on its uses can be noticed. Precondition for blocking on it.
void make_seen(LockObject* lock);

/// Are quiet locks visible in this search?
bool quiet_locks_visible();

/// While one of these exists, the locks that the running thread makes are quiet.
class QuietBirths {
 public:
  QuietBirths();
  ~QuietBirths();
  QuietBirths(const QuietBirths&) = delete;
  QuietBirths& operator=(const QuietBirths&) = delete;
};

/// The globals of importlib, whose locks are quiet.
void set_importlib(PyObject* globals);

}  // namespace raddle::python
