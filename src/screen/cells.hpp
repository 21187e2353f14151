// Text as a terminal lays it out: in cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::screen {

/// What a terminal can show.
enum class Glyphs : std::uint8_t { ascii, unicode };

/// Those of a locale: its character set is named in the first of these variables that is set and not empty.
/// Null: not set.
[[nodiscard]] Glyphs glyphs_of_locale(const char* lc_all, const char* lc_ctype, const char* lang);

/// Cells that a character takes: 2 for the wide ones of East Asia and emoji, 0 for marks that stand on the
/// character before them, else 1. O(log ranges).
[[nodiscard]] std::size_t cells_of(char32_t value) noexcept;
/// Of a whole text; a byte that is not UTF-8 takes one. O(length).
[[nodiscard]] std::size_t cells_in(std::string_view text) noexcept;

/// One line that a terminal shows and does not act on: as `printable`, and marks without a cell of their own
/// are escaped, too. With Glyphs::ascii the program's own signs become a letter each, all others escapes.
/// What was shown once stays as it is. O(length).
[[nodiscard]] std::string shown(std::string_view text, Glyphs glyphs);
/// The same of a text of several lines.
[[nodiscard]] std::string shown_lines(std::string_view text, Glyphs glyphs);

/// At most `cells` of a text; where something is cut away it ends with "…". Precondition: it was `shown`.
[[nodiscard]] std::string cut(std::string_view text, std::size_t cells);

enum class Align : std::uint8_t { left, right };
/// Exactly so many cells: cut, or filled with spaces.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t cells, Align align = Align::left);

/// A text in lines of at most `cells`, broken at spaces, inside a word only where it is longer than a line.
/// All but the first begin with `indent` spaces, if that leaves room for a text. Precondition: it was `shown`
/// and cells > 0. Never empty.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t cells,
                                               std::size_t indent = 0);

}  // namespace virtuoso::screen
