// What an HTTP answer that refuses says of why.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace virtuoso {

enum class RefusalCause : std::uint8_t {
    unknown,
    place,    ///< the country or region that this machine's address is of is not served
    too_fast  ///< more requests than are allowed
};

struct HttpRefusal {
    RefusalCause cause = RefusalCause::unknown;
    /// The server's own words: the message of a JSON answer, the title of a page, or plain text; one line
    /// without control characters, at most `refusal_words_max` bytes of whole UTF-8 characters. May be empty.
    std::string words;

    /// Between quotes after a colon and a space; nothing when there are no words.
    [[nodiscard]] std::string quoted() const;
};

inline constexpr std::size_t refusal_words_max = 240;

/// Reads a body that may be anything. 451 means the place (RFC 7725), 418 and 429 too many requests.
/// O(bytes).
[[nodiscard]] HttpRefusal refusal_of(int status, std::string_view body);

}  // namespace virtuoso
