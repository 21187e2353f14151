// Rows of a table whose layout is known.
#pragma once

#include "exchange/archive/archive_row.hpp"
#include "exchange/archive/spelled_number.hpp"
#include "exchange/archive/table_format.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace virtuoso::archive {

/// What one row says. Views point into the line.
struct TableRow {
    std::string_view symbol = {};    ///< as it is spelled; empty when the table names none
    std::string_view exchange = {};  ///< the same
    LocalTime time = {};             ///< of the exchange; of candles when they begin
    LocalTime received = {};         ///< when the table tells it, else `time`
    std::vector<RowValue> values = {};
};

class TableReader {
  public:
    explicit TableReader(TableLayout layout);

    /// Errors: candle_row, field_value and those of decimals, each naming the column and the value.
    [[nodiscard]] Result<TableRow> row(std::string_view line);

    [[nodiscard]] const TableLayout& layout() const noexcept { return layout_; }
    /// Prices that were no plain decimals of at most eight places.
    [[nodiscard]] std::uint64_t rounded() const noexcept { return spelling_.rounded; }

  private:
    [[nodiscard]] std::string_view cell(const Cells& cells, Column column) const noexcept;
    [[nodiscard]] Result<std::int64_t> units(const Cells& cells, Column column, std::string_view field);
    /// nullopt where the row says nothing.
    [[nodiscard]] Result<std::optional<double>> real(const Cells& cells, Column column,
                                                     std::string_view field);
    [[nodiscard]] Result<void> read_candle(const Cells& cells, std::string_view line, TableRow& row);
    [[nodiscard]] Result<void> read_trade(const Cells& cells, std::string_view line, TableRow& row);
    [[nodiscard]] Result<void> read_series(const Cells& cells, TableRow& row);
    [[nodiscard]] Result<void> read_level(const Cells& cells, std::string_view line, TableRow& row);

    TableLayout layout_;
    NumberSpelling spelling_;
    std::size_t width_ = 0;  ///< cells that a row has at least
};

}  // namespace virtuoso::archive
