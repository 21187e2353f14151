// Rows of the store as lines of CSV and of JSON.
#pragma once

#include "store/store_table.hpp"
#include "store/store_value.hpp"

#include <span>
#include <string>

namespace virtuoso {

/// The names of the columns. RFC 4180 but for the line's end, which is a line feed.
[[nodiscard]] std::string csv_header(const StoreTableSpec& spec);
/// Nothing is an empty field, an empty text is "". A text that a spreadsheet would take for a formula (it
/// begins with = + - @) gets an apostrophe before it. Numbers are the shortest text that reads back as the
/// same double.
[[nodiscard]] std::string csv_line(std::span<const StoreValue> row);
/// One object with a field for every column: texts as they are, JSON documents as values (a text that is none
/// stays a text); characters that a terminal acts on are escapes.
[[nodiscard]] std::string ndjson_line(const StoreTableSpec& spec, std::span<const StoreValue> row);

}  // namespace virtuoso
