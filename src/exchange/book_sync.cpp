#include "exchange/book_sync.hpp"

#include "exchange/rest_asker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

bool holds_snapshot(const RestReply& reply) {
    const auto* const market = std::get_if<MarketReply>(&reply);
    return market != nullptr && std::ranges::any_of(market->events, [](const MarketEvent& event) {
               return std::holds_alternative<BookSnapshot>(event.payload);
           });
}

}  // namespace

BookSync::BookSync(Needs needs, Book book)
    : needs_(needs), book_(std::move(book)), asked_(needs.clock.now()) {}

void BookSync::subscribed() {
    asked_ = needs_.clock.now();
    if (by_request()) {
        load();
    }
}

void BookSync::snapshot_came() {
    whole_ = true;
    in_flight_ = false;
    attempts_ = 0;
    asked_ = needs_.clock.now();
}

void BookSync::broken() {
    if (!whole_) {
        return;
    }
    reason_ = "its updates had a gap or did not fit";
    renew();
}

void BookSync::silent(std::int64_t silent_s) {
    forget(fmt::format("no progress for {} s", silent_s));
    needs_.topic.renew();
}

bool BookSync::check(LocalTime now) {
    if (!overdue(now)) {
        return false;
    }
    if (attempts_ >= attempts_max) {
        attempts_ = 0;
        needs_.topic.reconnect(
            fmt::format("no snapshot of {} after {} requests", book_.symbol, attempts_max));
        return true;
    }
    reason_ = "the snapshot did not come";
    renew();
    return true;
}

void BookSync::renew() {
    whole_ = false;
    ++attempts_;
    ++needs_.totals.resyncs;
    if (!by_request()) {
        asked_ = needs_.clock.now();
        needs_.topic.renew();
    } else if (needs_.clock.now() - asked_ > pause_ms * ns_per_ms) {
        load();
    }  // else: the check asks again, so that a book that breaks at once does not use up the limits
}

// The updates since the subscription wait in the state until this snapshot comes.
void BookSync::load() {
    if (in_flight_) {
        return;
    }
    in_flight_ = true;
    const std::uint64_t number = ++request_;
    const auto finish = [this, number](const Result<RestReply>& reply) {
        if (in_flight_ && request_ == number) {  // no snapshot came of it
            in_flight_ = false;
            asked_ = needs_.clock.now();
            reason_ = reply ? "the answer held no snapshot" : reply.error().message;
        }
    };
    needs_.rest.ask({.target = book_.snapshot_target,
                     .urgency = RestUrgency::recovery,
                     .rank = book_.rank,
                     .wanted = guard_([this, number] { return request_ == number; }),
                     .decoded = guard_([this](const RestReply& reply) {
                         if (holds_snapshot(reply)) {
                             snapshot_came();
                         }
                     }),
                     .done = guard_(finish)});
}

void BookSync::forget(std::string reason) {
    whole_ = false;
    in_flight_ = false;
    ++request_;
    asked_ = needs_.clock.now();
    reason_ = std::move(reason);
}

void BookSync::add_concerns(std::vector<std::string>& reasons) const {
    if (!whole_) {
        reasons.push_back("book: " + reason_);
    }
}

}  // namespace virtuoso
