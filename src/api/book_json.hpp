// The order book of one symbol, as it is and as it was, as documents.
#pragma once

#include "engine/pipeline.hpp"
#include "present/json.hpp"
#include "service/book_history.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace virtuoso {

/// A copy of what a symbol knows.
struct BookReading {
    std::string symbol;
    ExchangeTime as_of;
    std::optional<BookFault> fault;  ///< then there are no levels
    ExchangeTime time;               ///< of the newest update
    std::uint64_t update_id = 0;
    std::size_t bid_count = 0;  ///< of all levels that are known
    std::size_t ask_count = 0;
    std::vector<BookLevel> bids;  ///< from the touch outwards
    std::vector<BookLevel> asks;
};

/// O(levels).
[[nodiscard]] BookReading read_book(const TrackedSymbol& symbol, std::size_t levels);
/// Schema "virtuoso.book/1".
[[nodiscard]] Json book_json(const BookReading& reading);

struct BookHistoryReading {
    std::string symbol;
    Price step;  ///< width of a bin
    std::vector<BookHistory::Column> columns;
};
/// Schema "virtuoso.book_history/1".
[[nodiscard]] Json book_history_json(const BookHistoryReading& reading);

}  // namespace virtuoso
