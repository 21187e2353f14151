// What rested where in a book over the last quarter of an hour.
#pragma once

#include "base/bounded_ring.hpp"
#include "base/time.hpp"
#include "market/order_book.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace virtuoso {

/// The book of one symbol, looked at once a second: sizes by bins of price around the middle, kept to 0.05 %
/// in 224 bytes a second. Bins lie on a grid as fine as shows all that the feed does, within one per cent of
/// the price. It stays, so that bins of one second continue those of the one before, until the book reaches
/// four times as far or an eighth as far as it did, or the price doubles or halves: then what was is
/// forgotten.
class BookHistory {
  public:
    static constexpr std::size_t seconds_max = 900;
    static constexpr std::size_t bins = 96;
    /// Levels beyond this share of the price are left out.
    static constexpr double reach_share = 0.01;

    /// One look. `first_bin` times the width of a bin is where the first one begins.
    struct Column {
        ExchangeTime time;
        Price bid;
        Price ask;
        std::int64_t first_bin = 0;
        std::array<double, bins> sizes{};  ///< base currency
    };

    BookHistory() : columns_(seconds_max) {}

    /// Books without two sides are passed over, as are looks of a second that was looked at. O(levels within
    /// the bins).
    void look(ExchangeTime now, const BookView& book);

    /// Width of a bin.
    [[nodiscard]] Price step() const noexcept { return {step_units_}; }
    /// At most so many looks, those not before `since`, oldest first. O(what is given).
    [[nodiscard]] std::vector<Column> columns(ExchangeTime since) const;
    /// Of the newest look; the beginning of time before the first.
    [[nodiscard]] ExchangeTime newest() const noexcept {
        return columns_.empty() ? ExchangeTime{} : ExchangeTime{columns_.back().time_ms};
    }
    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return columns_.bytes(); }

  private:
    struct Kept {
        std::int64_t time_ms = 0;
        std::int64_t bid_units = 0;
        std::int64_t ask_units = 0;
        std::int64_t first_bin = 0;
        std::array<std::uint16_t, bins> sizes{};  ///< logarithms
    };
    void lay_grid(std::int64_t middle, std::int64_t reach);

    BoundedRing<Kept> columns_;
    std::int64_t step_units_ = 0;
    std::int64_t laid_at_ = 0;  ///< the price that the grid was laid for
    std::int64_t reach_ = 0;    ///< of the book then
};

}  // namespace virtuoso
