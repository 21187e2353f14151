// What a running thing knows, as bytes, and back.
#pragma once

#include "base/bounded_ring.hpp"
#include "base/decimal.hpp"
#include "base/packed_ring.hpp"
#include "base/time.hpp"

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace virtuoso {

/// A type whose `fields(self, archive)` calls `archive(…)` with everything that it knows, and
/// `archive.check(…)` with what has to hold of that: one function writes and reads.
template <typename T, typename Archive>
concept Archived = requires(T& value, Archive& archive) {
    std::remove_const_t<T>::fields(value, archive);
};

/// Appends numbers: integers with as many bytes as they need, doubles exactly, those that are decimals of at
/// most eight places as integers. O(bytes).
class ArchiveWriter {
  public:
    static constexpr bool reads = false;

    template <typename... Values>
    void operator()(const Values&... values) {
        (write(values), ...);
    }
    /// An enumeration of so many values, numbered from 0.
    template <typename Enum>
    void choice(const Enum& value, unsigned) {
        integer(static_cast<std::int64_t>(value));
    }
    static constexpr void check(bool) noexcept {}

    void integer(std::int64_t value);
    void real(double value);

    [[nodiscard]] std::string_view bytes() const noexcept { return {bytes_.data(), size_}; }
    /// The same, which it then has no more.
    [[nodiscard]] std::string take() {
        bytes_.resize(std::exchange(size_, 0));
        return std::exchange(bytes_, {});
    }
    /// Room for so many bytes, where it is known that there will be many.
    void reserve(std::size_t size) { bytes_.reserve(size); }

  private:
    template <typename T>
    void write(const T& value);
    template <typename Record>
    void write_packed(const PackedRing<Record>& ring);
    [[nodiscard]] char* room();

    std::string bytes_;  ///< longer than what was written: few of its numbers ask for memory
    std::size_t size_ = 0;
};

/// Reads what an ArchiveWriter wrote. Bytes that cannot be of one make it fail: from then on it gives zeros,
/// and what was read is to be thrown away. O(bytes).
class ArchiveReader {
  public:
    static constexpr bool reads = true;

    explicit ArchiveReader(std::string_view bytes) : rest_(bytes) {}

    template <typename... Values>
    void operator()(Values&... values) {
        (read(values), ...);
    }
    template <typename Enum>
    void choice(Enum& value, unsigned count) {
        const std::int64_t number = integer();
        check(number >= 0 && number < static_cast<std::int64_t>(count));
        value = failed_ ? Enum{} : static_cast<Enum>(number);
    }
    /// What was read last has to fulfil this.
    void check(bool holds) noexcept { failed_ = failed_ || !holds; }

    [[nodiscard]] std::int64_t integer();
    [[nodiscard]] double real();

    [[nodiscard]] bool failed() const noexcept { return failed_; }
    /// Everything was read, and nothing failed.
    [[nodiscard]] bool whole() const noexcept { return !failed_ && rest_.empty(); }

  private:
    [[nodiscard]] std::size_t count(std::size_t most) {
        const std::int64_t number = integer();
        check(number >= 0 && std::cmp_less_equal(number, most));
        return failed_ ? 0 : static_cast<std::size_t>(number);
    }
    template <typename T>
    void read(T& value);
    template <typename Record>
    void read_packed(PackedRing<Record>& ring);

    std::string_view rest_;
    bool failed_ = false;
};

namespace archive_detail {

template <typename T>
inline constexpr bool is_optional = false;
template <typename T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <typename T>
inline constexpr bool is_array = false;
template <typename T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;
template <typename T>
inline constexpr bool is_ring = false;
template <typename T>
inline constexpr bool is_ring<BoundedRing<T>> = true;
template <typename T>
inline constexpr bool is_packed = false;
template <typename T>
inline constexpr bool is_packed<PackedRing<T>> = true;

/// A record that a PackedRing may keep.
template <typename T>
concept Row = requires {
    PackedColumns<T>::columns;
};

template <typename T>
[[nodiscard]] constexpr bool is_real(std::size_t column) noexcept {
    return (PackedColumns<T>::reals >> column & 1U) != 0;
}
/// Beside the one before it, which numbers of a row are mostly near to. Wraps, and back.
[[nodiscard]] constexpr std::int64_t wrapped(std::uint64_t value) noexcept {
    return std::bit_cast<std::int64_t>(value);
}

}  // namespace archive_detail

template <typename T>
void ArchiveWriter::write(const T& value) {
    namespace detail = archive_detail;
    if constexpr (std::same_as<T, double>) {
        real(value);
    } else if constexpr (std::same_as<T, Int128>) {
        integer(static_cast<std::int64_t>(value >> 64));
        integer(detail::wrapped(static_cast<std::uint64_t>(value)));
    } else if constexpr (std::integral<T>) {
        integer(static_cast<std::int64_t>(value));
    } else if constexpr (std::same_as<T, ExchangeTime>) {
        integer(value.ms);
    } else if constexpr (std::same_as<T, Price> || std::same_as<T, Size>) {
        integer(value.units);
    } else if constexpr (detail::is_optional<T>) {
        integer(value ? 1 : 0);
        if (value) {
            write(*value);
        }
    } else if constexpr (detail::is_array<T>) {
        for (const auto& element : value) {
            write(element);
        }
    } else if constexpr (detail::is_ring<T>) {
        integer(static_cast<std::int64_t>(value.size()));
        value.each(0, value.size(), [this](const auto& element) { this->write(element); });
    } else if constexpr (detail::is_packed<T>) {
        write_packed(value);
    } else if constexpr (detail::Row<T>) {
        const auto numbers = PackedColumns<T>::numbers_of(value);
        for (std::size_t column = 0; column < numbers.size(); ++column) {
            detail::is_real<T>(column) ? real(std::bit_cast<double>(numbers[column]))
                                       : integer(numbers[column]);
        }
    } else {
        static_assert(Archived<const T, ArchiveWriter>, "it does not tell its fields");
        T::fields(value, *this);
    }
}

template <typename Record>
void ArchiveWriter::write_packed(const PackedRing<Record>& ring) {
    integer(static_cast<std::int64_t>(ring.size()));
    typename PackedColumns<Record>::Numbers before{};
    ring.each(0, ring.size(), [&](const Record& record) {
        const auto numbers = PackedColumns<Record>::numbers_of(record);
        for (std::size_t column = 0; column < numbers.size(); ++column) {
            if (archive_detail::is_real<Record>(column)) {
                real(std::bit_cast<double>(numbers[column]));
            } else {
                integer(archive_detail::wrapped(static_cast<std::uint64_t>(numbers[column]) -
                                                static_cast<std::uint64_t>(before[column])));
            }
        }
        before = numbers;
    });
}

template <typename T>
void ArchiveReader::read(T& value) {
    namespace detail = archive_detail;
    if constexpr (std::same_as<T, double>) {
        value = real();
    } else if constexpr (std::same_as<T, Int128>) {
        const std::int64_t high = integer();
        const auto low = static_cast<std::uint64_t>(integer());
        value = (static_cast<Int128>(high) << 64) | static_cast<Int128>(low);
    } else if constexpr (std::same_as<T, std::uint64_t>) {
        value = static_cast<std::uint64_t>(integer());
    } else if constexpr (std::same_as<T, bool>) {
        value = count(1) == 1;
    } else if constexpr (std::integral<T>) {
        const std::int64_t number = integer();
        check(std::cmp_greater_equal(number, std::numeric_limits<T>::min()) &&
              std::cmp_less_equal(number, std::numeric_limits<T>::max()));
        value = failed_ ? T{} : static_cast<T>(number);
    } else if constexpr (std::same_as<T, ExchangeTime>) {
        value.ms = integer();
        check(value.ms >= -1 && value.ms <= plausible_ms_max);
    } else if constexpr (std::same_as<T, Price> || std::same_as<T, Size>) {
        value.units = integer();
    } else if constexpr (detail::is_optional<T>) {
        value.reset();
        if (count(1) == 1) {
            read(value.emplace());
        }
    } else if constexpr (detail::is_array<T>) {
        for (auto& element : value) {
            read(element);
        }
    } else if constexpr (detail::is_ring<T>) {
        value.clear();
        for (std::size_t left = count(value.capacity()); left > 0 && !failed_; --left) {
            typename std::remove_cvref_t<decltype(value[0])> element{};
            read(element);
            value.push(element);
        }
    } else if constexpr (detail::is_packed<T>) {
        read_packed(value);
    } else if constexpr (detail::Row<T>) {
        typename PackedColumns<T>::Numbers numbers{};
        for (std::size_t column = 0; column < numbers.size(); ++column) {
            numbers[column] = detail::is_real<T>(column) ? std::bit_cast<std::int64_t>(real()) : integer();
        }
        value = PackedColumns<T>::record_of(numbers);
        check(PackedColumns<T>::numbers_of(value) == numbers);
    } else {
        static_assert(Archived<T, ArchiveReader>, "it does not tell its fields");
        T::fields(value, *this);
    }
}

template <typename Record>
void ArchiveReader::read_packed(PackedRing<Record>& ring) {
    ring.clear();
    typename PackedColumns<Record>::Numbers numbers{};
    for (std::size_t left = count(ring.capacity()); left > 0 && !failed_; --left) {
        for (std::size_t column = 0; column < numbers.size(); ++column) {
            numbers[column] = archive_detail::is_real<Record>(column)
                                  ? std::bit_cast<std::int64_t>(real())
                                  : archive_detail::wrapped(static_cast<std::uint64_t>(numbers[column]) +
                                                            static_cast<std::uint64_t>(integer()));
        }
        const Record record = PackedColumns<Record>::record_of(numbers);
        check(PackedColumns<Record>::numbers_of(record) == numbers);
        ring.push(record);
    }
}

}  // namespace virtuoso
