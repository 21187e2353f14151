// The mean over half a minute of values that hold until the next ones.
#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace virtuoso {

/// Values of one-second steps; what holds in a second without news is what held before. At least 20 of the 30
/// seconds must be known. O(1) amortised to add, O(30 · Count) to read.
template <std::size_t Count>
class HeldAverage {
  public:
    using Values = std::array<double, Count>;
    static constexpr std::int64_t span_s = 30;
    static constexpr int seconds_min = 20;
    static constexpr std::int64_t holds_s = 10;  ///< longer silence is not taken for stillness

    /// The first values of a second count for it.
    [[nodiscard]] bool wants(ExchangeTime time) const noexcept { return time.ms / ms_per_second > last_; }
    void add(ExchangeTime time, const Values& values) noexcept {
        const std::int64_t second = time.ms / ms_per_second;
        if (second <= last_) {
            return;
        }
        if (holds_ && second - last_ <= holds_s) {
            const Values held = slot(last_).values;
            for (std::int64_t between = last_ + 1; between < second; ++between) {
                slot(between) = {between, held};
            }
        }
        slot(second) = {second, values};
        last_ = second;
        holds_ = true;
    }
    /// What held is not known to hold any longer.
    void release() noexcept { holds_ = false; }

    /// The mean over what is known of the last half minute.
    struct Mean {
        Values values{};
        int seconds = 0;  ///< that are known
    };
    [[nodiscard]] std::optional<Mean> mean(ExchangeTime as_of) const noexcept {
        const std::int64_t now = as_of.ms / ms_per_second;
        Values sum{};
        int known = 0;
        const auto take = [&](const Values& values, int times) {
            for (std::size_t i = 0; i < Count; ++i) {
                sum[i] += times * values[i];
            }
            known += times;
        };
        for (std::int64_t second = now - span_s + 1; second <= std::min(now, last_); ++second) {
            if (second >= 0 && slot(second).second == second) {
                take(slot(second).values, 1);
            }
        }
        if (holds_ && now > last_ && now - last_ <= holds_s) {
            take(slot(last_).values, static_cast<int>(now - last_));
        }
        if (known < seconds_min) {
            return std::nullopt;
        }
        for (double& value : sum) {
            value /= known;
        }
        return Mean{sum, known};
    }

    /// For `base/archive.hpp`: of what was released.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.slots_, self.last_);
        archive.check(self.last_ >= -1 && self.last_ <= plausible_ms_max / ms_per_second);
    }

  private:
    struct Slot {
        std::int64_t second = -1;
        Values values{};

        template <typename Self, typename Archive>
        static void fields(Self& self, Archive& archive) {
            archive(self.second, self.values);
        }
    };
    [[nodiscard]] Slot& slot(std::int64_t second) noexcept {
        return slots_[static_cast<std::size_t>(second % span_s)];
    }
    [[nodiscard]] const Slot& slot(std::int64_t second) const noexcept {
        return slots_[static_cast<std::size_t>(second % span_s)];
    }

    std::array<Slot, span_s> slots_{};
    std::int64_t last_ = -1;
    bool holds_ = false;
};

}  // namespace virtuoso
