#include "sim/recorded_market.hpp"

#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <numeric>

namespace virtuoso::sim {

namespace {

constexpr std::size_t recent_trades_max = 1'000;
/// Histories that were asked for when the recording began tell what was before it.
constexpr std::int64_t histories_within_ns = 10 * ms_per_minute * 1'000'000;

/// Value of a string field near the front of a frame.
std::string_view text_after(std::string_view frame, std::string_view name) {
    const auto found = frame.substr(0, 128).find(name);
    if (found == std::string_view::npos) {
        return {};
    }
    const auto rest = frame.substr(found + name.size());
    const auto begin = rest.find('"');
    const auto end = begin == std::string_view::npos ? begin : rest.find('"', begin + 1);
    return end == std::string_view::npos ? std::string_view{} : rest.substr(begin + 1, end - begin - 1);
}

std::string_view topic_of(std::string_view frame) {
    const auto topic = text_after(frame, "\"topic\":");
    return topic.empty() ? text_after(frame, "\"stream\":") : topic;
}

bool is_history(const MarketEvent& event) {
    return std::holds_alternative<KlineHistory>(event.payload) ||
           std::holds_alternative<OpenInterestHistory>(event.payload) ||
           std::holds_alternative<FundingHistory>(event.payload) ||
           std::holds_alternative<AccountRatioHistory>(event.payload);
}

void note_steps(RecordedSymbol& symbol, const MarketEvent& event) {
    const auto note = [&](Price price, Size size) {
        symbol.tick_units = std::gcd(symbol.tick_units, price.units);
        symbol.step_units = std::gcd(symbol.step_units, size.units);
    };
    if (const auto* const delta = std::get_if<BookDelta>(&event.payload)) {
        for (const auto& side : {delta->bids, delta->asks}) {
            for (const auto& level : side) {
                note(level.price, level.size);
            }
        }
    } else if (const auto* const trades = std::get_if<Trades>(&event.payload)) {
        (trades->feed == TradeFeed::individual ? symbol.individual_trades : symbol.aggregate_trades) = true;
        for (const auto& print : trades->prints) {
            note(print.price, print.size);
        }
    }
}

}  // namespace

Result<std::unique_ptr<RecordedMarket>> RecordedMarket::open(OpenRecords records) {
    std::unique_ptr<RecordedMarket> market(new RecordedMarket(std::move(records)));
    if (const auto surveyed = market->survey(); !surveyed) {
        return std::unexpected(surveyed.error());
    }
    auto source = market->open_();
    if (!source) {
        return std::unexpected(source.error());
    }
    market->source_ = std::move(*source);
    return market;
}

RecordedSymbol* RecordedMarket::find(std::string_view symbol) const {
    const auto found = symbols_.find(symbol);
    return found == symbols_.end() ? nullptr : found->second.get();
}

RecordedSymbol& RecordedMarket::symbol_named(std::string_view symbol) {
    if (RecordedSymbol* const known = find(symbol)) {
        return *known;
    }
    const std::string name(symbol);
    return *symbols_.emplace(name, std::make_unique<RecordedSymbol>(name)).first->second;
}

Result<void> RecordedMarket::choose_exchange(std::string_view channel) {
    const std::string_view exchange = channel.substr(0, channel.find('/'));
    if (exchange == exchange_) {
        return {};
    }
    if (!exchange_.empty() || (exchange != "bybit" && exchange != "binance-usdm")) {
        return fail(
            ErrorCode::file_format,
            fmt::format("channel {} cannot be served{}: give recordings of bybit or binance-usdm, one "
                        "exchange at a time",
                        in_quotes(channel), exchange_.empty() ? "" : " beside those of " + exchange_));
    }
    exchange_ = exchange;
    if (exchange == "bybit") {
        stream_codec_ = std::make_unique<bybit::BybitStreamCodec>();
        rest_codec_ = std::make_unique<bybit::BybitRestCodec>();
    } else {
        stream_codec_ = std::make_unique<binance::BinanceStreamCodec>(binance::Market::usdm);
        rest_codec_ = std::make_unique<binance::BinanceRestCodec>();
    }
    return {};
}

Result<void> RecordedMarket::survey() {
    const auto source = open_();
    if (!source) {
        return std::unexpected(source.error());
    }
    RawRecord record;
    for (;;) {
        const auto more = (*source)(record);
        if (!more) {
            return std::unexpected(more.error());
        }
        if (!*more) {
            break;
        }
        if (const auto chosen = choose_exchange(record.channel); !chosen) {
            return chosen;
        }
        if (first_.ns == 0) {
            first_ = record.received;
        }
        last_ = std::max(last_, record.received);
        if (record.channel.ends_with("/ws")) {
            survey_frame(record);
        } else if (record.received - first_ < histories_within_ns) {
            survey_body(record);
        }
    }
    return symbols_.empty() ? fail(ErrorCode::file_format, "the recording holds no stream of market data")
                            : Result<void>{};
}

void RecordedMarket::survey_frame(const RawRecord& record) {
    const auto decoded = stream_codec_->decode(record.frame);
    if (!decoded || decoded->events.empty()) {
        return;
    }
    topics_.emplace(topic_of(record.frame.text()));
    for (const auto& event : decoded->events) {
        note_steps(symbol_named(event.symbol), event);
    }
}

void RecordedMarket::survey_body(const RawRecord& record) {
    const auto reply = rest_codec_->decode(record.channel.substr(exchange_.size() + 5), record.frame);
    const auto* const market = reply ? std::get_if<MarketReply>(&*reply) : nullptr;
    for (const auto& event : market == nullptr ? std::span<const MarketEvent>{} : market->events) {
        if (is_history(event)) {
            symbol_named(event.symbol).state.apply(event);
        }
    }
}

Result<void> RecordedMarket::play(LocalTime until, const std::function<void(const Frame&)>& on_frame) {
    while (!over_) {
        if (!has_next_) {
            const auto more = source_(next_);
            over_ = !more || !*more;
            if (!more) {
                return std::unexpected(more.error());
            }
            has_next_ = !over_;
            continue;
        }
        if (next_.received > until) {
            break;
        }
        has_next_ = false;
        if (next_.channel.ends_with("/ws")) {
            apply_frame(next_, on_frame);
        } else {
            apply_body(next_);
        }
    }
    return {};
}

void RecordedMarket::apply_frame(const RawRecord& record, const std::function<void(const Frame&)>& on_frame) {
    const auto decoded = stream_codec_->decode(record.frame);
    if (!decoded || decoded->events.empty()) {
        return;
    }
    for (const auto& event : decoded->events) {
        symbol_named(event.symbol).state.apply(event);
    }
    if (std::holds_alternative<Trades>(decoded->events.front().payload)) {
        note_trades(record.frame.text());
    }
    on_frame({topic_of(record.frame.text()), record.frame.text(), decoded->events});
}

void RecordedMarket::apply_body(const RawRecord& record) {
    const auto reply = rest_codec_->decode(record.channel.substr(exchange_.size() + 5), record.frame);
    const auto* const market = reply ? std::get_if<MarketReply>(&*reply) : nullptr;
    for (const auto& event : market == nullptr ? std::span<const MarketEvent>{} : market->events) {
        if (RecordedSymbol* const symbol = find(event.symbol)) {
            symbol->state.apply(event);
        }
    }
}

// The raw elements: their ids have to be the ones that the stream's subscribers see.
void RecordedMarket::note_trades(std::string_view text) {
    const auto frame = nlohmann::json::parse(text, nullptr, false);
    if (!frame.is_object()) {
        return;
    }
    const auto data = frame.value("data", frame);
    const auto keep = [&](const nlohmann::json& trade) {
        if (RecordedSymbol* const symbol = find(trade.value("s", std::string{}))) {
            symbol->recent_trades.push_back(trade.dump());
            if (symbol->recent_trades.size() > recent_trades_max) {
                symbol->recent_trades.pop_front();
            }
        }
    };
    if (data.is_array()) {
        for (const auto& trade : data) {
            keep(trade);
        }
    } else if (data.is_object()) {
        keep(data);
    }
}

}  // namespace virtuoso::sim
