#include "checker/explore/shared_states.h"

#include <sys/mman.h>

#include <bit>
#include <string>

#include "checker/engine/error.h"

namespace raddle::explore {

SharedStates::SharedStates(std::size_t most, std::size_t processes)
    : slots_(std::bit_ceil(most + most / 2 + 64)) {
  bytes_ = slots_ * (sizeof(Key) + sizeof(std::atomic<Lease>)) + (processes + 1) * sizeof(Key);
  // Zeros, which is what all begins with. Pages take memory when they are written to.
  memory_ =
      ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory_ == MAP_FAILED)
    throw engine::UserError("there is no memory for " + std::to_string(most) +
                            " states that processes share. Use a lower bound, or a single process (-j 1)");
  keys_ = static_cast<Key*>(memory_);
  intended_ = keys_ + slots_;
  owners_ = reinterpret_cast<std::atomic<Lease>*>(intended_ + processes + 1);
}

SharedStates::~SharedStates() { ::munmap(memory_, bytes_); }

std::size_t SharedStates::find(std::uint64_t key) const {
  const std::size_t mask = slots_ - 1;
  for (std::size_t i = key & mask;; i = (i + 1) & mask) {
    const std::uint64_t there = keys_[i].load(std::memory_order_relaxed);
    if (there == key) return i;
    if (there == kFree) return slots_;
  }
}

void SharedStates::erase(std::uint64_t state) {
  if (const std::size_t i = find(key_of(state)); i < slots_) keys_[i].store(kRemoved);
}

// What has been taken out is not written over: there might be the same state behind it.
bool SharedStates::insert(std::uint64_t state) {
  const std::uint64_t key = key_of(state);
  const std::size_t mask = slots_ - 1;
  intended_[process_].store(key, std::memory_order_relaxed);
  for (std::size_t i = key & mask;; i = (i + 1) & mask) {
    std::uint64_t there = keys_[i].load(std::memory_order_relaxed);
    if (there == kFree && keys_[i].compare_exchange_strong(there, key)) {
      owners_[i].store(lease_, std::memory_order_relaxed);
      return true;
    }
    if (there == key) return false;
  }
}

std::size_t SharedStates::remove(std::size_t process, Lease lease) {
  const std::uint64_t intended = intended_[process].load();
  std::size_t removed = 0;
  for (std::size_t i = 0; i < slots_; ++i) {
    const std::uint64_t key = keys_[i].load();
    if (key <= kRemoved) continue;
    // It may have been ended before it could say whose it is.
    const Lease owner = owners_[i].load();
    if (owner != lease && (owner != 0 || key != intended)) continue;
    keys_[i].store(kRemoved);
    ++removed;
  }
  return removed;
}

}  // namespace raddle::explore
