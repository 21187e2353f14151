// Bybit v5 public stream topics.
#pragma once

#include "market/timeframe.hpp"

#include <charconv>
#include <optional>
#include <string_view>

namespace virtuoso::bybit {

enum class TopicKind : std::uint8_t { order_book, trades, ticker, kline, liquidation, order_liquidation };

struct Topic {
    TopicKind kind;
    std::string_view symbol{};
    int depth = 0;                            ///< order_book
    std::optional<Timeframe> timeframe = {};  ///< kline; nullopt for intervals that are not kept
};

/// Bybit's interval names: "1" … "720" minutes, "D".
[[nodiscard]] inline std::optional<Timeframe> timeframe_of(std::string_view interval) noexcept {
    if (interval == "D") {
        return Timeframe::d1;
    }
    std::int64_t minutes = 0;
    const auto [end, code] = std::from_chars(interval.data(), interval.data() + interval.size(), minutes);
    if (code != std::errc{} || end != interval.data() + interval.size() || minutes > 1440) {
        return std::nullopt;
    }
    return timeframe_of_interval(minutes * ms_per_minute);
}

/// nullopt for topics that are not decoded ("orderbook.rpi.…", "adlAlert.…", unknown ones).
[[nodiscard]] inline std::optional<Topic> parse_topic(std::string_view topic) noexcept {
    const auto dot = topic.find('.');
    if (dot == std::string_view::npos || dot + 1 == topic.size()) {
        return std::nullopt;
    }
    const auto name = topic.substr(0, dot);
    const auto rest = topic.substr(dot + 1);
    if (name == "tickers") {
        return Topic{TopicKind::ticker, rest};
    }
    if (name == "publicTrade") {
        return Topic{TopicKind::trades, rest};
    }
    if (name == "allLiquidation") {
        return Topic{TopicKind::liquidation, rest};
    }
    if (name == "liquidation") {
        return Topic{TopicKind::order_liquidation, rest};
    }
    const auto second = rest.find('.');
    if (second == std::string_view::npos || second + 1 == rest.size()) {
        return std::nullopt;
    }
    const auto qualifier = rest.substr(0, second);
    const auto symbol = rest.substr(second + 1);
    if (name == "orderbook") {
        int depth = 0;
        const auto [end, code] =
            std::from_chars(qualifier.data(), qualifier.data() + qualifier.size(), depth);
        if (code != std::errc{} || end != qualifier.data() + qualifier.size() || depth < 1 || depth > 1000) {
            return std::nullopt;
        }
        return Topic{TopicKind::order_book, symbol, depth};
    }
    if (name == "kline") {
        return Topic{TopicKind::kline, symbol, 0, timeframe_of(qualifier)};
    }
    if (name == "trade") {  // "trade.linear.BTCUSDT" in some archives
        return Topic{TopicKind::trades, symbol};
    }
    return std::nullopt;
}

}  // namespace virtuoso::bybit
