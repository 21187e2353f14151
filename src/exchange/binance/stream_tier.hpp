// Which of Binance's stream addresses delivers what.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace virtuoso::binance {

/// Since 2026-04-23 order books and market data are delivered at addresses of their own. The numbers are
/// those of the dialect's routes. Source:
/// https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
enum class StreamTier : std::uint8_t { books, market };

[[nodiscard]] constexpr std::string_view tier_name(StreamTier tier) noexcept {
    return tier == StreamTier::books ? "public" : "market";
}

[[nodiscard]] constexpr std::string_view stream_path(StreamTier tier) noexcept {
    return tier == StreamTier::books ? "/public/stream" : "/market/stream";
}

/// "btcusdt@depth@100ms" → books
[[nodiscard]] constexpr StreamTier tier_of_stream(std::string_view stream) noexcept {
    const auto at = stream.find('@');
    const auto kind = at == std::string_view::npos ? std::string_view{} : stream.substr(at + 1);
    const bool books =
        kind.starts_with("depth") || kind.starts_with("rpiDepth") || kind.starts_with("bookTicker");
    return books ? StreamTier::books : StreamTier::market;
}

/// Paths at which Binance accepts streams; the last two are from before the tiers and deliver books only.
inline constexpr std::array<std::string_view, 6> known_stream_paths{
    "/public/stream", "/public/ws", "/market/stream", "/market/ws", "/stream", "/ws"};

/// With or without a query.
[[nodiscard]] constexpr bool is_stream_path(std::string_view target) noexcept {
    return std::ranges::find(known_stream_paths, target.substr(0, target.find('?'))) !=
           known_stream_paths.end();
}

/// What a connection to this path delivers.
[[nodiscard]] constexpr StreamTier tier_of_path(std::string_view path) noexcept {
    return path.starts_with("/market/") ? StreamTier::market : StreamTier::books;
}

}  // namespace virtuoso::binance
