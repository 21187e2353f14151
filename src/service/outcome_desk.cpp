#include "service/outcome_desk.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t symbols_a_question = 64;
constexpr std::int64_t settle_ms = 2'000;  ///< after a minute's end
constexpr std::int64_t again_ms = 5'000;

bool within_minute(ExchangeTime time) {
    return time.ms % ms_per_minute != 0;
}

ExchangeTime next_minute(ExchangeTime time) {
    return {time.ms - time.ms % ms_per_minute + ms_per_minute};
}

}  // namespace

void OutcomeDesk::begin(std::span<const StoreRecord> written) {
    for (const StoreRecord& record : written) {
        if (record.table != StoreTable::signals) {
            continue;
        }
        auto signal = FollowedSignal::of(record.row);
        if (!signal) {
            continue;
        }
        signal->set(hooks_.describe(signal->symbol()));
        const std::lock_guard lock(inbox_->mutex);
        inbox_->signals.push_back(std::move(*signal));
    }
}

void OutcomeDesk::resume(std::vector<FollowedSignal> signals) {
    const std::lock_guard lock(inbox_->mutex);
    for (auto& signal : signals) {
        inbox_->signals.push_back(std::move(signal));
    }
}

OutcomeCounts OutcomeDesk::counts() const {
    const std::lock_guard lock(inbox_->mutex);
    return inbox_->counts;
}

void OutcomeDesk::look(ExchangeTime now) {
    if (!began_) {
        began_ = now;
    }
    take_inbox(now);
    ask(now);
}

void OutcomeDesk::take_inbox(ExchangeTime now) {
    std::vector<FollowedSignal> signals;
    std::vector<PriceAnswer> answers;
    {
        const std::lock_guard lock(inbox_->mutex);
        signals.swap(inbox_->signals);
        answers.swap(inbox_->answers);
    }
    for (auto& signal : signals) {
        add(std::move(signal));
    }
    for (const auto& answer : answers) {
        take(answer);
    }
    for (auto symbol = symbols_.begin(); symbol != symbols_.end();) {
        give_up_silent(symbol->second, now);
        tell(symbol->second);
        symbol = symbol->second.signals.empty() ? symbols_.erase(symbol) : std::next(symbol);
    }
    const std::lock_guard lock(inbox_->mutex);
    inbox_->counts.followed = followed_;
}

void OutcomeDesk::add(FollowedSignal signal) {
    if (followed_ >= followed_max) {
        const std::lock_guard lock(inbox_->mutex);
        ++inbox_->counts.left_out;
        return;
    }
    ++followed_;
    Symbol& symbol = symbols_[signal.symbol()];
    symbol.signals.push_back({.signal = std::move(signal)});
}

void OutcomeDesk::take(const PriceAnswer& answer) {
    const auto symbol = symbols_.find(answer.symbol);
    if (symbol == symbols_.end()) {
        return;
    }
    symbol->second.more = answer.more;
    for (Place& place : symbol->second.signals) {
        walk(place, answer);
    }
}

// The first minute is a part of one: only who saw the trades knows it, and of a process before this one
// nobody knows whether they are all there.
void OutcomeDesk::walk(Place& place, const PriceAnswer& answer) {
    FollowedSignal& signal = place.signal;
    if (within_minute(signal.until())) {
        const auto rest = std::ranges::find(answer.beginnings, signal.until(), &MinuteRest::from);
        if (rest == answer.beginnings.end()) {
            return;
        }
        const ExchangeTime end = next_minute(signal.until());
        if (signal.resumed() || !rest->known) {
            signal.miss(end);
        } else if (rest->prices) {
            signal.see(*rest->prices);
        } else {
            signal.pass(end);
        }
    }
    for (const PriceStretch& minute : answer.minutes) {
        if (minute.begin < signal.until()) {
            continue;
        }
        if (minute.begin > signal.until()) {
            place.waits_since = place.waits_since.value_or(answer.now);
            if (answer.now - *place.waits_since < patience_ms) {
                return;
            }
        }
        signal.see(minute);
        place.waits_since.reset();
    }
}

void OutcomeDesk::give_up_silent(Symbol& symbol, ExchangeTime now) const {
    for (Place& place : symbol.signals) {
        const ExchangeTime known = std::max(place.signal.until(), began_.value_or(now));
        if (now - known > silence_ms_max) {
            place.signal.miss(next_minute(now + -silence_ms_max));
        }
    }
}

void OutcomeDesk::note_over(const StoreRow& row) {
    if (hooks_.over) {
        hooks_.over(row);
    }
    const std::lock_guard lock(inbox_->mutex);
    ++(FollowedSignal::has_hole(row) ? inbox_->counts.rows_hole : inbox_->counts.rows_whole);
}

void OutcomeDesk::tell(Symbol& symbol) {
    for (Place& place : symbol.signals) {
        const bool progress = !place.told || place.signal.until() - *place.told >= progress_every_ms;
        for (auto& row : place.signal.take_rows(progress)) {
            if (FollowedSignal::is_over(row)) {
                note_over(row);
            }
            hooks_.put({StoreTable::outcomes, std::move(row)});
        }
        place.told = progress ? place.signal.until() : place.told;
    }
    const std::size_t removed =
        std::erase_if(symbol.signals, [](const Place& place) { return place.signal.over(); });
    followed_ -= removed;
    if (removed > 0) {
        const std::lock_guard lock(inbox_->mutex);
        inbox_->counts.over += removed;
    }
}

bool OutcomeDesk::due(const Symbol& symbol, ExchangeTime now) {
    // Before the exchange's time is known it is the machine's, which may be ahead of it.
    if (symbol.asked && !symbol.more && std::abs(now - *symbol.asked) < again_ms) {
        return false;
    }
    return std::ranges::any_of(symbol.signals, [&](const Place& place) {
        return next_minute(place.signal.until()) + settle_ms <= now;
    });
}

PriceQuestion OutcomeDesk::question_of(const std::string& name, const Symbol& symbol) {
    PriceQuestion question{.symbol = name, .from = {}, .beginnings = {}};
    std::optional<ExchangeTime> from;
    for (const Place& place : symbol.signals) {
        const ExchangeTime until = place.signal.until();
        if (within_minute(until)) {
            question.beginnings.push_back(until);
        }
        const ExchangeTime whole = within_minute(until) ? next_minute(until) : until;
        from = std::min(from.value_or(whole), whole);
    }
    question.from = from.value_or(ExchangeTime{});
    return question;
}

// Round the symbols, so that those behind in the alphabet have their turn.
void OutcomeDesk::ask(ExchangeTime now) {
    auto questions = std::make_shared<std::vector<PriceQuestion>>();
    auto next = symbols_.upper_bound(asked_last_);
    for (std::size_t looked = 0; looked < symbols_.size() && questions->size() < symbols_a_question;
         ++looked) {
        next = next == symbols_.end() ? symbols_.begin() : next;
        auto& [name, symbol] = *next;
        if (due(symbol, now)) {
            questions->push_back(question_of(name, symbol));
            symbol.asked = now;
            symbol.more = false;
            asked_last_ = name;
        }
        ++next;
    }
    if (questions->empty()) {
        return;
    }
    hooks_.ask(questions, [inbox = inbox_](std::vector<PriceAnswer> answers) {
        const std::lock_guard lock(inbox->mutex);
        for (auto& answer : answers) {
            inbox->answers.push_back(std::move(answer));
        }
    });
}

}  // namespace virtuoso
