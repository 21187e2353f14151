// Rows as both engines take them.
#pragma once

#include "base/error.hpp"
#include "store/store.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// Error: store_refused naming the column when a row is not one of its table.
[[nodiscard]] Result<void> check_row(const StoreTableSpec& spec, const StoreRow& row);
/// Error: store_refused naming a column that is matched and not the table's, or not of its type.
[[nodiscard]] Result<void> check_query(const StoreQuery& query);

/// Bytes that are not UTF-8, and zeros, become U+FFFD.
[[nodiscard]] std::string storable_text(std::string_view text);
/// True when a text is stored as it is.
[[nodiscard]] bool is_storable(std::string_view text) noexcept;

}  // namespace virtuoso
