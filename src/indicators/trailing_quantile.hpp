// A quantile of the last values of a stream.
#pragma once

#include "base/bounded_ring.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace virtuoso {

/// Counts the last `window` values in 64 bins an octave, by the leading bits of their binary form: each bin
/// is at most 1/64 wide, and the answer is the upper edge of the bin that the exact quantile (the value of
/// rank ⌈p·n⌉) lies in. So it is never below the exact one and at most 1.6 % above, whatever the values'
/// distribution. Memory: two bytes a value seen, at most of the window, and 8 KiB. O(1) an update: the place
/// of the quantile moves by the bins that one value shifts it; where values jump between far bins it walks
/// over empty ones, 4 096 at most.
class TrailingQuantile {
  public:
    static constexpr std::uint64_t samples_min = 100;

    /// Precondition: 0 < probability < 1, 0 < window ≤ 65 535.
    TrailingQuantile(double probability, std::size_t window);

    /// Positive values between 2⁻²⁰ and 2⁴⁴; others count as the nearest of these.
    void update(double value);
    /// nullopt before `samples_min` values. O(1).
    [[nodiscard]] std::optional<double> value() const noexcept;
    std::size_t shrink() { return recent_.shrink(); }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return recent_.bytes() + counts_.capacity() * sizeof(std::uint16_t);
    }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.recent_);
        if constexpr (Archive::reads) {
            archive.check(self.count_again());
        }
    }

  private:
    static constexpr std::size_t bins = 4'096;

    void settle() noexcept;
    /// From the values alone; false when one is of no bin.
    [[nodiscard]] bool count_again();

    double probability_;
    BoundedRing<std::uint16_t> recent_;  ///< bins of the window's values
    std::vector<std::uint16_t> counts_;
    std::size_t place_ = 0;  ///< the bin of the quantile
    std::size_t below_ = 0;  ///< values in bins before it
};

}  // namespace virtuoso
