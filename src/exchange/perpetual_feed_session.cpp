// The feed's requests: clock, instruments, histories.
#include "exchange/perpetual_feed.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t session_retry_ms = 2'000;
constexpr std::uint32_t rank_unknown = 0xffff;

// Up to here the trades are known to be whole: later ones were not yet held against a candle.
ExchangeTime verified_until(const SymbolFeed& symbol) {
    ExchangeTime verified = symbol.last_trade;
    for (const ExchangeTime time : {symbol.confirmed, symbol.trades_until}) {
        verified = time.ms > 0 ? std::min(verified, time) : verified;
    }
    return verified;
}

}  // namespace

Result<RestReply> PerpetualFeed::take_body(const std::string& target, const HttpAnswer& answer) {
    if (answer.status != 200) {
        return fail(ErrorCode::network, fmt::format("{} answered with HTTP {}", target, answer.status));
    }
    const PaddedFrame body = buffer_.assign(answer.body);
    const std::string channel = rest_channel_ + target;
    const RawRecord record{transport_.now(), 0, channel, body};
    auto reply = rest_codec_->decode(target, body);
    sink_.on_record(record);
    if (!reply) {
        sink_.on_refused(reply.error(), {}, false);
    } else if (const auto* const market = std::get_if<MarketReply>(&*reply)) {
        for (const auto& event : market->events) {
            if (SymbolFeed* const symbol =
                    std::holds_alternative<BookSnapshot>(event.payload) ? find(event.symbol) : nullptr) {
                note_whole(*symbol);
            }
        }
        sink_.on_events(market->events);
    }
    return reply;
}

void PerpetualFeed::ask(const std::string& target, RestUrgency urgency, std::uint32_t rank,
                        std::function<void(Result<RestReply>)> done) {
    queue_.submit({.target = target,
                   .urgency = urgency,
                   .rank = rank,
                   .weight = dialect_->weight_of(target),
                   .done = [this, target, kept = std::move(done)](Result<HttpAnswer> answer) {
                       kept(answer ? take_body(target, *answer) : std::unexpected(answer.error()));
                   }});
}

void PerpetualFeed::load_clock() {
    const std::string target = dialect_->clock_target();
    // The time of the attempt that is answered, not of the first.
    const auto asked = std::make_shared<LocalTime>();
    queue_.submit({.target = target,
                   .urgency = RestUrgency::session,
                   .headers =
                       [asked](LocalTime now) {
                           *asked = now;
                           return std::vector<HttpHeader>{};
                       },
                   .done =
                       [this, target, asked](const Result<HttpAnswer>& answer) {
                           const auto reply = answer ? take_body(target, *answer)
                                                     : Result<RestReply>(std::unexpected(answer.error()));
                           const auto* const server = reply ? std::get_if<ServerTime>(&*reply) : nullptr;
                           if (server != nullptr) {
                               const std::int64_t middle = asked->ns + (transport_.now() - *asked) / 2;
                               offset_ms_ = (server->time.ns - middle) / ns_per_ms;
                           }
                       }});
}

void PerpetualFeed::load_instruments(const std::string& cursor) {
    if (cursor.empty()) {
        trading_.clear();
    }
    ask(dialect_->instruments_target(cursor), RestUrgency::session, 1,
        [this](const Result<RestReply>& reply) {
            const auto* const page = reply ? std::get_if<InstrumentPage>(&*reply) : nullptr;
            if (page == nullptr) {
                trouble_ = reply ? "the list of instruments is not one" : reply.error().message;
                if (!started_) {
                    sink_.on_notice(trouble_);
                    transport_.after(session_retry_ms, [this] { load_instruments({}); });
                }
                return;
            }
            for (const auto& instrument : page->instruments) {
                if (dialect_->wants(instrument)) {
                    trading_.push_back(instrument.symbol);
                }
            }
            if (!page->next_cursor.empty()) {
                load_instruments(page->next_cursor);
            } else if (started_) {
                set_instruments();
            } else {
                load_turnover();
            }
        });
}

void PerpetualFeed::load_turnover() {
    ask(dialect_->tickers_target(), RestUrgency::session, 2, [this](const Result<RestReply>& reply) {
        if (reply) {
            if (const auto* const market = std::get_if<MarketReply>(&*reply)) {
                for (const auto& event : market->events) {
                    if (const auto* const ticker = std::get_if<TickerUpdate>(&event.payload)) {
                        turnover_[std::string(event.symbol)] = ticker->turnover_24h.value_or(0);
                    }
                }
            }
        }
        set_instruments();
    });
}

