// States that have been reached, known to several processes at once: a hash table in memory that they share. Who creates it
// and starts the others afterwards shares it with them. Entering a state, and asking for one, waits for nobody.
//
// Each state remembers under which *lease* it was entered. If a process ends in the middle of one, what it has entered can
// be taken out again, as if it had never been there.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace raddle::explore {

class SharedStates {
 public:
  using Lease = std::uint32_t;  // from 1

  /// With room for `most` states, for `processes` besides this one. Throws engine::UserError if there is no memory.
  SharedStates(std::size_t most, std::size_t processes);
  ~SharedStates();
  SharedStates(const SharedStates&) = delete;
  SharedStates& operator=(const SharedStates&) = delete;

  /// From now on this process, the i-th one (0: the first), enters states under `lease`.
  void begin(std::size_t i, Lease lease) { process_ = i, lease_ = lease; }
  /// Is it new? Precondition: there is room.
  bool insert(std::uint64_t state);
  bool contains(std::uint64_t state) const { return find(key_of(state)) < slots_; }
  /// Takes it out. Nobody may enter any meanwhile.
  void erase(std::uint64_t state);
  /// Takes out what process `i`, which is no more, has entered under `lease`. Nobody may enter any meanwhile: of what follows
  /// one of these states, part would still be known to who explores it anew. How many were there?
  std::size_t remove(std::size_t i, Lease lease);

  /// Calls f(state) for each. Nobody may enter any meanwhile.
  template <class F>
  void for_each(const F& f) const {
    for (std::size_t i = 0; i < slots_; ++i)
      if (const std::uint64_t key = keys_[i].load(std::memory_order_relaxed); key > kRemoved) f(key);
  }

 private:
  using Key = std::atomic<std::uint64_t>;
  static constexpr std::uint64_t kFree = 0, kRemoved = 1;

  static std::uint64_t key_of(std::uint64_t state) {
    return state > kRemoved ? state : state + 0x9E3779B97F4A7C15ull;
  }
  /// Its slot, or slots_.
  std::size_t find(std::uint64_t key) const;

  std::size_t slots_;  // a power of two
  std::size_t bytes_ = 0;
  void* memory_ = nullptr;
  Key* keys_ = nullptr;                   // by slot
  std::atomic<Lease>* owners_ = nullptr;  // by slot; 0: not said yet
  Key* intended_ = nullptr;               // by process: what it is about to enter
  std::size_t process_ = 0;
  Lease lease_ = 1;
};

}  // namespace raddle::explore
