#include "api/stream_topic.hpp"

#include "api/book_json.hpp"
#include "api/candles_json.hpp"
#include "api/events_json.hpp"
#include "api/health_json.hpp"
#include "api/market_json.hpp"
#include "api/stream_message.hpp"
#include "api/symbols_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::size_t closed_change = 3;                       ///< closed candles of a change
constexpr std::int64_t shard_patience_ns = 5'000 * ns_per_ms;  ///< then it is asked anew

std::int64_t interval_ns(StreamKind kind) {
    switch (kind) {
        case StreamKind::symbols:
            return 250 * ns_per_ms;
        case StreamKind::book:
            return 200 * ns_per_ms;
        case StreamKind::candles:
            return 500 * ns_per_ms;
        case StreamKind::health:
            return 1'000 * ns_per_ms;
        default:
            return 0;
    }
}

StreamState book_state(const TrackedSymbol& known) {
    constexpr std::size_t levels = 25;
    auto reading = std::make_shared<const BookReading>(read_book(known, levels));
    return {.mark = fmt::format("{} {}", reading->update_id, reading->fault.has_value()),
            .whole = [reading] { return book_json(*reading).text(); }};
}

StreamState candles_state(const TrackedSymbol& known, Timeframe timeframe) {
    constexpr std::size_t closed_whole = 300;
    auto reading =
        std::make_shared<const CandlesReading>(read_candles(known, timeframe, closed_whole, std::nullopt));
    const Candle open = reading->open.value_or(Candle{});
    const Candle last = reading->closed.empty() ? Candle{} : reading->closed.back();
    return {.mark = fmt::format("{} {} {} {} {} {}", last.open_time.ms, last.volume, open.open_time.ms,
                                open.close.units, open.volume, open.taker_buy + open.taker_sell),
            .whole = [reading] { return candles_json(*reading).text(); },
            .change =
                [reading] {
                    CandlesReading newest = *reading;
                    const std::size_t left_out =
                        newest.closed.size() - std::min(newest.closed.size(), closed_change);
                    newest.closed.erase(newest.closed.begin(),
                                        newest.closed.begin() + static_cast<std::ptrdiff_t>(left_out));
                    newest.more = newest.more || left_out > 0;
                    return candles_json(newest).text();
                }};
}

}  // namespace

StreamTopic::StreamTopic(StreamChannel channel, Service& service)
    : channel_(std::move(channel)), service_(service) {
    if (channel_.is_list()) {
        look_at_events();
    }
}

void StreamTopic::look() {
    if (channel_.is_list()) {
        look_at_events();
        return;
    }
    const LocalTime now = service_.clock().now();
    if (channel_.is_of_shard()) {
        ask_shard(now);
    }
    const bool is_timed = channel_.kind == StreamKind::health || channel_.kind == StreamKind::symbols;
    if (is_timed && asked_ != LocalTime{} && now - asked_ < interval_ns(channel_.kind)) {
        return;
    }
    if (auto state = newest_state()) {
        take(*std::move(state));
    }
}

void StreamTopic::take(StreamState state) {
    const bool same = sequence_ > 0 && state_.mark == state.mark && bool(state_.whole) == bool(state.whole);
    if (same) {
        return;
    }
    if (!state_.whole) {
        state.change = {};  // nobody has a state before it
    }
    state_ = std::move(state);
    whole_text_.clear();
    change_text_.clear();
    ++sequence_;
}

// Marks of what is shared are the numbers of its versions, which are this topic's own.
std::optional<StreamState> StreamTopic::newest_state() {
    const auto next_mark = [this] { return fmt::format("{}", sequence_ + 1); };
    switch (channel_.kind) {
        case StreamKind::overview: {
            auto overview = service_.desk().overview();
            if (!overview || overview == std::exchange(seen_, overview)) {
                return std::nullopt;
            }
            return StreamState{.mark = next_mark(), .whole = [overview] { return overview_json(*overview); }};
        }
        case StreamKind::symbols:
            asked_ = service_.clock().now();
            return symbols_state(next_mark());
        case StreamKind::health: {
            constexpr std::size_t worst = 20;
            asked_ = service_.clock().now();
            return StreamState{.mark = next_mark(),
                               .whole = [text = health_json(service_.health(worst),
                                                            service_.hub().queues())] { return text; }};
        }
        case StreamKind::confluence: {
            auto result = service_.results().look(channel_.symbol);
            if (sequence_ > 0 && result == seen_) {
                return std::nullopt;
            }
            seen_ = result;
            if (!result) {
                return StreamState{};
            }
            return StreamState{.mark = next_mark(), .whole = [this, result] {
                                   const auto kept = service_.results().read(channel_.symbol);
                                   return result_json({result, kept.reads}, service_.calibration_of(*result),
                                                      service_.clock().now());
                               }};
        }
        default: {
            const std::lock_guard lock(mailbox_->mutex);
            waiting_ = waiting_ && !mailbox_->arrived;
            return std::exchange(mailbox_->arrived, std::nullopt);
        }
    }
}

