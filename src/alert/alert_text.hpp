// Texts of alerts: cut where a sentence ends, and made harmless for who shows them.
#pragma once

#include "base/unicode.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace virtuoso {

/// How much of a limit a character takes once it is written for a service.
using CharacterCost = std::size_t (*)(char32_t value);

/// UTF-16 units, as Telegram and Discord may count: 2 beyond U+FFFF, else 1.
[[nodiscard]] std::size_t utf16_cost(char32_t value) noexcept;
[[nodiscard]] std::size_t cost_of(std::string_view text, CharacterCost cost);

/// `text` if it costs no more than `most`; else its beginning up to the end of a line or sentence in the
/// second half of what fits, else to a space there, else as much as fits, and " …". Never half a character.
/// O(length).
[[nodiscard]] std::string cut_at_sentence(std::string_view text, std::size_t most,
                                          CharacterCost cost = utf16_cost);

/// With a backslash before everything that Discord's Markdown acts on.
[[nodiscard]] std::string discord_escaped(std::string_view text);
[[nodiscard]] std::size_t discord_cost(char32_t value) noexcept;
/// As text or attribute of Telegram's HTML mode: & < > " as entities.
[[nodiscard]] std::string telegram_escaped(std::string_view text);
[[nodiscard]] std::size_t telegram_cost(char32_t value) noexcept;

}  // namespace virtuoso
