// What a text has to be before it is read as TOML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

/// Why a text is not to be read at all.
struct TextRefusal {
    std::uint32_t line = 0;  ///< 0: of the whole
    std::string reason;
};

/// UTF-8 without other control characters than tabs and line ends, and no line with so many dots that tables
/// would lie in tables without end. O(size).
[[nodiscard]] std::optional<TextRefusal> text_refusal(std::string_view text);

/// A text in ASCII alone that stands for one in UTF-8, with the same lines: toml++ 3.3 is undefined for some
/// characters beyond ASCII and takes others for line ends.
class AsciiText {
  public:
    /// Precondition: `text` is valid UTF-8. nullopt when the text holds everything that could stand for a
    /// character. O(size).
    [[nodiscard]] static std::optional<AsciiText> of(std::string_view text);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// What stands for characters becomes them again.
    [[nodiscard]] std::string original(std::string_view part) const;

    /// First of what stands for a character.
    static constexpr char mark = '?';

  private:
    std::string text_;
    std::string marker_;
};

}  // namespace virtuoso