// A change has the rows that are others than before; where a symbol has left it is the whole list.
std::optional<StreamState> StreamTopic::symbols_state(std::string mark) {
    auto rows = std::make_shared<const std::vector<ResultPointer>>(service_.results().all());
    const auto before = std::exchange(rows_, rows);
    auto changed = std::make_shared<std::vector<ResultPointer>>();
    bool left = before != nullptr && rows->size() < before->size();
    if (before != nullptr) {
        auto known = before->begin();  // both are in the order of names
        for (const auto& row : *rows) {
            for (; known != before->end() && (*known)->symbol < row->symbol; ++known) {
                left = true;
            }
            const bool was_there = known != before->end() && (*known)->symbol == row->symbol;
            if (!was_there || *known != row) {
                changed->push_back(row);
            }
            known += was_there ? 1 : 0;
        }
        if (changed->empty() && !left) {
            return std::nullopt;
        }
    }
    const LocalTime now = service_.clock().now();
    StreamState state{.mark = std::move(mark), .whole = [rows, now] {
                          return symbols_json({.rows = *rows, .total = rows->size()}, now);
                      }};
    if (before != nullptr && !left) {
        state.change = [changed, total = rows->size(), now] {
            return symbols_json({.rows = *changed, .total = total}, now);
        };
    }
    return state;
}

void StreamTopic::ask_shard(LocalTime now) {
    const std::int64_t since = now - asked_;
    if (asked_ != LocalTime{} && since < (waiting_ ? shard_patience_ns : interval_ns(channel_.kind))) {
        return;
    }
    asked_ = now;
    waiting_ = true;
    auto look = [box = mailbox_, kind = channel_.kind,
                 timeframe = channel_.timeframe](const TrackedSymbol* known) {
        StreamState state;
        if (known != nullptr) {
            state = kind == StreamKind::book ? book_state(*known) : candles_state(*known, timeframe);
        }
        const std::lock_guard lock(box->mutex);
        box->arrived = std::move(state);
    };
    if (!service_.look_at(channel_.symbol, std::move(look))) {
        const std::lock_guard lock(mailbox_->mutex);
        mailbox_->arrived = StreamState{};
    }
}

void StreamTopic::look_at_events() {
    const bool first = sequence_ == 0 && newest_event_ == 0;
    EventRing::Filter filter;
    if (channel_.kind == StreamKind::signals) {
        filter.kinds = {EventKind::signal_change};
    }
    filter.after = newest_event_;
    filter.limit = first ? snapshot_entries : entries_max;
    const EventRing::Answer answer = service_.desk().events(filter);
    if (!first && channel_.kind == StreamKind::events) {
        sequence_ += answer.newest - newest_event_ - answer.events.size();  // gone before this looked
    } else if (!first) {
        sequence_ += answer.missed;
    }
    newest_event_ = answer.newest;
    for (const auto& event : answer.events) {
        entries_.push_back(event);
        ++sequence_;
    }
    while (entries_.size() > entries_max) {
        entries_.pop_front();
    }
}

const std::string& StreamTopic::document(bool whole) {
    std::string& text = whole || !state_.change ? whole_text_ : change_text_;
    if (text.empty()) {
        text = !state_.whole ? "null" : whole || !state_.change ? state_.whole() : state_.change();
        while (text.ends_with('\n')) {
            text.pop_back();
        }
    }
    return text;
}

SharedText StreamTopic::message(std::optional<std::uint64_t> had) {
    if (shared_ == nullptr || shared_for_ != had || shared_sequence_ != sequence_) {
        SharedText made = channel_.is_list() ? list_message(had) : state_message(had);
        const bool usual = !had || channel_.is_list() || *had + 1 == sequence_;
        if (!usual) {
            return made;
        }
        shared_ = std::move(made);
        shared_for_ = had;
        shared_sequence_ = sequence_;
    }
    return shared_;
}

SharedText StreamTopic::state_message(std::optional<std::uint64_t> had) {
    const std::uint64_t skipped = had ? sequence_ - *had - 1 : 0;
    const bool whole = !had || skipped > 0;
    return stream_data({.channel = channel_.name(),
                        .kind = !state_.whole ? "gone"
                                : whole       ? "snapshot"
                                              : "change",
                        .sequence = sequence_,
                        .left_out_name = "skipped",
                        .left_out = skipped,
                        .document = document(whole)});
}

SharedText StreamTopic::list_message(std::optional<std::uint64_t> had) {
    const std::uint64_t behind = had ? sequence_ - *had : snapshot_entries;
    const std::size_t count = std::min({entries_.size(), static_cast<std::size_t>(behind), entries_max});
    EventRing::Answer answer;
    answer.newest = newest_event_;
    answer.missed = had ? behind - count : 0;
    answer.events.assign(entries_.end() - static_cast<std::ptrdiff_t>(count), entries_.end());
    std::string text = events_json(answer);
    text.pop_back();
    return stream_data({.channel = channel_.name(),
                        .kind = had ? "change" : "snapshot",
                        .sequence = sequence_,
                        .left_out_name = "missed",
                        .left_out = answer.missed,
                        .document = text});
}

}  // namespace virtuoso
