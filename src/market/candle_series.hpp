// Closed candles of one timeframe: a bounded run in order of time.
#pragma once

#include "base/packed_ring.hpp"
#include "market/candle.hpp"
#include "market/timeframe.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace virtuoso {

/// High, low and close are kept by their distance from the open.
template <>
struct PackedColumns<Candle> {
    static constexpr std::size_t columns = 10;
    static constexpr std::uint32_t reals = 0b01'1110'0000;
    static constexpr std::size_t block = 64;
    using Numbers = std::array<std::int64_t, columns>;

    static Numbers numbers_of(const Candle& candle) noexcept;
    static Candle record_of(const Numbers& numbers) noexcept;
};

/// Candles are put in wherever they belong. Intervals without any information have no candle: the next one
/// carries `gap_before`. Appending O(1), replacing O(log kept) and a block when it is packed, filling a hole
/// O(kept).
class CandleSeries {
  public:
    explicit CandleSeries(Timeframe timeframe)
        : timeframe_(timeframe), closed_(candle_retention(timeframe)) {}

    /// Appends, replaces or inserts, as its time wants.
    void put(const Candle& candle) { put({&candle, 1}); }
    /// Several at once, oldest first. O(kept + candles) when one goes before or between those kept.
    void put(std::span<const Candle> candles);
    /// Forgets candles that begin before `time`.
    void drop_before(ExchangeTime time);
    /// Gives up all but the newest so many, as if as many had come since: nobody has to read the rest again.
    void keep_newest(std::size_t count);

    [[nodiscard]] const PackedRing<Candle>& closed() const noexcept { return closed_; }
    /// Place of the first candle that begins at or after `time`; `closed().size()` when there is none.
    [[nodiscard]] std::size_t place_of(ExchangeTime time) const { return closed_.place_of(time.ms); }
    /// The candle that begins at `start`.
    [[nodiscard]] std::optional<Candle> find(ExchangeTime start) const;
    [[nodiscard]] bool has(ExchangeTime start) const { return is_at(place_of(start), start); }
    /// Gives back memory that holds nothing; returns the bytes.
    std::size_t shrink() { return closed_.shrink(); }
    /// Beginning of the interval that `time` lies in.
    [[nodiscard]] ExchangeTime start_of(ExchangeTime time) const noexcept {
        return {time.ms - time.ms % interval_ms(timeframe_)};
    }
    [[nodiscard]] Timeframe timeframe() const noexcept { return timeframe_; }
    /// Grows when a closed candle was inserted or replaced: whoever consumed the run starts again.
    [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return closed_.bytes(); }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.closed_);
        if constexpr (Archive::reads) {
            for (std::size_t i = 0; i < self.closed_.size(); ++i) {
                const ExchangeTime begins{self.closed_.key(i)};
                archive.check(begins.ms >= 0 && begins.ms <= plausible_ms_max &&
                              on_grid(begins, self.timeframe_) &&
                              (i == 0 || self.closed_.key(i - 1) < begins.ms));
            }
        }
    }

  private:
    [[nodiscard]] bool is_at(std::size_t place, ExchangeTime start) const {
        return place < closed_.size() && closed_.key(place) == start.ms;
    }
    [[nodiscard]] bool put_in_place(const Candle& candle);
    void append(Candle candle);
    void merge(std::span<const Candle> candles);

    Timeframe timeframe_;
    PackedRing<Candle> closed_;
    std::uint64_t revision_ = 0;
};

}  // namespace virtuoso
