// The size that a symbol's blocks of flow usually have.
#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

namespace virtuoso {

/// Root mean square around zero of the values of the last day, in quarters of an hour: exact, and nothing
/// accumulates error. Around zero, so that a sign keeps its meaning. O(1) a value, O(96) to read.
class TrailingScale {
  public:
    static constexpr std::int64_t segment_ms = 15 * ms_per_minute;
    static constexpr std::int64_t segments = 96;
    static constexpr std::uint64_t samples_min = 20;

    /// Values come in order of time; an older one counts with the newest.
    void add(ExchangeTime time, double value) noexcept {
        const std::int64_t number = std::max(number_, time.ms / segment_ms);
        if (number_ >= 0) {
            for (std::int64_t i = 0; i < std::min(number - number_, segments); ++i) {
                at(number - i) = Segment{};
            }
        }
        number_ = number;
        at(number).square += value * value;
        ++at(number).count;
    }
    /// nullopt below 20 values and when all are zero.
    [[nodiscard]] std::optional<double> value() const noexcept {
        double square = 0;
        std::uint64_t count = 0;
        for (const Segment& segment : segments_) {
            square += segment.square;
            count += segment.count;
        }
        return count >= samples_min && square > 0
                   ? std::optional(std::sqrt(square / static_cast<double>(count)))
                   : std::nullopt;
    }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.segments_, self.number_);
        archive.check(self.number_ >= -1 && self.number_ <= plausible_ms_max / segment_ms);
    }

  private:
    struct Segment {
        double square = 0;
        std::uint64_t count = 0;

        template <typename Self, typename Archive>
        static void fields(Self& self, Archive& archive) {
            archive(self.square, self.count);
        }
    };
    [[nodiscard]] Segment& at(std::int64_t number) noexcept {
        return segments_[static_cast<std::size_t>(number % segments)];
    }

    std::array<Segment, segments> segments_{};
    std::int64_t number_ = -1;  ///< of the newest segment
};

}  // namespace virtuoso
