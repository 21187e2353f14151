#include "exchange/trade_gate.hpp"

#include "base/text_hash.hpp"
#include "exchange/raw_record.hpp"
#include "exchange/rest_asker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

/// Times of what an answer tells of; 0 when it tells of no trade.
struct Span {
    ExchangeTime oldest;
    ExchangeTime newest;
};

Span span_of(const Result<RestReply>& reply) {
    Span span;
    const auto* const market = reply ? std::get_if<MarketReply>(&*reply) : nullptr;
    if (market == nullptr) {
        return span;
    }
    for (const auto& event : market->events) {
        const auto* const trades = std::get_if<Trades>(&event.payload);
        if (trades != nullptr && !trades->prints.empty()) {
            const ExchangeTime first = trades->prints.front().time;
            span.oldest = span.oldest.ms == 0 ? first : std::min(span.oldest, first);
            span.newest = std::max(span.newest, trades->prints.back().time);
        }
    }
    return span;
}

}  // namespace

TradeGate::TradeGate(Needs needs, std::string target, std::uint32_t rank, Memory before)
    : needs_(needs),
      target_(std::move(target)),
      rank_(rank),
      pause_(pauses, text_hash(target_)),
      whole_until_(before.verified),
      gaps_(before.gaps) {}

bool TradeGate::pass(const RawRecord& record, ExchangeTime newest) {
    if (!holds_) {
        last_trade_ = std::max(last_trade_, newest);
        return true;
    }
    held_.push_back({record.received, record.connection, newest, std::string(record.frame.text())});
    if (held_.size() >= held_max) {
        resume_without_fill();
    }
    return false;
}

// Where the hole ends is known from here on, whenever REST tells of what is before.
void TradeGate::resume_without_fill() {
    if (subscribed_ && held_.size() > held_before_) {
        resumed_ = held_[held_before_].time;
        resumed_at_ = held_[held_before_].received;
    }
    release();
}

void TradeGate::check(LocalTime now) {
    if (held_too_long(now)) {
        resume_without_fill();
    }
    if (fill_due_ && pause_.over(now)) {
        begin_fill();
    }
}

void TradeGate::subscribed() {
    subscribed_ = true;
    holds_ = true;
    resumed_ = {};
    held_before_ = held_.size();
    begin_fill();
}

void TradeGate::lost() {
    subscribed_ = false;
    holds_ = true;
    resumed_ = {};
    if (whole_until_.ms == 0) {  // else an older hole is not closed yet
        whole_until_ = held_.empty() ? last_trade_ : std::max(last_trade_, held_.back().time);
    }
}

void TradeGate::missing(ExchangeTime since) {
    if (since >= resumed_ || since.ms == 0) {
        resumed_ = {};  // that hole is not the only one
    }
    if (since.ms > 0 && (whole_until_.ms == 0 || since < whole_until_)) {
        whole_until_ = since;
    }
    if (holds_) {
        return;  // a fill is under way, or follows the subscription
    }
    const LocalTime now = needs_.clock.now();
    pause_.calm((now - missed_) / ns_per_ms);
    missed_ = now;
    fill_due_ = true;
    if (pause_.over(now)) {
        begin_fill();
    }
}

void TradeGate::begin_fill() {
    if (fill_in_flight_) {
        fill_again_ = true;  // the answer on its way may be older than this subscription
        return;
    }
    fill_in_flight_ = true;
    fill_due_ = false;
    pause_.asked(needs_.clock.now());
    const bool first = last_trade_.ms == 0;
    needs_.rest.ask({.target = target_,
                     .urgency = first ? RestUrgency::history : RestUrgency::recovery,
                     .rank = rank_,
                     .done = guard_([this](const Result<RestReply>& reply) { finish_fill(reply); })});
}

void TradeGate::finish_fill(const Result<RestReply>& reply) {
    fill_in_flight_ = false;
    const bool again = std::exchange(fill_again_, false);
    if (again || !subscribed_) {
        if (holds_ && whole_until_.ms == 0) {
            whole_until_ = span_of(reply).newest;  // the first that was heard, and a hole follows
        }
        if (again) {
            begin_fill();
        }  // else: lost meanwhile, and the next subscription asks anew
        return;
    }
    const ExchangeTime until = std::exchange(whole_until_, {});
    note_overlap(reply, until);
    release();
}

void TradeGate::note_overlap(const Result<RestReply>& reply, ExchangeTime until) {
    if (!reply) {
        note_gap(fmt::format("recent trades could not be loaded: {}", reply.error().message),
                 needs_.clock.now());
        return;
    }
    const Span told = span_of(reply);
    last_trade_ = std::max(last_trade_, told.newest);
    ++needs_.totals.fills;
    const ExchangeTime resumed = std::exchange(resumed_, {});
    if (until.ms == 0 || bridges(told.oldest, until)) {
        return;
    }
    if (told.oldest.ms == 0) {
        note_gap(fmt::format("from {} on some may be lost: the exchange tells of none", iso_text(until)),
                 needs_.clock.now());
        return;
    }
    const bool streamed = resumed > until && resumed < told.oldest;
    note_gap(fmt::format("from {} to {} were lost: the exchange serves only the last 1000", iso_text(until),
                         iso_text(streamed ? resumed : told.oldest)),
             streamed ? resumed_at_ : needs_.clock.now());
}

// What waits since this subscription began is without a hole; what waited before it is not joined to that.
bool TradeGate::bridges(ExchangeTime oldest, ExchangeTime until) const {
    const bool told = oldest.ms > 0 && oldest <= until;
    return told || (held_.size() > held_before_ && held_[held_before_].time <= until);
}

void TradeGate::note_gap(std::string reason, LocalTime at) {
    ++needs_.totals.gaps;
    ++gaps_;
    gap_ = std::move(reason);
    gap_at_ = at;
}

void TradeGate::release() {
    holds_ = false;
    // What is handed on may show that more is missing, and so come back here.
    const auto held = std::exchange(held_, {});
    held_before_ = 0;
    for (const auto& frame : held) {
        last_trade_ = std::max(last_trade_, frame.time);
        needs_.outlet.hand_on(frame);
    }
}

// Later trades than `confirmed` were not yet held against a candle.
TradeGate::Memory TradeGate::memory(ExchangeTime confirmed) const {
    ExchangeTime verified = last_trade_;
    if (whole_until_.ms > 0) {
        verified = verified.ms > 0 ? std::min(verified, whole_until_) : whole_until_;
    }
    return {gaps_, confirmed.ms > 0 ? std::min(verified, confirmed) : verified};
}

void TradeGate::add_concerns(std::vector<std::string>& reasons) const {
    if (holds_ || fill_in_flight_ || fill_due_) {
        reasons.emplace_back(holds_ ? "trades: waiting for those before the subscription"
                                    : "trades: some are missing and asked for");
    }
    if (!gap_.empty() && needs_.clock.now() - gap_at_ < tape_span_ms * ns_per_ms) {
        reasons.push_back("trades: " + gap_);
    }
}

}  // namespace virtuoso
