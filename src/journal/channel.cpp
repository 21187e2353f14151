#include "journal/channel.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

// "<kind>/<SYMBOL>[/<interval>]"
bool parse_rows(std::string_view text, Channel& channel) {
    const auto slash = text.find('/');
    const auto kind = archive::row_kind_named(text.substr(0, slash));
    if (!kind || slash == std::string_view::npos) {
        return false;
    }
    channel.kind = Channel::Kind::rows;
    channel.row = *kind;
    text.remove_prefix(slash + 1);
    if (*kind == archive::RowKind::candles) {
        const auto last = text.rfind('/');
        const auto interval =
            last == std::string_view::npos ? std::nullopt : candle_interval_named(text.substr(last + 1));
        // One spelling each: a channel is compared by its text.
        if (!interval || name_of(*interval) != text.substr(last + 1)) {
            return false;
        }
        channel.interval = *interval;
        text = text.substr(0, last);
    }
    channel.symbol = text;
    return !text.empty();
}

}  // namespace

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
    if (parse_rows(rest, channel)) {
        return channel;
    }
    return fail(ErrorCode::unknown_topic,
                fmt::format("channel {} is not known: expected <exchange>/ws, <exchange>/rest/…, "
                            "<exchange>/candles/<SYMBOL>/<interval> or <exchange>/<kind of row>/<SYMBOL>",
                            in_quotes(text)));
}

std::string Channel::text() const {
    switch (kind) {
        case Kind::stream:
            return exchange + "/ws";
        case Kind::rest:
            return exchange + "/rest" + target;
        case Kind::rows:
            break;
    }
    const auto text = fmt::format("{}/{}/{}", exchange, name_of(row), symbol);
    return row == archive::RowKind::candles ? fmt::format("{}/{}", text, name_of(interval)) : text;
}

}  // namespace virtuoso
