// What stands in one cell of the store.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace virtuoso {

/// Nothing, a whole number, a number or a text. Times are whole numbers: ms since the Unix epoch.
using StoreValue = std::variant<std::monostate, std::int64_t, double, std::string>;
/// In the order of the table's columns.
using StoreRow = std::vector<StoreValue>;

/// Bytes of a row, about; what its texts hold and a little for each value.
[[nodiscard]] inline std::size_t bytes_of(const StoreRow& row) noexcept {
    std::size_t bytes = sizeof(StoreRow) + row.size() * sizeof(StoreValue);
    for (const auto& value : row) {
        if (const auto* const text = std::get_if<std::string>(&value)) {
            bytes += text->capacity();
        }
    }
    return bytes;
}

}  // namespace virtuoso
