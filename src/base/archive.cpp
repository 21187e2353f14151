#include "base/archive.hpp"

#include <cmath>
#include <cstring>

namespace virtuoso {

namespace {

constexpr unsigned bits_a_byte = 7;
constexpr std::uint64_t more_follows = 0x80;
constexpr std::size_t bytes_max = 10;  ///< of an integer
constexpr std::size_t growth = 16'384;
constexpr double units_max = 4.5e15;  ///< below 2^52: whole units are exact

/// Small numbers of either sign have few bits.
std::uint64_t zigzag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t from_zigzag(std::uint64_t bits) noexcept {
    return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
}

double from_units(std::int64_t units) noexcept {
    return static_cast<double>(units) / static_cast<double>(decimal_scale);
}

/// Units of 1e-8 that give this double to the bit.
std::optional<std::int64_t> units_of(double value) noexcept {
    const double scaled = value * static_cast<double>(decimal_scale);
    if (!(std::fabs(scaled) < units_max)) {
        return std::nullopt;
    }
    const auto units = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    const bool same = std::bit_cast<std::uint64_t>(from_units(units)) == std::bit_cast<std::uint64_t>(value);
    return same ? std::optional(units) : std::nullopt;
}

}  // namespace

// For one number: an integer, or a double with the zero before it.
char* ArchiveWriter::room() {
    static_assert(bytes_max >= 1 + sizeof(double));
    if (bytes_.size() - size_ < bytes_max) [[unlikely]] {
        bytes_.resize(size_ + growth);
    }
    return bytes_.data() + size_;
}

void ArchiveWriter::integer(std::int64_t value) {
    char* out = room();
    std::uint64_t bits = zigzag(value);
    while (bits >= more_follows) {
        *out++ = static_cast<char>(bits | more_follows);
        bits >>= bits_a_byte;
    }
    *out++ = static_cast<char>(bits);
    size_ = static_cast<std::size_t>(out - bytes_.data());
}

// A zero is followed by eight bytes, any other number is one more or one less than the units.
void ArchiveWriter::real(double value) {
    if (const auto units = units_of(value)) {
        integer(*units >= 0 ? *units + 1 : *units);
        return;
    }
    char* const out = room();
    *out = 0;
    std::memcpy(out + 1, &value, sizeof value);
    size_ += 1 + sizeof value;
}

std::int64_t ArchiveReader::integer() {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes_max; ++i) {
        if (failed_ || i >= rest_.size()) {
            break;
        }
        const auto byte = static_cast<unsigned char>(rest_[i]);
        bits |= (byte & (more_follows - 1)) << (i * bits_a_byte);
        if (byte < more_follows) {
            rest_.remove_prefix(i + 1);
            return from_zigzag(bits);
        }
    }
    failed_ = true;
    return 0;
}

double ArchiveReader::real() {
    const std::int64_t number = integer();
    if (number != 0) {
        const std::int64_t units = number > 0 ? number - 1 : number;
        check(std::fabs(static_cast<double>(units)) < units_max);
        return failed_ ? 0 : from_units(units);
    }
    double value = 0;
    check(rest_.size() >= sizeof value);
    if (failed_) {
        return 0;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    check(std::isfinite(value));
    return failed_ ? 0 : value;
}

}  // namespace virtuoso
