#include "exchange/trade_gate.hpp"

#include "exchange/raw_record.hpp"
#include "exchange/rest_asker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

TradeGate::TradeGate(Needs needs, std::string target, std::uint32_t rank, Memory before)
    : needs_(needs),
      target_(std::move(target)),
      rank_(rank),
      whole_until_(before.verified),
      gaps_(before.gaps) {}

bool TradeGate::pass(const RawRecord& record, ExchangeTime newest) {
    if (!holds_) {
        last_trade_ = std::max(last_trade_, newest);
        return true;
    }
    held_.push_back({record.received, record.connection, newest, std::string(record.frame.text())});
    if (held_.size() >= held_max) {
        release();
    }
    return false;
}

void TradeGate::check(LocalTime now) {
    if (overdue(now)) {
        release();
    }
}

void TradeGate::subscribed() {
    subscribed_ = true;
    holds_ = true;
    begin_fill();
}

void TradeGate::lost() {
    subscribed_ = false;
    holds_ = true;
    if (whole_until_.ms == 0) {  // else an older hole is not closed yet
        whole_until_ = last_trade_;
    }
}

void TradeGate::missing(ExchangeTime since) {
    if (since.ms > 0 && (whole_until_.ms == 0 || since < whole_until_)) {
        whole_until_ = since;
    }
    if (!holds_) {
        begin_fill();
    }
}

void TradeGate::begin_fill() {
    if (fill_in_flight_) {
        fill_again_ = true;  // the answer on its way may be older than this subscription
        return;
    }
    fill_in_flight_ = true;
    const bool first = last_trade_.ms == 0;
    needs_.rest.ask({.target = target_,
                     .urgency = first ? RestUrgency::history : RestUrgency::recovery,
                     .rank = rank_,
                     .done = guard_([this](const Result<RestReply>& reply) { finish_fill(reply); })});
}

void TradeGate::finish_fill(const Result<RestReply>& reply) {
    fill_in_flight_ = false;
    if (std::exchange(fill_again_, false)) {
        begin_fill();
        return;
    }
    if (holds_ && !subscribed_) {
        return;  // lost again meanwhile: the next subscription asks anew
    }
    const ExchangeTime until = std::exchange(whole_until_, {});
    note_overlap(reply, until);
    release();
}

void TradeGate::note_overlap(const Result<RestReply>& reply, ExchangeTime until) {
    if (!reply) {
        note_gap(fmt::format("recent trades could not be loaded: {}", reply.error().message));
        return;
    }
    ExchangeTime oldest;
    for (const auto& event : std::get<MarketReply>(*reply).events) {
        if (const auto* const trades = std::get_if<Trades>(&event.payload);
            trades && !trades->prints.empty()) {
            oldest = trades->prints.front().time;
            last_trade_ = std::max(last_trade_, trades->prints.back().time);
        }
    }
    ++needs_.totals.fills;
    if (!held_.empty()) {
        oldest = std::min(oldest, held_.front().time);
    }
    if (until.ms > 0 && oldest > until) {
        note_gap(fmt::format("from {} to {} were lost: the exchange serves only the last 1000",
                             iso_text(until), iso_text(oldest)));
    }
}

void TradeGate::note_gap(std::string reason) {
    ++needs_.totals.gaps;
    ++gaps_;
    gap_ = std::move(reason);
    gap_at_ = needs_.clock.now();
}

void TradeGate::release() {
    holds_ = false;
    // What is handed on may show that more is missing, and so come back here.
    const auto held = std::exchange(held_, {});
    for (const auto& frame : held) {
        last_trade_ = std::max(last_trade_, frame.time);
        needs_.outlet.hand_on(frame);
    }
}

// Later trades were not yet held against a candle.
TradeGate::Memory TradeGate::memory(ExchangeTime confirmed) const {
    ExchangeTime verified = last_trade_;
    for (const ExchangeTime time : {confirmed, whole_until_}) {
        verified = time.ms > 0 ? std::min(verified, time) : verified;
    }
    return {gaps_, verified};
}

void TradeGate::add_concerns(std::vector<std::string>& reasons) const {
    if (holds_ || fill_in_flight_) {
        reasons.emplace_back("trades: waiting for those before the subscription");
    }
    if (!gap_.empty() && needs_.clock.now() - gap_at_ < tape_span_ms * ns_per_ms) {
        reasons.push_back("trades: " + gap_);
    }
}

}  // namespace virtuoso
