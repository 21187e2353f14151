#include "api/stream_channel.hpp"

#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace virtuoso {

namespace {

/// In the order of the kinds.
constexpr std::array<std::string_view, 8> patterns{"overview",      "symbols",
                                                   "signals",       "events",
                                                   "health",        "confluence.{symbol}",
                                                   "book.{symbol}", "candles.{symbol}.{timeframe}"};

std::string_view word_of(std::string_view pattern) {
    return pattern.substr(0, pattern.find('.'));
}

std::optional<StreamKind> kind_named(std::string_view word) {
    for (std::size_t place = 0; place < patterns.size(); ++place) {
        if (word_of(patterns[place]) == word) {
            return static_cast<StreamKind>(place);
        }
    }
    return std::nullopt;
}

std::unexpected<Error> refused(std::string_view name) {
    return fail(ErrorCode::argument, fmt::format("channel {} is none of {}; as in confluence.BTCUSDT and "
                                                 "candles.BTCUSDT.1m",
                                                 in_quotes(name), fmt::join(patterns, ", ")));
}

}  // namespace

Result<StreamChannel> StreamChannel::parse(std::string_view name) {
    const std::size_t dot = name.find('.');
    const auto kind = kind_named(name.substr(0, dot));
    if (!kind) {
        return refused(name);
    }
    StreamChannel channel{.kind = *kind};
    const bool of_symbol = patterns[static_cast<std::size_t>(*kind)].contains('.');
    if (of_symbol != (dot != std::string_view::npos)) {
        return refused(name);
    }
    std::string_view symbol = of_symbol ? name.substr(dot + 1) : std::string_view{};
    if (*kind == StreamKind::candles) {
        const std::size_t last = symbol.rfind('.');
        const auto timeframe =
            last == std::string_view::npos ? std::nullopt : timeframe_named(symbol.substr(last + 1));
        if (!timeframe) {
            return fail(ErrorCode::argument,
                        fmt::format("channel {} ends in no timeframe: 1m, 5m, 15m, 30m, 1h, 4h or 1d, as in "
                                    "candles.BTCUSDT.1m",
                                    in_quotes(name)));
        }
        channel.timeframe = *timeframe;
        symbol = symbol.substr(0, last);
    }
    if (of_symbol && !is_symbol_name(symbol)) {
        return fail(ErrorCode::argument, fmt::format("channel {} has {} where the name of a contract is to "
                                                     "stand, as BTCUSDT is",
                                                     in_quotes(name), in_quotes(symbol)));
    }
    channel.symbol = symbol;
    return channel;
}

std::string StreamChannel::name() const {
    const std::string_view word = word_of(patterns[static_cast<std::size_t>(kind)]);
    if (kind == StreamKind::candles) {
        return fmt::format("{}.{}.{}", word, symbol, name_of(timeframe));
    }
    return symbol.empty() ? std::string(word) : fmt::format("{}.{}", word, symbol);
}

std::span<const std::string_view> stream_channel_patterns() noexcept {
    return patterns;
}

}  // namespace virtuoso
