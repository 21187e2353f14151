// The tables that are read, and those that are known and hold nothing that is used.
#pragma once

#include "exchange/archive/cells.hpp"
#include "exchange/archive/table_column.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace virtuoso::archive {

enum class TableKind : std::uint8_t {
    candles,
    trades,
    series,  ///< funding, open interest, account ratio, mark price
    book,    ///< one level a line
    unused   ///< known by name; nothing of it is used
};

/// One format: how it is told apart, and an example. Detection takes the first that fits.
struct TableFormat {
    std::string_view name;
    std::string_view what;
    TableKind kind = TableKind::unused;
    std::string_view exchange = {};     ///< where only one writes it; else empty
    ColumnSet all = 0;                  ///< columns that its header names, every one
    ColumnSet any = 0;                  ///< and one of these, if there are any
    std::span<const Column> bare = {};  ///< its columns where it has no header
    std::string_view example = {};      ///< lines that are read; of unused ones why nothing is used
};

[[nodiscard]] std::span<const TableFormat> table_formats() noexcept;

/// A table as it lies before us.
struct TableLayout {
    const TableFormat* format = nullptr;
    char delimiter = ',';
    bool headed = false;
    ColumnPlaces places = {};
};

/// What this line begins: as a header, or as a row of a table that has none. nullopt when it does neither.
[[nodiscard]] std::optional<TableLayout> layout_of(std::string_view line);

}  // namespace virtuoso::archive
