// Which topics go over which connection.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace virtuoso::bybit {

/// Bybit closes a connection whose subscribed topics exceed this many characters together.
/// Source: https://bybit-exchange.github.io/docs/v5/ws/connect
inline constexpr std::size_t arguments_length_max = 21'000;
/// Room for topics that are added while the connection lives.
inline constexpr std::size_t arguments_length_planned = 19'000;
inline constexpr std::size_t arguments_per_request = 100;

/// The topics of one symbol: book, trades, ticker, 1m candles, liquidations.
[[nodiscard]] inline std::vector<std::string> topics_of(const std::string& symbol, int book_depth) {
    return {"orderbook." + std::to_string(book_depth) + "." + symbol, "publicTrade." + symbol,
            "tickers." + symbol, "kline.1." + symbol, "allLiquidation." + symbol};
}

/// Length of topics as arguments, with quotes and commas.
[[nodiscard]] inline std::size_t arguments_length(std::span<const std::string> topics) {
    std::size_t length = 0;
    for (const auto& topic : topics) {
        length += topic.size() + 3;
    }
    return length;
}

/// {"op":operation,"req_id":id,"args":[…]}. Topics are names of the exchange: they need no escapes.
[[nodiscard]] inline std::string request_text(std::string_view operation, std::string_view id,
                                              std::span<const std::string> topics) {
    std::string text = "{\"op\":\"";
    text.append(operation).append("\",\"req_id\":\"").append(id).append("\",\"args\":[");
    for (const auto& topic : topics) {
        text.append(&topic == topics.data() ? "\"" : ",\"").append(topic).append("\"");
    }
    return text + "]}";
}

}  // namespace virtuoso::bybit
