#include "sim/simulated_binance.hpp"

#include "exchange/binance/stream_name.hpp"
#include "sim/admin.hpp"
#include "sim/http_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace virtuoso::sim {

namespace {

constexpr int invalid_request = 2;

}  // namespace

SimulatedBinance::SimulatedBinance(SimExchangeOptions options)
    : model_(options.symbols, options.seed, options.start, options.activity),
      faults_(options.seed),
      rest_(model_, faults_),
      now_ms_(options.start.ms),
      hub_(faults_, now_ms_),
      topics_(model_, hub_, make_binance_topic) {
    hub_.set_lifetime(options.connection_lifetime_ms > 0 ? options.connection_lifetime_ms : lifetime_ms);
}

void SimulatedBinance::advance(std::int64_t now_ms) {
    for (std::int64_t slot = candle_start(now_ms_, slot_ms) + slot_ms; slot <= now_ms; slot += slot_ms) {
        model_.advance(slot);
        now_ms_ = slot;
        hub_.advance(slot);
        topics_.publish(slot);
    }
}

// ---- streams ----

bool SimulatedBinance::streams_at(std::string_view path) const noexcept {
    return binance::is_stream_path(path);
}

void SimulatedBinance::join(ServerPeer& client, std::string_view target) {
    hub_.join(client);
    sessions_[&client] = {.tier = binance::tier_of_path(target)};
}

void SimulatedBinance::leave(ServerPeer& client) {
    hub_.leave(client);
    sessions_.erase(&client);
}

void SimulatedBinance::receive(ServerPeer& peer, std::string_view text) {
    StreamHub::Client* const client = hub_.find(peer);
    if (client == nullptr) {
        return;
    }
    Session& session = sessions_[&peer];
    if (!session.messages.take(now_ms_, 1)) {
        hub_.hang_up(*client);
        return;
    }
    const auto reply = [&](std::string answer) {
        hub_.deliver(*client, std::make_shared<const std::string>(std::move(answer)));
    };
    const BinanceRequest request = BinanceRequest::read(text);
    if (!request.readable) {
        reply(request.refused(3, "Invalid JSON: expected value at line 1 column 1"));
    } else if (request.method == "SUBSCRIBE") {
        subscribe(*client, session.tier, request);
    } else if (request.method == "UNSUBSCRIBE") {
        for (const auto& stream : request.streams) {
            hub_.unsubscribe(*client, stream);
        }
        reply(request.accepted());
    } else if (request.method == "GET_PROPERTY") {
        reply(request.accepted());
    } else {
        reply(request.refused(invalid_request, "Invalid request: unknown variant"));
    }
}

// What is of the other tier, or of no contract, is acknowledged and never delivered.
void SimulatedBinance::subscribe(StreamHub::Client& client, binance::StreamTier tier,
                                 const BinanceRequest& request) {
    const auto reply = [&](std::string answer) {
        hub_.deliver(client, std::make_shared<const std::string>(std::move(answer)));
    };
    if (client.topics.size() + request.streams.size() > streams_max) {
        reply(request.refused(invalid_request, "Invalid request: too many streams"));
        return;
    }
    if (faults_.strike_one(FaultKind::refuse, request.streams, now_ms_)) {
        reply(request.refused(invalid_request, "Invalid request: request rejected"));
        return;
    }
    reply(request.accepted());
    for (const auto& stream : request.streams) {
        if (binance::tier_of_stream(stream) == tier && !StreamHub::hears(client, stream) &&
            topics_.topic_named(stream) != nullptr) {
            hub_.subscribe(client, stream);
        }
    }
}

const BinanceDepthTopic* SimulatedBinance::depth_topic(std::string_view stream) const {
    return dynamic_cast<const BinanceDepthTopic*>(topics_.find(stream));
}

void SimulatedBinance::delist(std::string_view symbol) {
    if (SymbolMarket* const market = model_.find(symbol)) {
        market->instrument().trading = false;
    }
}

// ---- HTTP ----

void SimulatedBinance::note_seen(const RestRequest& request) {
    if (request.path() != "/fapi/v1/depth") {
        return;
    }
    const std::string symbol = binance::stream_symbol(request.parameter("symbol"));
    for (const std::string_view kind : {"@depth", "@depth@100ms", "@depth@500ms"}) {
        if (auto* const depth = dynamic_cast<BinanceDepthTopic*>(topics_.find(symbol + std::string(kind)))) {
            depth->note_touched();
        }
    }
}

bool SimulatedBinance::tls_fails() {
    return faults_.strike(std::array{FaultKind::tls}, "", now_ms_).has_value();
}

ServerAnswer SimulatedBinance::answer(const ServerRequest& request) {
    if (is_admin(request.target)) {
        return {answer_admin({.faults = faults_, .hub = hub_, .now_ms = now_ms_, .model = &model_}, request),
                0};
    }
    return answer_with_faults(faults_, request, now_ms_, [&](std::int64_t clock_ms) {
        note_seen(RestRequest(request.target));
        return rest_.answer(request.target, now_ms_, clock_ms);
    });
}

}  // namespace virtuoso::sim
