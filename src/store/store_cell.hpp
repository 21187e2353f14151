// A cell of a row by the name of its column.
#pragma once

#include "store/store_table.hpp"
#include "store/store_value.hpp"

#include <span>
#include <string_view>
#include <variant>

namespace virtuoso {

/// Null when the table has no such column, or the row another type there. O(columns).
template <typename Value>
[[nodiscard]] const Value* store_cell(const StoreTableSpec& spec, std::span<const StoreValue> row,
                                      std::string_view name) {
    const auto column = spec.column(name);
    return column && *column < row.size() ? std::get_if<Value>(&row[*column]) : nullptr;
}

}  // namespace virtuoso
