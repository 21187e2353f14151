#include "base/packed_block.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace virtuoso {

namespace {

/// Divides by a number that does not change, where nothing remains: a multiplication (Granlund, Montgomery
/// 1994, section 9).
class ExactDivisor {
  public:
    explicit ExactDivisor(std::uint64_t number) noexcept
        : number_(number), shift_(std::countr_zero(number)), limit_(UINT64_MAX / (number >> shift_)) {
        const std::uint64_t odd = number >> shift_;
        inverse_ = (3 * odd) ^ 2U;  // of five bits; each step doubles them
        for (int bits = 5; bits < 64; bits *= 2) {
            inverse_ *= 2 - odd * inverse_;
        }
    }
    [[nodiscard]] bool divides(std::uint64_t value) const noexcept {
        return (value >> shift_ << shift_) == value && quotient(value) <= limit_;
    }
    /// Precondition: `divides(value)`.
    [[nodiscard]] std::uint64_t quotient(std::uint64_t value) const noexcept {
        return (value >> shift_) * inverse_;
    }
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

  private:
    std::uint64_t number_;
    int shift_;
    std::uint64_t limit_;
    std::uint64_t inverse_ = 0;
};

std::optional<std::int64_t> decimal_units(std::int64_t pattern) noexcept {
    constexpr double exact_max = 9'007'199'254'740'992;  // 2^53
    constexpr auto scale = static_cast<double>(decimal_scale);
    const double units = std::bit_cast<double>(pattern) * scale;
    if (!(std::fabs(units) < exact_max)) {
        return std::nullopt;
    }
    const auto whole = static_cast<std::int64_t>(units + std::copysign(0.5, units));
    const bool same = std::bit_cast<std::int64_t>(static_cast<double>(whole) / scale) == pattern;
    return same ? std::optional(whole) : std::nullopt;
}

bool make_decimal(std::span<std::int64_t> patterns) noexcept {
    const auto is_decimal = [](std::int64_t pattern) { return decimal_units(pattern).has_value(); };
    if (!std::ranges::all_of(patterns, is_decimal)) {
        return false;
    }
    std::ranges::transform(patterns, patterns.begin(),
                           [](std::int64_t pattern) { return *decimal_units(pattern); });
    return true;
}

/// How a column is kept.
struct Frame {
    std::uint64_t least = 0;
    ExactDivisor scale{1};
    std::uint8_t width = 0;
    bool decimal = false;

    static Frame of(std::span<const std::int64_t> values) noexcept {
        Frame frame;
        const auto [low, high] = std::ranges::minmax(values);
        frame.least = std::bit_cast<std::uint64_t>(low);
        std::uint64_t divisor = 0;
        for (const std::int64_t value : values) {
            const std::uint64_t distance = std::bit_cast<std::uint64_t>(value) - frame.least;
            if (divisor == 0 ? distance != 0 : !frame.scale.divides(distance)) {
                divisor = std::gcd(divisor, distance);
                frame.scale = ExactDivisor(divisor);
            }
        }
        const auto bits = static_cast<unsigned>(std::bit_width(frame.steps(high)));
        frame.width = static_cast<std::uint8_t>((bits + 7U) / 8U);
        return frame;
    }
    [[nodiscard]] std::uint64_t steps(std::int64_t value) const noexcept {
        return scale.quotient(std::bit_cast<std::uint64_t>(value) - least);
    }
};

void store(std::uint8_t* place, std::uint64_t word) noexcept {
    std::memcpy(place, &word, sizeof word);
}

/// Memory of another size than is needed now would be kept for as long as the block.
bool fits(const std::vector<std::uint8_t>& memory, std::size_t bytes) noexcept {
    return memory.capacity() >= bytes && memory.capacity() <= bytes + bytes / 4;
}

}  // namespace

PackedBlock::PackedBlock(std::span<std::int64_t> values, std::size_t columns, std::uint32_t reals,
                         std::vector<std::uint8_t> memory) {
    VIRTUOSO_ASSERT(!values.empty() && columns <= columns_max,
                    "a packed block needs values of a few columns");
    const std::size_t rows = values.size() / columns;
    std::array<Frame, columns_max> frames;
    for (std::size_t column = 0; column < columns; ++column) {
        const auto part = values.subspan(column * rows, rows);
        const bool decimal = (reals >> column & 1U) != 0 && make_decimal(part);
        frames[column] = Frame::of(part);
        frames[column].decimal = decimal;
        stride_ += frames[column].width;
    }
    // Cells are read eight bytes at a time.
    const std::size_t size = columns * (frame_bytes + 1) + rows * stride_ + cell_bytes;
    if (fits(memory, size)) {
        data_ = std::move(memory);
    }
    data_.resize(size);
    std::uint8_t* const widths = data_.data() + columns * frame_bytes;
    for (std::size_t column = 0; column < columns; ++column) {
        const Frame& frame = frames[column];
        std::uint8_t* const place = data_.data() + column * frame_bytes;
        store(place, frame.least);
        store(place + cell_bytes, frame.scale.number());
        widths[column] = static_cast<std::uint8_t>(frame.width | (frame.decimal ? is_decimal : 0));
    }
    // Each cell is written whole, and what it is too wide by is written over by the next.
    std::uint8_t* cell = widths + columns;
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            store(cell, frames[column].steps(values[column * rows + row]));
            cell += frames[column].width;
        }
    }
}

}  // namespace virtuoso
