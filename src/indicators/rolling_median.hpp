// The median of the last values of a stream.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace virtuoso {

/// Keeps the last `Capacity` values and their order: a value costs a binary search and a move of at most
/// `2 · Capacity` bytes, the median O(1). Of an even number it is the mean of the middle two.
template <std::size_t Capacity>
class RollingMedian {
    static_assert(Capacity > 0 && Capacity <= 0xffff);

  public:
    /// Precondition: not NaN. The oldest value leaves when there is no more room.
    void push(double value) noexcept {
        if (size() == Capacity) {
            remove(next_);
        }
        values_[next_] = value;
        insert(next_);
        next_ = static_cast<std::uint16_t>((next_ + 1U) % Capacity);
    }

    [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(size_); }
    /// Precondition: not empty.
    [[nodiscard]] double median() const noexcept {
        const double upper = values_[order_[size() / 2]];
        return size() % 2 == 1 ? upper : (values_[order_[size() / 2 - 1]] + upper) / 2;
    }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        auto count = static_cast<std::uint16_t>(self.size_);
        archive(count, self.next_);
        archive.check(count <= Capacity && (count == Capacity ? self.next_ < Capacity : self.next_ == count));
        if constexpr (Archive::reads) {
            self.size_ = 0;
            count = self.next_ < Capacity && count <= Capacity ? count : std::uint16_t{0};
        }
        for (std::uint16_t slot = 0; slot < count; ++slot) {
            archive(self.values_[slot]);
            if constexpr (Archive::reads) {
                self.insert(slot);
            }
        }
    }

  private:
    // The first place in order whose value is not below this slot's; among equals the slots' order decides,
    // so that every slot is found again.
    [[nodiscard]] std::ptrdiff_t place_of(std::uint16_t slot) const noexcept {
        const auto before = [this](std::uint16_t a, std::uint16_t b) {
            return values_[a] < values_[b] || (values_[a] == values_[b] && a < b);
        };
        return std::lower_bound(order_.begin(), order_.begin() + size_, slot, before) - order_.begin();
    }
    void insert(std::uint16_t slot) noexcept {
        const std::ptrdiff_t place = place_of(slot);
        std::copy_backward(order_.begin() + place, order_.begin() + size_, order_.begin() + size_ + 1);
        order_[static_cast<std::size_t>(place)] = slot;
        ++size_;
    }
    void remove(std::uint16_t slot) noexcept {
        const std::ptrdiff_t place = place_of(slot);
        std::copy(order_.begin() + place + 1, order_.begin() + size_, order_.begin() + place);
        --size_;
    }

    std::array<double, Capacity> values_{};
    std::array<std::uint16_t, Capacity> order_{};  ///< slots, smallest value first
    std::ptrdiff_t size_ = 0;
    std::uint16_t next_ = 0;  ///< the slot that is written next: the oldest when all are taken
};

}  // namespace virtuoso
