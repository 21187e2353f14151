// Numbers as spreadsheets, data frames and exchanges write them.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace virtuoso::archive {

/// How numbers of one table are spelled.
struct NumberSpelling {
    bool decimal_comma = false;  ///< "96500,5": the cells are not divided by commas
    std::uint64_t rounded = 0;   ///< prices read that were no plain decimals of at most eight places
};

/// Units of 1e-8, rounded to the nearest: "1.175e-05", "1.4000000000000001", "96,500.00". Counts those in
/// `spelling`. Errors as of `parse_decimal_units`, but for precision.
[[nodiscard]] Result<std::int64_t> nearest_units(std::string_view text, std::string_view field,
                                                 NumberSpelling& spelling);

/// A number for statistics: what std::from_chars takes, commas as above, and "33.8K" (M, B).
[[nodiscard]] Result<double> spelled_real(std::string_view text, std::string_view field,
                                          const NumberSpelling& spelling);

/// What programs write where there is no number: nothing, "NaN", "null", "None", "-", "N/A", "\N".
[[nodiscard]] bool is_no_number(std::string_view text) noexcept;

}  // namespace virtuoso::archive
