// Which symbols a list shows, in which order, page by page.
#pragma once

#include "api/query.hpp"
#include "service/symbol_result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// What a page is asked for with. A cursor names the last row of the page before, by value and symbol: pages
/// of values that change meanwhile miss or repeat only the rows that moved across it.
struct SymbolListing {
    enum class Key : std::uint8_t { turnover, score, change, reliability, symbol };
    enum class Side : std::uint8_t { any, long_side, short_side, neutral, none };
    struct Cursor {
        std::optional<double> value;
        std::string symbol;
    };

    Key key = Key::turnover;
    bool rising = false;
    Side side = Side::any;  ///< verdict that is held
    std::size_t limit = 0;
    std::optional<Cursor> after = {};

    /// `sort`, `order`, `signal`, `limit`, `cursor`. Errors: argument.
    [[nodiscard]] static Result<SymbolListing> from(const Query& query);
};

struct SymbolPage {
    std::vector<ResultPointer> rows;
    std::size_t total = 0;  ///< that match, on all pages
    std::string next = {};  ///< cursor of the next page; empty: this is the last
};

/// Rows without the value come last either way; equal ones by name. `results` in any order. O(n log n).
[[nodiscard]] SymbolPage page_of(std::vector<ResultPointer> results, const SymbolListing& listing);

}  // namespace virtuoso
