// Traded volume of the last minutes, to be held against the exchange's own candles.
#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace virtuoso {

/// Keeps the minutes since the first trade, at most the newest `minutes_kept`. O(1).
class MinuteVolumes {
  public:
    static constexpr std::size_t minutes_kept = 8;

    /// Block trades count: the exchange's candles hold them.
    void add(ExchangeTime time, Size size) {
        const std::int64_t minute = time.ms / ms_per_minute;
        if (first_ < 0) {
            first_ = minute;
        }
        Slot& slot = slots_[index_of(minute)];
        if (minute < slot.minute) {
            return;
        }
        if (minute > slot.minute) {
            slot = {minute, 0, false};
        }
        slot.units += size.units;
    }

    /// What was traded in a minute that is over, once: nullopt when it was asked before, for minutes not
    /// seen from their beginning, and for those no longer kept.
    [[nodiscard]] std::optional<Int128> audit(ExchangeTime minute_start) {
        const std::int64_t minute = minute_start.ms / ms_per_minute;
        Slot& slot = slots_[index_of(minute)];
        if (first_ < 0 || minute <= first_ || slot.minute > minute) {
            return std::nullopt;
        }
        if (slot.minute < minute) {
            slot = {minute, 0, false};
        }
        return std::exchange(slot.audited, true) ? std::nullopt : std::optional(slot.units);
    }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.slots_, self.first_);
        archive.check(self.first_ >= -1);
    }

  private:
    struct Slot {
        std::int64_t minute = -1;
        Int128 units = 0;
        bool audited = false;

        template <typename Self, typename Archive>
        static void fields(Self& self, Archive& archive) {
            archive(self.minute, self.units, self.audited);
        }
    };
    [[nodiscard]] static std::size_t index_of(std::int64_t minute) noexcept {
        return static_cast<std::size_t>(minute) % minutes_kept;
    }

    std::array<Slot, minutes_kept> slots_{};
    std::int64_t first_ = -1;
};

}  // namespace virtuoso
