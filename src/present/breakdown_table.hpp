// The console breakdown of a confluence.
#pragma once

#include "analysis/confluence.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace virtuoso {

/// So many cells: floor(score/100·cells) filled, █ from 70, ▓ from 45, ░ below, the rest ·. NaN fills none.
[[nodiscard]] std::string gauge(double score, int cells = 30);

/// "║ Orderflow       ║ 47.84 ║   14.4 ║ ▓▓…·· ║" and a newline, as METHODOLOGY §11 fixes it.
[[nodiscard]] std::string component_row(std::string_view title, double score, double impact);

/// Cells of the table's box; what stands below it has longer lines.
inline constexpr std::size_t breakdown_table_columns = 69;

/// The whole table: components by impact, the verdict or why there is none, then one table of
/// sub-indicators per component. Its sentences have lines of at most `columns`, or 100. UTF-8, ends with a
/// newline.
[[nodiscard]] std::string breakdown_table(std::string_view exchange, std::string_view symbol,
                                          const Confluence& confluence, std::size_t columns = 100);

}  // namespace virtuoso
