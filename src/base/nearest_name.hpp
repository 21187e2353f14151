// The name that was probably meant.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace virtuoso {

/// Least number of letters to insert, remove or replace that makes one of the other (Levenshtein 1966).
/// O(length²).
[[nodiscard]] std::size_t edits_between(std::string_view a, std::string_view b);

/// The one of `names` that takes the fewest edits, among those that hold the whole of `typed` if there are
/// any; the first of several; empty when there are none. Of `typed` only the first 64 bytes are looked at.
/// O(names × length²).
[[nodiscard]] std::string_view nearest_name(std::string_view typed, std::span<const std::string_view> names);

/// Near enough to have been meant: `typed` is a part of it, or at most three in five letters are others.
/// O(length²).
[[nodiscard]] bool is_near(std::string_view typed, std::string_view name);

}  // namespace virtuoso
