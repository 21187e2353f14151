// What the columns of tables mean.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace virtuoso::archive {

enum class Column : std::uint8_t {
    none,
    zero,        ///< says nothing
    time,        ///< of the exchange; of candles when they begin
    day,         ///< where the time may be a clock's alone
    received,    ///< by whoever recorded it
    close_time,  ///< of candles
    symbol,
    exchange,
    open,
    high,
    low,
    close,
    volume,     ///< base currency
    turnover,   ///< quote currency
    taker_buy,  ///< of the volume
    price,
    size,
    side,            ///< of a trade's taker, or of a book's level
    buyer_maker,     ///< true: the taker sold
    is_ask,          ///< of a book's level
    id,              ///< of a trade
    aggregate_id,    ///< of trades of one order at one price
    tick_direction,  ///< of Bybit's trades alone
    funding_rate,
    funding_hours,
    open_interest,  ///< base currency
    long_short,     ///< accounts that are net long to those that are net short
    long_share,     ///< of accounts, 0…1
    mark_price,
    is_snapshot,  ///< of a book's level
    update_kind,  ///< "snap" or not
    first_id,
    last_id,
    previous_id,
    // What tells tables apart of which nothing is used.
    percentage,
    bid_price,
    ask_price,
    taker_sell,
    stream_type,
    count
};

inline constexpr std::size_t column_count = static_cast<std::size_t>(Column::count);

/// A set of columns.
using ColumnSet = std::uint64_t;
static_assert(column_count <= 64);

[[nodiscard]] constexpr ColumnSet set_of(auto... columns) noexcept {
    return (ColumnSet{0} | ... | (ColumnSet{1} << static_cast<unsigned>(columns)));
}

/// Where each column stands in a row; −1: nowhere.
struct ColumnPlaces {
    std::array<std::int16_t, column_count> place{};

    constexpr ColumnPlaces() noexcept { place.fill(-1); }
    [[nodiscard]] constexpr bool has(Column column) const noexcept {
        return place[static_cast<std::size_t>(column)] >= 0;
    }
    [[nodiscard]] constexpr std::size_t at(Column column) const noexcept {
        return static_cast<std::size_t>(place[static_cast<std::size_t>(column)]);
    }
    constexpr void put(Column column, std::size_t index) noexcept {
        place[static_cast<std::size_t>(column)] = static_cast<std::int16_t>(index);
    }
    [[nodiscard]] ColumnSet set() const noexcept;
};

class Cells;

/// Whatever of the names is known, in whatever capitals and with whatever between words. Of several names of
/// one column the best is taken: of times the one of the exchange, as a number.
[[nodiscard]] ColumnPlaces columns_named(const Cells& header);

}  // namespace virtuoso::archive
