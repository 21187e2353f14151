// What can be subscribed to at /ws.
#pragma once

#include "base/error.hpp"
#include "market/timeframe.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

enum class StreamKind : std::uint8_t {
    overview,
    symbols,
    signals,
    events,
    health,
    confluence,
    book,
    candles
};

/// One channel by its parts: "overview", "confluence.BTCUSDT", "candles.BTCUSDT.1m".
struct StreamChannel {
    StreamKind kind = StreamKind::overview;
    std::string symbol = {};              ///< empty where the channel is of none
    Timeframe timeframe = Timeframe::m1;  ///< of candles

    /// Error: argument, naming the value and what there is.
    [[nodiscard]] static Result<StreamChannel> parse(std::string_view name);
    [[nodiscard]] std::string name() const;
    /// A list of what happened, of which each part is sent; others are states, of which the newest counts.
    [[nodiscard]] bool is_list() const noexcept {
        return kind == StreamKind::signals || kind == StreamKind::events;
    }
    /// Read on the thread of the symbol's shard.
    [[nodiscard]] bool is_of_shard() const noexcept {
        return kind == StreamKind::book || kind == StreamKind::candles;
    }
};

/// "overview", …, "candles.{symbol}.{timeframe}".
[[nodiscard]] std::span<const std::string_view> stream_channel_patterns() noexcept;

}  // namespace virtuoso
