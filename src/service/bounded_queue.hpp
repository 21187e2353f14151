// From one thread to another, within bounds.
#pragma once

#include "base/assert.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace virtuoso {

/// One thread pushes, one pops, without a lock. A full queue refuses what comes and counts it: the one that
/// pushes never waits. O(1); the elements' room is allocated once.
template <typename T>
class BoundedQueue {  // NOLINT(clang-analyzer-optin.performance.Padding): ends on cache lines of their own
  public:
    explicit BoundedQueue(std::size_t capacity) : slots_(capacity + 1) {
        VIRTUOSO_ASSERT(capacity > 0, "a queue needs room for one element");
    }

    /// False when it was full: `value` is gone, and counted.
    bool push(T value) {
        const std::size_t at = tail_.load(std::memory_order_relaxed);
        const std::size_t next = after(at);
        if (next == head_.load(std::memory_order_acquire)) {
            dropped_.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        slots_[at] = std::move(value);
        tail_.store(next, std::memory_order_release);
        return true;
    }

    std::optional<T> pop() {
        const std::size_t at = head_.load(std::memory_order_relaxed);
        if (at == tail_.load(std::memory_order_acquire)) {
            return std::nullopt;
        }
        std::optional<T> value(std::exchange(slots_[at], T{}));
        head_.store(after(at), std::memory_order_release);
        return value;
    }

    /// From any thread; may be old by the time it is read.
    [[nodiscard]] std::size_t size() const noexcept {
        const std::size_t tail = tail_.load(std::memory_order_acquire);
        const std::size_t head = head_.load(std::memory_order_acquire);
        return tail >= head ? tail - head : tail + slots_.size() - head;
    }
    [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size() - 1; }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

  private:
    static constexpr std::size_t cache_line = 64;
    [[nodiscard]] std::size_t after(std::size_t index) const noexcept {
        return index + 1 == slots_.size() ? 0 : index + 1;
    }

    std::vector<T> slots_;
    alignas(cache_line) std::atomic<std::size_t> head_{0};
    alignas(cache_line) std::atomic<std::size_t> tail_{0};
    std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace virtuoso
