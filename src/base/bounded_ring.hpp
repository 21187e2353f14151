// A queue of fixed capacity that drops its oldest element when full.
#pragma once

#include "base/assert.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace virtuoso {

/// Index 0 is the oldest element. Storage comes in blocks of about 2 KiB as elements reach them, and a block
/// that the oldest element has left is the next one's: so many rings that fill at one time grow in small
/// steps, a quiet ring stays small, and a full one holds its capacity and does not allocate. push and access
/// O(1).
template <typename T>
class BoundedRing {
  public:
    /// Elements of a block.
    static constexpr std::size_t block = std::bit_floor(std::max<std::size_t>(2'048 / sizeof(T), 1));

    explicit BoundedRing(std::size_t capacity) : capacity_(capacity) {
        VIRTUOSO_ASSERT(capacity > 0, "a ring needs room for one element");
    }

    /// Of an empty ring: where its first element goes, so that rings which fill at one time do not all reach
    /// their blocks with the same push. Precondition: `slot` < capacity.
    void begin_at(std::size_t slot) {
        VIRTUOSO_ASSERT(size_ == 0 && slot < capacity_, "only an empty ring can begin anywhere");
        head_ = slot;
    }

    /// Appends; returns true when the oldest element was dropped to make room.
    bool push(const T& value) {
        const bool dropped = size_ == capacity_;
        if (dropped) {
            pop_front();
        }
        const std::size_t slot = wrap(head_ + size_);
        room_for(slot / block)[slot % block] = value;
        ++size_;
        ++pushed_;
        return dropped;
    }

    void pop_front() {
        VIRTUOSO_ASSERT(size_ > 0, "pop from an empty ring");
        const std::size_t left = head_ / block;
        head_ = wrap(head_ + 1);
        --size_;
        if (head_ / block != left && !reaches(left)) {
            set_aside(blocks_[left]);
        }
    }

    /// Keeps the memory.
    void clear() {
        head_ = 0;
        size_ = 0;
    }

    /// Gives back blocks that hold nothing, but one for a ring that is in use; returns the bytes.
    std::size_t shrink() {
        const std::size_t before = bytes();
        if (size_ <= block) {
            spare_ = std::vector<T>();  // `= {}` would keep the memory
        }
        for (std::size_t i = 0; i < blocks_.size(); ++i) {
            if (!reaches(i)) {
                blocks_[i] = std::vector<T>();
            }
        }
        if (size_ == 0) {
            blocks_ = std::vector<std::vector<T>>();
        }
        return before - bytes();
    }

    [[nodiscard]] const T& operator[](std::size_t index) const { return at(wrap(head_ + index)); }
    [[nodiscard]] T& operator[](std::size_t index) {
        const std::size_t slot = wrap(head_ + index);
        return blocks_[slot / block][slot % block];
    }
    [[nodiscard]] const T& front() const { return (*this)[0]; }
    [[nodiscard]] const T& back() const { return (*this)[size_ - 1]; }
    [[nodiscard]] T& back() { return (*this)[size_ - 1]; }
    /// `age` 0 is the newest.
    [[nodiscard]] const T& newest(std::size_t age) const { return (*this)[size_ - 1 - age]; }

    /// Calls `visit(element)` for the elements from `first` up to `last`, without it.
    template <typename Visit>
    void each(std::size_t first, std::size_t last, Visit&& visit) const {
        while (first < last) {
            const std::size_t slot = wrap(head_ + first);
            const std::size_t run = std::min({last - first, block - slot % block, capacity_ - slot});
            const T* const begin = &at(slot);
            for (const T* element = begin; element != begin + run; ++element) {
                visit(*element);
            }
            first += run;
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    /// Elements ever pushed: `pushed() - size()` is the running number of the oldest kept.
    [[nodiscard]] std::uint64_t pushed() const noexcept { return pushed_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
        std::size_t total = blocks_.capacity() * sizeof(std::vector<T>) + spare_.capacity() * sizeof(T);
        for (const auto& elements : blocks_) {
            total += elements.capacity() * sizeof(T);
        }
        return total;
    }

  private:
    [[nodiscard]] std::size_t wrap(std::size_t index) const noexcept {
        return index >= capacity_ ? index - capacity_ : index;
    }
    [[nodiscard]] const T& at(std::size_t slot) const { return blocks_[slot / block][slot % block]; }

    /// Whether a block holds elements.
    [[nodiscard]] bool reaches(std::size_t number) const noexcept {
        if (size_ == 0) {
            return false;
        }
        const std::size_t first = head_ / block;
        const std::size_t last = wrap(head_ + size_ - 1) / block;
        const bool wrapped = head_ + size_ > capacity_;
        return wrapped ? number >= first || number <= last : number >= first && number <= last;
    }

    std::vector<T>& room_for(std::size_t number) {
        if (blocks_.empty()) {
            blocks_.resize((capacity_ + block - 1) / block);
        }
        auto& elements = blocks_[number];
        if (elements.empty()) [[unlikely]] {
            const std::size_t wanted = std::min(block, capacity_ - number * block);
            if (spare_.size() >= wanted) {
                elements = std::exchange(spare_, {});
            } else {
                elements.resize(wanted);
            }
        }
        return elements;
    }

    void set_aside(std::vector<T>& elements) {
        if (elements.size() >= spare_.size()) {
            spare_ = std::move(elements);
        }
        elements = std::vector<T>();
    }

    std::size_t capacity_;
    std::vector<std::vector<T>> blocks_;  ///< by slot; those not reached yet are empty
    std::vector<T> spare_;
    std::size_t head_ = 0;  ///< slot of the oldest
    std::size_t size_ = 0;
    std::uint64_t pushed_ = 0;
};

}  // namespace virtuoso
