// The fuzzer's bytes as text and as a padded frame.
#pragma once

#include "base/padded_frame.hpp"
#include "exchange/field_drift.hpp"
#include "market/symbol_state.hpp"

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

template <typename Visitor>
void for_each_line(std::string_view text, Visitor&& visit) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        visit(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
}

/// Lines are frames of one connection, so that a book may be built and broken.
template <typename Codec>
void run_stream(Codec& codec, std::string_view text) {
    FrameBuffer buffer;
    SymbolState state("X");
    for_each_line(text, [&](std::string_view line) {
        static_cast<void>(unknown_fields(buffer.assign(line), "topic stream data data.k.*"));
        if (const auto decoded = codec.decode(buffer.assign(line))) {
            for (const auto& event : decoded->events) {
                state.apply(event);
            }
        }
    });
}

/// First line: the request's path and query; the rest is the body.
template <typename Codec>
void run_rest(Codec& codec, std::string_view text) {
    FrameBuffer buffer;
    const auto [target, body] = split_line(text);
    static_cast<void>(codec.decode(target, buffer.assign(body)));
}

}  // namespace virtuoso::fuzz
