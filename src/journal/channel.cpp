#include "journal/channel.hpp"

#include <fmt/format.h>

namespace virtuoso {

Result<Channel> Channel::parse(std::string_view text) {
    Channel channel;
    const auto slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0) {
        return fail(ErrorCode::unknown_topic, fmt::format("channel {} names no exchange", in_quotes(text)));
    }
    channel.exchange = text.substr(0, slash);
    const auto rest = text.substr(slash + 1);
    if (rest == "ws") {
        return channel;
    }
    if (rest.starts_with("rest/")) {
        channel.kind = Kind::rest;
        channel.target = rest.substr(4);
        return channel;
    }
    if (rest.starts_with("candles/")) {
        const auto last = rest.rfind('/');
        const auto timeframe = timeframe_named(rest.substr(last + 1));
        if (timeframe && last > 8) {
            channel.kind = Kind::candles;
            channel.symbol = rest.substr(8, last - 8);
            channel.timeframe = *timeframe;
            return channel;
        }
    }
    return fail(ErrorCode::unknown_topic,
                fmt::format("channel {} is not known: expected <exchange>/ws, <exchange>/rest/… or "
                            "archive/candles/<SYMBOL>/<timeframe>",
                            in_quotes(text)));
}

std::string Channel::text() const {
    switch (kind) {
        case Kind::stream:
            return exchange + "/ws";
        case Kind::rest:
            return exchange + "/rest" + target;
        case Kind::candles:
            return fmt::format("{}/candles/{}/{}", exchange, symbol, name_of(timeframe));
    }
    return exchange;
}

}  // namespace virtuoso
