// Rows for tests of the store.
#pragma once

#include "store/store.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso::test {

/// A row of a table with a value of the right type in every column, which `number` makes another one.
inline StoreRow sample_row(StoreTable table, std::int64_t number) {
    StoreRow row;
    for (const auto& column : spec_of(table).columns) {
        switch (column.type) {
            case ColumnType::whole:
                row.emplace_back(number);
                break;
            case ColumnType::real:
                row.emplace_back(static_cast<double>(number) / 7);
                break;
            case ColumnType::text:
                row.emplace_back(std::string(column.name) + "-" + std::to_string(number % 3));
                break;
        }
    }
    return row;
}

/// The same with these values in its columns of these names.
inline StoreRow row_with(StoreTable table, std::int64_t number,
                         const std::vector<std::pair<std::string_view, StoreValue>>& cells) {
    StoreRow row = sample_row(table, number);
    for (const auto& [name, value] : cells) {
        row.at(spec_of(table).column(name).value()) = value;
    }
    return row;
}

/// Of `scores`: columns that are not named have no value.
inline StoreRow score_row(const std::string& symbol, std::int64_t time_ms, double score) {
    StoreRow row(spec_of(StoreTable::scores).columns.size());
    row[0] = std::string("bybit");
    row[1] = symbol;
    row[2] = time_ms;
    row[3] = score;
    row.back() = 1.0;
    return row;
}

inline std::vector<StoreRow> all_rows(Store& store, const StoreQuery& query) {
    std::vector<StoreRow> rows;
    const auto visited = store.select(query, [&](std::span<const StoreValue> row) {
        rows.emplace_back(row.begin(), row.end());
        return true;
    });
    if (!visited || *visited != rows.size()) {
        rows.clear();
    }
    return rows;
}

}  // namespace virtuoso::test
