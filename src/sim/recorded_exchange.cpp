#include "sim/recorded_exchange.hpp"

#include "sim/admin.hpp"
#include "sim/http_faults.hpp"
#include "sim/time_shift.hpp"

#include <algorithm>
#include <array>

namespace virtuoso::sim {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

}  // namespace

std::unique_ptr<RecordedExchange> RecordedExchange::make(std::unique_ptr<RecordedMarket> market,
                                                         const RecordedExchangeOptions& options) {
    const std::int64_t first_ms = market->first().ns / ns_per_ms;
    // Whole minutes, so that candles stay on their grid.
    const std::int64_t shift_ms =
        options.moves_times ? (options.start_ms - first_ms) / ms_per_minute * ms_per_minute : 0;
    return std::unique_ptr<RecordedExchange>(new RecordedExchange(std::move(market), options, shift_ms));
}

RecordedExchange::RecordedExchange(std::unique_ptr<RecordedMarket> market,
                                   const RecordedExchangeOptions& options, std::int64_t shift_ms)
    : market_(std::move(market)),
      options_(options),
      shift_ms_(shift_ms),
      protocol_(RecordedProtocol::make(*market_, shift_ms)),
      faults_(options.seed),
      now_ms_(options.start_ms),
      hub_(faults_, now_ms_) {
    hub_.set_lifetime(options.connection_lifetime_ms);
}

std::int64_t RecordedExchange::clock_ms() const noexcept {
    const std::int64_t elapsed = started_ms_ == 0 ? 0 : now_ms_ - started_ms_;
    return market_->first().ns / ns_per_ms + shift_ms_ +
           static_cast<std::int64_t>(static_cast<double>(elapsed) * options_.speed);
}

void RecordedExchange::advance(std::int64_t now_ms) {
    for (std::int64_t slot = now_ms_ + slot_ms; slot <= now_ms; slot += slot_ms) {
        now_ms_ = slot;
        hub_.advance(slot);
        if (started_ms_ == 0 || market_->over()) {
            continue;
        }
        const LocalTime until{(clock_ms() - shift_ms_) * ns_per_ms};
        const auto played =
            market_->play(until, [this](const RecordedMarket::Frame& frame) { publish(frame); });
        if (!played) {
            trouble_ = played.error().text();
        }
    }
}

void RecordedExchange::publish(const RecordedMarket::Frame& frame) {
    const auto found = spellings_.find(frame.topic);
    if (found == spellings_.end()) {
        return;
    }
    for (const auto& topic : found->second) {
        std::string text = protocol_->frame_for(topic, frame);
        if (shift_ms_ != 0) {
            text = shift_times(text, shift_ms_, market_->first().ns / ns_per_ms);
        }
        hub_.publish(hub_.audience(topic), std::move(text), topic);
    }
}

void RecordedExchange::receive(ServerPeer& peer, std::string_view text) {
    StreamHub::Client* const client = hub_.find(peer);
    if (client == nullptr) {
        return;
    }
    const auto request = protocol_->read(text, *client);
    hub_.deliver(*client, std::make_shared<const std::string>(request.reply));
    for (const auto& topic : request.topics) {
        if (request.kind == RecordedProtocol::Request::Kind::unsubscribe) {
            hub_.unsubscribe(*client, topic);
        }
        if (request.kind != RecordedProtocol::Request::Kind::subscribe || StreamHub::hears(*client, topic) ||
            !protocol_->delivers(client->target, topic)) {
            continue;
        }
        if (started_ms_ == 0) {
            started_ms_ = now_ms_;
        }
        hub_.subscribe(*client, topic);
        auto& spellings = spellings_[protocol_->recorded_as(topic)];
        if (std::find(spellings.begin(), spellings.end(), topic) == spellings.end()) {
            spellings.push_back(topic);
        }
        if (std::string snapshot = protocol_->snapshot(topic, clock_ms()); !snapshot.empty()) {
            hub_.send(*client, std::make_shared<const std::string>(std::move(snapshot)), topic);
        }
    }
}

ServerAnswer RecordedExchange::answer(const ServerRequest& request) {
    if (is_admin(request.target)) {
        return {answer_admin({.faults = faults_, .hub = hub_, .now_ms = now_ms_}, request), 0};
    }
    return answer_with_faults(faults_, request, now_ms_, [&](std::int64_t skewed_ms) {
        return protocol_->answer(request.target, clock_ms() + (skewed_ms - now_ms_));
    });
}

bool RecordedExchange::tls_fails() {
    return faults_.strike(std::array{FaultKind::tls}, "", now_ms_).has_value();
}

}  // namespace virtuoso::sim
