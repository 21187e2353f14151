// A running service's symbols, as its document tells of them.
#pragma once

#include "base/error.hpp"
#include "present/market_table.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace virtuoso::app {

/// What a document of schema "virtuoso.symbols/1" says.
struct ServiceSymbols {
    std::vector<MarketRow> rows;
    std::uint64_t total = 0;     ///< on all pages
    std::int64_t oldest_ms = 0;  ///< age of the row that was evaluated longest ago

    /// How many rows' data is whole.
    [[nodiscard]] std::size_t whole() const;
};

/// Error: file_format when it is no such document.
[[nodiscard]] Result<ServiceSymbols> read_service_symbols(std::string_view document);

}  // namespace virtuoso::app
