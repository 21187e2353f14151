// A quantile of a stream that forgets its distant past.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace virtuoso {

/// The P² estimator: five markers, no samples kept (Jain, Chlamtac 1985). O(1).
class P2Quantile {
  public:
    explicit P2Quantile(double probability) noexcept;
    void update(double value) noexcept;
    /// nullopt before five values.
    [[nodiscard]] std::optional<double> value() const noexcept;
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  private:
    [[nodiscard]] double parabolic(int marker, double step) const noexcept;

    double probability_;
    std::uint64_t count_ = 0;
    std::array<double, 5> height_{};
    std::array<double, 5> position_{};
    std::array<double, 5> desired_{};
};

/// Two P² sketches, started half a window apart; the older one answers and is replaced when it has seen
/// a whole window. So the answer rests on the last ½ to 1 window of values. O(1).
class TrailingQuantile {
  public:
    TrailingQuantile(double probability, std::uint64_t window) noexcept
        : probability_(probability), window_(window), older_(probability), newer_(probability) {}

    void update(double value) noexcept;
    /// nullopt before `samples_min` values.
    [[nodiscard]] std::optional<double> value() const noexcept;

  private:
    static constexpr std::uint64_t samples_min = 100;
    double probability_;
    std::uint64_t window_;
    P2Quantile older_;
    P2Quantile newer_;
};

}  // namespace virtuoso
