// A queue of fixed capacity that drops its oldest element when full.
#pragma once

#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace virtuoso {

/// Index 0 is the oldest element. Storage doubles until the capacity is reached and is never released,
/// so a quiet symbol stays small and a warm one does not allocate. push O(1) amortised, access O(1).
template <typename T>
class BoundedRing {
  public:
    explicit BoundedRing(std::size_t capacity) : capacity_(capacity) {
        VIRTUOSO_ASSERT(capacity > 0, "a ring needs room for one element");
    }

    /// Appends; returns true when the oldest element was dropped to make room.
    bool push(const T& value) {
        bool dropped = false;
        if (size_ == slots_.size()) {
            if (size_ < capacity_) {
                grow();
            } else {
                pop_front();
                dropped = true;
            }
        }
        slots_[wrap(head_ + size_)] = value;
        ++size_;
        ++pushed_;
        return dropped;
    }

    void pop_front() {
        VIRTUOSO_ASSERT(size_ > 0, "pop from an empty ring");
        head_ = wrap(head_ + 1);
        --size_;
    }

    void clear() {
        head_ = 0;
        size_ = 0;
    }

    [[nodiscard]] const T& operator[](std::size_t index) const { return slots_[wrap(head_ + index)]; }
    [[nodiscard]] T& operator[](std::size_t index) { return slots_[wrap(head_ + index)]; }
    [[nodiscard]] const T& front() const { return (*this)[0]; }
    [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }
    [[nodiscard]] T& back() { return (*this)[size_ - 1]; }
    /// `age` 0 is the newest.
    [[nodiscard]] const T& newest(std::size_t age) const { return (*this)[size_ - 1 - age]; }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    /// Elements ever pushed: `pushed() - size()` is the running number of the oldest kept.
    [[nodiscard]] std::uint64_t pushed() const noexcept { return pushed_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return slots_.capacity() * sizeof(T); }

  private:
    [[nodiscard]] std::size_t wrap(std::size_t index) const noexcept {
        return index >= slots_.size() ? index - slots_.size() : index;
    }

    void grow() {
        std::vector<T> larger;
        larger.resize(std::min(capacity_, std::max<std::size_t>(8, slots_.size() * 2)));
        for (std::size_t i = 0; i < size_; ++i) {
            larger[i] = (*this)[i];
        }
        slots_ = std::move(larger);
        head_ = 0;
    }

    std::size_t capacity_;
    std::vector<T> slots_;
    std::size_t head_ = 0;
    std::size_t size_ = 0;
    std::uint64_t pushed_ = 0;
};

}  // namespace virtuoso
