// Rows of numbers in as few bytes as their block needs.
#pragma once

#include "base/decimal.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace virtuoso {

/// Each column is kept as its least value, a scale and, a row, how many scales a value lies above the least
/// (frame of reference: Goldstein, Ramakrishnan, Shaft 1998), in 0…8 bytes. The scale is the greatest common
/// divisor of the distances: a tick, a lot, a minute. Columns of doubles that are all decimals of at most
/// eight places hold their units of 1e-8, others their bit patterns. Every value comes back as it was. To
/// make O(values), to read O(columns).
class PackedBlock {
  public:
    static constexpr std::size_t columns_max = 16;

    /// `values`: column by column; they are used up. `reals`: bit c is set when column c holds bit patterns
    /// of doubles. `memory`, of a block that is no longer needed, is used again where it fits. Preconditions:
    /// not empty, at most `columns_max` columns.
    PackedBlock(std::span<std::int64_t> values, std::size_t columns, std::uint32_t reals,
                std::vector<std::uint8_t> memory = {});

    template <std::size_t Columns>
    [[nodiscard]] std::array<std::int64_t, Columns> row(std::size_t number) const noexcept {
        std::array<std::int64_t, Columns> values{};
        const std::uint8_t* const widths = data_.data() + Columns * frame_bytes;
        const std::uint8_t* cell = widths + Columns + number * stride_;
        for (std::size_t column = 0; column < Columns; ++column) {
            values[column] = value(column, widths[column], cell);
            cell += widths[column] & width_mask;
        }
        return values;
    }
    /// The first column alone.
    template <std::size_t Columns>
    [[nodiscard]] std::int64_t key(std::size_t number) const noexcept {
        const std::uint8_t* const widths = data_.data() + Columns * frame_bytes;
        return value(0, widths[0], widths + Columns + number * stride_);
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return data_.capacity(); }
    /// The block is of no use afterwards.
    [[nodiscard]] std::vector<std::uint8_t> release() noexcept { return std::move(data_); }

  private:
    static constexpr std::size_t frame_bytes = 16;  ///< least value and scale of a column
    static constexpr std::uint8_t width_mask = 0x0f;
    static constexpr std::uint8_t is_decimal = 0x80;
    static constexpr std::size_t cell_bytes = sizeof(std::uint64_t);
    static constexpr std::array<std::uint64_t, cell_bytes + 1> masks{
        0,           0xff,           0xffff,           0xff'ffff,
        0xffff'ffff, 0xff'ffff'ffff, 0xffff'ffff'ffff, 0xff'ffff'ffff'ffff,
        UINT64_MAX};

    [[nodiscard]] static std::uint64_t load(const std::uint8_t* from) noexcept {
        std::uint64_t word = 0;
        std::memcpy(&word, from, sizeof word);
        return word;
    }
    [[nodiscard]] std::int64_t value(std::size_t column, std::uint8_t width,
                                     const std::uint8_t* cell) const noexcept {
        static_assert(std::endian::native == std::endian::little);
        const std::uint8_t* const frame = data_.data() + column * frame_bytes;
        const std::uint64_t steps = load(cell) & masks[width & width_mask];
        const auto number = std::bit_cast<std::int64_t>(load(frame) + steps * load(frame + cell_bytes));
        return (width & is_decimal) == 0 ? number
                                         : std::bit_cast<std::int64_t>(static_cast<double>(number) /
                                                                       static_cast<double>(decimal_scale));
    }

    std::vector<std::uint8_t> data_;  ///< least value and scale of every column, widths, rows
    std::size_t stride_ = 0;          ///< bytes of a row
};

}  // namespace virtuoso
