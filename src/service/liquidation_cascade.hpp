// Many positions of one symbol closed by force at once.
#pragma once

#include "base/packed_ring.hpp"
#include "market/symbol_state.hpp"

#include <cstdint>
#include <optional>

namespace virtuoso {

/// METHODOLOGY §7 over five minutes that slide: a cascade runs from when there are at least
/// `liquidations_min` of them in five minutes, and `multiple` times what is normal, until there are fewer
/// than half as many. Normal is what the last 24 h had in five minutes, or the time since it was first heard
/// of where that is less; below an hour nothing is normal yet, and `multiple` times `liquidations_min` are
/// asked for. O(new liquidations) amortised, nothing on the heap.
class LiquidationCascade {
  public:
    static constexpr std::int64_t window_ms = 5 * ms_per_minute;

    struct Rule {
        std::int64_t liquidations_min = 10;
        double multiple = 3;
    };
    /// Of a window at its beginning; of all of it at its end.
    struct Report {
        std::uint64_t liquidations = 0;
        double long_quote = 0;  ///< notional of the longs that were liquidated
        double short_quote = 0;
        double normal = 0;  ///< liquidations in five minutes
        double wanted = 0;  ///< of them, at its beginning
        std::int64_t duration_ms = 0;
        [[nodiscard]] double quote() const noexcept { return long_quote + short_quote; }
        [[nodiscard]] bool of_longs() const noexcept { return long_quote >= short_quote; }
    };
    struct Change {
        std::optional<Report> began;
        std::optional<Report> ended;
    };

    /// `added`: of the newest in `liquidations`, since the last call. `now`: not before any of them.
    Change update(const PackedRing<KeptLiquidation>& liquidations, std::uint32_t added, ExchangeTime now,
                  const Rule& rule);
    [[nodiscard]] bool running() const noexcept { return begun_.has_value(); }

  private:
    struct Sums {
        std::uint64_t count = 0;
        double long_quote = 0;
        double short_quote = 0;
        void add(const KeptLiquidation& one, double sign) noexcept;
    };

    void slide(const PackedRing<KeptLiquidation>& liquidations, std::uint32_t added, ExchangeTime now);
    [[nodiscard]] double normal(const PackedRing<KeptLiquidation>& liquidations, ExchangeTime now,
                                const Rule& rule) const;
    [[nodiscard]] Report report(const Sums& sums, double normal) const noexcept;

    std::uint64_t first_ = 0;  ///< running number of the oldest in the window
    Sums window_;
    Sums all_;           ///< since the cascade began, with the window it began with
    double wanted_ = 0;  ///< at its beginning
    ExchangeTime heard_from_;
    std::optional<ExchangeTime> begun_;
};

}  // namespace virtuoso
