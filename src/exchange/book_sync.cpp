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
    : needs_(needs),
      book_(std::move(book)),
      pause_(pauses, book_.seed),
      due_{needs.clock.now().ns + answer_ms * ns_per_ms} {}

void BookSync::subscribed() {
    const LocalTime now = needs_.clock.now();
    if (!by_request()) {
        due_ = std::max(LocalTime{now.ns + answer_ms * ns_per_ms}, pause_.next_at());
    } else if (!in_flight_) {
        due_ = std::max(now, pause_.next_at());
        ask(now);
    }
}

void BookSync::snapshot_came() {
    if (!has_snapshot_) {
        whole_since_ = needs_.clock.now();
    }
    has_snapshot_ = true;
    thin_ = false;
    in_flight_ = false;
    snapshot_at_ = needs_.clock.now();
    unanswered_ = 0;
}

// What follows trouble is asked for after a pause; how long it was whole before shortens that.
void BookSync::spoil(std::string reason) {
    const LocalTime now = needs_.clock.now();
    if (has_snapshot_) {
        const std::int64_t whole_ms = (now - whole_since_) / ns_per_ms;
        pause_.calm(whole_ms);
        attempts_ = whole_ms >= pauses.calm_ms ? 0 : attempts_;
    }
    has_snapshot_ = false;
    thin_ = false;
    reason_ = std::move(reason);
    due_ = std::max(now, pause_.next_at());
}

void BookSync::lost() {
    spoil("reconnecting");
    heard_ = false;
    in_flight_ = false;
    unanswered_ = 0;
    ++request_;
}

void BookSync::broken(std::string reason) {
    if (has_snapshot_) {
        spoil(std::move(reason));
        ask_again(needs_.clock.now());
    }
}

void BookSync::thin() {
    if (has_snapshot_ && by_request() && !thin_) {
        thin_ = true;
        due_ = {snapshot_at_.ns + renewal_ms * ns_per_ms};
        check(needs_.clock.now());
    }
}

void BookSync::silent(std::int64_t silent_s) {
    lost();
    reason_ = fmt::format("no progress for {} s", silent_s);
    due_ = std::max(due_, LocalTime{needs_.clock.now().ns + answer_ms * ns_per_ms});
}

bool BookSync::check(LocalTime now) {
    if (!overdue(now)) {
        return false;
    }
    if (thin_) {
        ++needs_.totals.renewals;
        load();
        return true;
    }
    if (unanswered_ > 0) {
        reason_ = "the snapshot did not come";
    }
    ask_again(now);
    return true;
}

// What was asked for while the book was whole, and is under way, serves as well.
void BookSync::ask_again(LocalTime now) {
    needs_.totals.resyncs += !in_flight_ && ask(now) ? 1U : 0U;
}

bool BookSync::ask(LocalTime now) {
    if (now < due_) {
        return false;
    }
    pause_.asked(now);
    ++attempts_;
    ++unanswered_;
    if (by_request()) {
        load();
    } else {
        due_ = std::max(LocalTime{now.ns + answer_ms * ns_per_ms}, pause_.next_at());
        needs_.topic.renew();
    }
    return true;
}

// The updates since the subscription wait in the state until this snapshot comes.
void BookSync::load() {
    in_flight_ = true;
    const std::uint64_t number = ++request_;
    const auto finish = [this, number](const Result<RestReply>& reply) {
        if (in_flight_ && request_ == number) {  // no snapshot came of it
            in_flight_ = false;
            due_ = std::max(LocalTime{needs_.clock.now().ns + answer_ms * ns_per_ms}, pause_.next_at());
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

void BookSync::add_concerns(std::vector<std::string>& reasons) const {
    if (!has_snapshot_) {
        reasons.push_back(attempts_ > 2 ? fmt::format("book: {}, asked {} times", reason_, attempts_)
                                        : "book: " + reason_);
    } else if (!whole()) {
        reasons.emplace_back("book: it has its snapshot, but no update has come over the stream");
    }
}

}  // namespace virtuoso