// Called at first and whenever the listing was read again.
void PerpetualFeed::set_instruments() {
    std::vector<std::string> wanted = trading_;
    const auto turnover_of = [this](const std::string& name) {
        const auto found = turnover_.find(name);
        return found == turnover_.end() ? 0.0 : found->second;
    };
    std::sort(wanted.begin(), wanted.end(), [&](const std::string& a, const std::string& b) {
        const double x = turnover_of(a);
        const double y = turnover_of(b);
        return x != y ? x > y : a < b;
    });
    if (!options_.symbols.empty()) {
        std::erase_if(wanted, [&](const std::string& name) {
            return std::find(options_.symbols.begin(), options_.symbols.end(), name) ==
                   options_.symbols.end();
        });
        for (const auto& name : options_.symbols) {
            if (!started_ && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) {
                sink_.on_notice(
                    fmt::format("{} is not a USDT perpetual that is trading on this exchange", name));
            }
        }
    }
    if (options_.symbols_max > 0 && wanted.size() > options_.symbols_max) {
        wanted.resize(options_.symbols_max);
    }
    if (wanted.empty()) {
        trouble_ = "the exchange lists none of the wanted symbols";
        if (!started_) {
            transport_.after(session_retry_ms, [this] { load_instruments({}); });
        }
        return;
    }
    for (const std::string& name : std::vector<std::string>(order_)) {
        if (std::find(wanted.begin(), wanted.end(), name) == wanted.end()) {
            remove_symbol(name);
        }
    }
    started_ = true;
    trouble_.clear();
    for (const auto& name : wanted) {
        if (find(name) == nullptr) {
            add_symbol(name);
        }
    }
}

TopicStream& PerpetualFeed::stream_for(std::size_t cost) {
    for (const auto& stream : streams_) {
        if (stream->load() + cost <= dialect_->stream_limits().room) {
            return *stream;
        }
    }
    const auto number = static_cast<std::uint32_t>(streams_.size() + 1);
    StreamOwner& owner = *this;
    streams_.push_back(std::make_unique<TopicStream>(transport_, *dialect_, owner, number, random_.next()));
    ++statistics_.connections;
    streams_.back()->open();
    return *streams_.back();
}

void PerpetualFeed::add_symbol(const std::string& name) {
    auto symbol = std::make_unique<SymbolFeed>();
    symbol->name = name;
    symbol->topics = dialect_->topics_of(name, options_.book_depth);
    symbol->rank = static_cast<std::uint32_t>(std::min<std::size_t>(order_.size(), rank_unknown));
    const auto topics = symbol->topics.all();
    std::size_t cost = 0;
    for (const auto& topic : topics) {
        cost += dialect_->topic_cost(topic);
    }
    symbol->stream = &stream_for(cost);
    symbol->book_asked = transport_.now();
    if (options_.history) {
        for (auto& poll : dialect_->polls_of(name)) {
            // Spread over the interval: all at once would hold up more urgent requests.
            const auto part =
                static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(poll.every_ms)));
            symbol->polls.push_back({std::move(poll), {transport_.now().ns + part * ns_per_ms}});
        }
    }
    if (const auto before = departed_.find(name); before != departed_.end()) {
        symbol->trade_gaps = before->second.trade_gaps;
        symbol->trades_until = before->second.verified;
        departed_.erase(before);
    }
    SymbolFeed& added = *feeds_.emplace(name, std::move(symbol)).first->second;
    order_.push_back(name);
    for (const auto& topic : topics) {
        added.stream->add(topic);
    }
    load_history(added);
}

void PerpetualFeed::remove_symbol(const std::string& name) {
    const auto found = feeds_.find(name);
    for (const auto& topic : found->second->topics.all()) {
        found->second->stream->remove(topic);
    }
    departed_[name] = {found->second->trade_gaps, verified_until(*found->second)};
    feeds_.erase(found);
    std::erase(order_, name);
    sink_.on_disconnect(name);
    sink_.on_notice(fmt::format("{} is no longer trading: dropped", name));
}

void PerpetualFeed::load_history(SymbolFeed& symbol) {
    if (!options_.history) {
        return;
    }
    for (const auto& request : dialect_->history_of(symbol.name)) {
        ++symbol.history_waiting;
        load_page(symbol.name, symbol.rank, request.target, {}, request.pages);
    }
}

void PerpetualFeed::load_page(const std::string& name, std::uint32_t rank, const std::string& base,
                              const std::string& cursor, int pages_left) {
    ask(cursor.empty() ? base : base + "&cursor=" + cursor, RestUrgency::history, rank,
        [this, name, rank, base, pages_left](const Result<RestReply>& reply) {
            SymbolFeed* const symbol = find(name);
            if (symbol == nullptr) {
                return;
            }
            const auto* const market = reply ? std::get_if<MarketReply>(&*reply) : nullptr;
            if (market == nullptr) {
                ++symbol->history_failed;
            } else if (pages_left > 1 && !market->next_cursor.empty()) {
                load_page(name, rank, base, std::string(market->next_cursor), pages_left - 1);
                return;
            }
            --symbol->history_waiting;
        });
}

}  // namespace virtuoso
