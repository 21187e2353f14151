// The fuzzer's bytes as text and as a padded frame.
#pragma once

#include "exchange/padded_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace virtuoso::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Cuts the text at its first newline: what is before it, and what is behind it.
struct TwoParts {
    std::string_view first;
    std::string_view second;
};
inline TwoParts split_line(std::string_view text) {
    const auto end = text.find('\n');
    return end == std::string_view::npos ? TwoParts{{}, text}
                                         : TwoParts{text.substr(0, end), text.substr(end + 1)};
}

}  // namespace virtuoso::fuzz
