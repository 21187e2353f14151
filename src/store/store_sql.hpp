// The statements of both engines, made of the tables' description alone. Values are parameters $1, $2 … in
// the order in which they stand.
#pragma once

#include "store/store.hpp"

#include <string>
#include <vector>

namespace virtuoso {

[[nodiscard]] std::string insert_sql(const StoreTableSpec& spec);
/// Precondition: the query was checked (`check_query`).
[[nodiscard]] std::string select_sql(const StoreQuery& query);
/// Of the query's parameters.
[[nodiscard]] StoreRow select_values(const StoreQuery& query);
/// Parameters: time, rows at most.
[[nodiscard]] std::string remove_sql(const StoreTableSpec& spec);
/// No row, every column.
[[nodiscard]] std::string columns_sql(const StoreTableSpec& spec);
/// Parameters: exchange, symbol.
[[nodiscard]] std::string_view last_sequence_sql() noexcept;

}  // namespace virtuoso
