// What was pressed, out of the bytes that a terminal sends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::screen {

enum class KeyKind : std::uint8_t {
    character,  ///< `value` says which
    enter,
    escape,
    backspace,
    up,
    down,
    left,
    right,
    page_up,
    page_down,
    home,
    end,
    redraw,  ///< Ctrl-L
    quit,    ///< Ctrl-C where the terminal sends it as a character
    unknown  ///< a key that means nothing here, or bytes that are none
};

struct Key {
    KeyKind kind = KeyKind::unknown;
    char32_t value = 0;

    friend bool operator==(const Key&, const Key&) = default;
};

/// Reads the bytes of a terminal (ECMA-48, as xterm and its kin send them) in pieces of any size. What is
/// broken becomes `unknown`; nothing is held longer than 32 bytes.
class KeyDecoder {
  public:
    static constexpr std::size_t sequence_max = 32;

    /// The keys that are complete. O(bytes).
    [[nodiscard]] std::vector<Key> feed(std::string_view bytes);
    /// Something has begun that more bytes could end: a lone escape is either the key or a beginning.
    [[nodiscard]] bool waits() const noexcept { return !held_.empty(); }
    /// Nothing came after it for a while: it was all.
    [[nodiscard]] std::vector<Key> settle();

  private:
    std::string held_;
};

}  // namespace virtuoso::screen
