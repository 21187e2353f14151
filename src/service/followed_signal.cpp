#include "service/followed_signal.hpp"

#include "store/store_cell.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::string_view plan_name = "plan";
constexpr std::string_view open_state = "open";

const StoreTableSpec& outcomes() {
    return spec_of(StoreTable::outcomes);
}

void set_cell(StoreRow& row, std::string_view column, StoreValue value) {
    if (const auto place = outcomes().column(column)) {
        row[*place] = std::move(value);
    }
}

StoreValue text(std::string_view words) {
    return std::string(words);
}
StoreValue number(const std::optional<double>& value) {
    return value ? StoreValue(*value) : StoreValue();
}

std::string_view state_of(std::int64_t hole_ms) {
    return hole_ms > 0 ? "hole" : "whole";
}

std::optional<TradePlan> plan_of(std::span<const StoreValue> signal) {
    const StoreTableSpec& spec = spec_of(StoreTable::signals);
    const auto* const direction = store_cell<std::string>(spec, signal, "direction");
    const auto price = [&](std::string_view name) {
        const auto* const found = store_cell<double>(spec, signal, name);
        return PlannedPrice{.price = found != nullptr ? *found : 0, .reason = {}};
    };
    if (direction == nullptr) {
        return std::nullopt;
    }
    TradePlan plan;
    plan.direction = *direction == name_of(Verdict::long_side) ? Verdict::long_side : Verdict::short_side;
    plan.entry = price("entry");
    plan.stop = price("stop");
    plan.targets = {price("target_1"), price("target_2"), price("target_3")};
    const bool sound = plan.entry.price > 0 && plan.stop.price > 0 && plan.risk() > 0;
    return sound ? std::optional(std::move(plan)) : std::nullopt;
}

FirstBarrier barrier_from(std::string_view name) {
    for (const auto barrier : {FirstBarrier::stop, FirstBarrier::target, FirstBarrier::time}) {
        if (name_of(barrier) == name) {
            return barrier;
        }
    }
    return FirstBarrier::none;
}

/// What the plan's row tells.
Outcome outcome_of(const StoreRow& row, bool finished) {
    const auto real = [&](std::string_view name) {
        const auto* const found = store_cell<double>(outcomes(), row, name);
        return found != nullptr ? *found : 0.0;
    };
    const auto* const reached = store_cell<std::int64_t>(outcomes(), row, "targets_reached");
    const auto* const first = store_cell<std::string>(outcomes(), row, "first_barrier");
    Outcome known;
    known.favourable_r = real("favourable_r");
    known.adverse_r = real("adverse_r");
    known.gross_r = real("gross_r");
    known.targets_reached =
        static_cast<int>(std::clamp<std::int64_t>(reached != nullptr ? *reached : 0, 0, 3));
    known.first = first != nullptr ? barrier_from(*first) : FirstBarrier::none;
    known.finished = finished;
    return known;
}

}  // namespace

std::optional<FollowedSignal> FollowedSignal::of(std::span<const StoreValue> signal) {
    const StoreTableSpec& spec = spec_of(StoreTable::signals);
    const auto* const exchange = store_cell<std::string>(spec, signal, "exchange");
    const auto* const symbol = store_cell<std::string>(spec, signal, "symbol");
    const auto* const sequence = store_cell<std::int64_t>(spec, signal, "sequence");
    const auto* const time = store_cell<std::int64_t>(spec, signal, "time_ms");
    const auto* const score = store_cell<double>(spec, signal, "score");
    auto plan = plan_of(signal);
    if (exchange == nullptr || symbol == nullptr || sequence == nullptr || time == nullptr ||
        score == nullptr || !plan) {
        return std::nullopt;
    }
    FollowedSignal followed(std::move(*plan), {*time});
    followed.exchange_ = *exchange;
    followed.symbol_ = *symbol;
    followed.sequence_ = *sequence;
    followed.score_ = *score;
    return followed;
}

void FollowedSignal::resume(std::span<const StoreRow> rows) {
    resumed_ = true;
    Outcome known;
    double close = 0;
    for (const StoreRow& row : rows) {
        const auto* const horizon = store_cell<std::string>(outcomes(), row, "horizon");
        const auto* const state = store_cell<std::string>(outcomes(), row, "state");
        const auto* const time = store_cell<std::int64_t>(outcomes(), row, "time_ms");
        const auto* const hole = store_cell<std::int64_t>(outcomes(), row, "hole_ms");
        if (horizon == nullptr || state == nullptr || time == nullptr || hole == nullptr) {
            continue;
        }
        take_circumstances(row);
        const bool is_over = *state != open_state;
        const Part part{.over = is_over, .told = is_over, .hole_ms = *hole};
        if (*horizon == plan_name) {
            plan_part_ = part;
            plan_over_ = {*time};
            known = outcome_of(row, is_over);
            continue;
        }
        for (std::size_t i = 0; i < horizons_.size(); ++i) {
            horizons_[i] = *horizon == horizon_name(i) ? part : horizons_[i];
        }
        if (*horizon == horizon_name(horizons_.size() - 1)) {
            const auto* const share = store_cell<double>(outcomes(), row, "return_share");
            until_ = std::max(began_, ExchangeTime{*time});
            hole_ms_ = *hole;
            close = share != nullptr ? plan_.entry.price * (1 + plan_.side() * *share) : 0;
        }
    }
    tracker_ = OutcomeTracker::resumed(plan_, began_, {}, known, close, until_);
    for (std::size_t i = 0; i < tracker_.horizons_over(); ++i) {
        if (!horizons_[i].over) {  // its row was lost
            horizons_[i] = {.over = true, .told = false, .hole_ms = outcome_horizons_ms[i]};
        }
    }
}

void FollowedSignal::take_circumstances(const StoreRow& row) {
    if (const auto* const group = store_cell<std::string>(outcomes(), row, "symbol_group")) {
        circumstances_.group = *group;
    }
    if (const auto* const regime = store_cell<std::string>(outcomes(), row, "regime")) {
        circumstances_.regime = *regime;
    }
}

// `hole_ms` of all that was missed; what of it lies after a part's end, from `from` on backwards, is not its.
void FollowedSignal::note_over(std::int64_t hole_ms, ExchangeTime from) {
    for (std::size_t i = 0; i < tracker_.horizons_over(); ++i) {
        if (!horizons_[i].over) {
            const ExchangeTime due = began_ + outcome_horizons_ms[i];
            horizons_[i].over = true;
            horizons_[i].hole_ms = hole_ms - std::max<std::int64_t>(0, from - due);
        }
    }
    if (tracker_.outcome().finished && !plan_part_.over) {
        plan_part_.over = true;
        plan_part_.hole_ms = hole_ms;
        plan_over_ = until_;
    }
}

void FollowedSignal::see(const PriceStretch& stretch) {
    if (stretch.begin < until_ || over()) {
        return;
    }
    if (stretch.begin > until_) {
        miss(stretch.begin);
    }
    tracker_.step(stretch);
    until_ = stretch.end;
    note_over(hole_ms_, stretch.begin);
}

void FollowedSignal::miss(ExchangeTime until) {
    if (until <= until_ || over()) {
        return;
    }
    hole_ms_ += until - until_;
    until_ = until;
    tracker_.skip_to(until);
    note_over(hole_ms_, until);
}

void FollowedSignal::pass(ExchangeTime until) noexcept {
    until_ = std::max(until_, until);
}

std::optional<double> FollowedSignal::share_now() const {
    const double close = tracker_.last_close();
    return close > 0 ? std::optional(plan_.side() * (close / plan_.entry.price - 1)) : std::nullopt;
}

StoreRow FollowedSignal::row_of(std::string_view horizon, ExchangeTime time, std::string_view state,
                                std::int64_t hole_ms) const {
    StoreRow row(outcomes().columns.size());
    const auto set = [&](std::string_view column, StoreValue value) {
        set_cell(row, column, std::move(value));
    };
    set("exchange", exchange_);
    set("symbol", symbol_);
    set("sequence", sequence_);
    set("horizon", text(horizon));
    set("time_ms", time.ms);
    set("state", text(state));
    set("hole_ms", hole_ms);
    set("direction", text(name_of(plan_.direction)));
    set("score", score_);
    set("symbol_group", circumstances_.group.empty() ? StoreValue() : text(circumstances_.group));
    set("regime", circumstances_.regime ? text(*circumstances_.regime) : StoreValue());
    return row;
}

StoreRow FollowedSignal::horizon_row(std::size_t index) const {
    const Part& part = horizons_[index];
    StoreRow row = part.over ? row_of(horizon_name(index), began_ + outcome_horizons_ms[index],
                                      state_of(part.hole_ms), part.hole_ms)
                             : row_of(horizon_name(index), until_, open_state, hole_ms_);
    set_cell(row, "return_share", number(part.over ? tracker_.outcome().returns[index] : share_now()));
    return row;
}

// Which barrier came first, and what it brought, nobody can tell who did not see all of the way.
StoreRow FollowedSignal::plan_row() const {
    const Outcome& outcome = tracker_.outcome();
    const bool is_over = plan_part_.over;
    const std::int64_t hole_ms = is_over ? plan_part_.hole_ms : hole_ms_;
    StoreRow row =
        row_of(plan_name, is_over ? plan_over_ : until_, is_over ? state_of(hole_ms) : open_state, hole_ms);
    set_cell(row, "favourable_r", outcome.favourable_r);
    set_cell(row, "adverse_r", outcome.adverse_r);
    if (is_over && hole_ms > 0) {
        return row;
    }
    set_cell(row, "first_barrier", text(name_of(outcome.first)));
    set_cell(row, "targets_reached", std::int64_t{outcome.targets_reached});
    set_cell(row, "gross_r", outcome.gross_r);
    set_cell(row, "net_r", is_over ? StoreValue(outcome.net_r) : StoreValue());
    return row;
}

bool FollowedSignal::is_over(std::span<const StoreValue> row) {
    const auto* const state = store_cell<std::string>(outcomes(), row, "state");
    return state != nullptr && *state != open_state;
}

bool FollowedSignal::has_hole(std::span<const StoreValue> row) {
    const auto* const hole_ms = store_cell<std::int64_t>(outcomes(), row, "hole_ms");
    return hole_ms != nullptr && *hole_ms > 0;
}

std::vector<StoreRow> FollowedSignal::take_rows(bool progress) {
    std::vector<StoreRow> rows;
    for (std::size_t i = 0; i < horizons_.size(); ++i) {
        const bool told_on_the_way = progress && i + 1 == horizons_.size() && !horizons_[i].over;
        if ((horizons_[i].over && !horizons_[i].told) || told_on_the_way) {
            horizons_[i].told = horizons_[i].over;
            rows.push_back(horizon_row(i));
        }
    }
    if ((plan_part_.over && !plan_part_.told) || (progress && !plan_part_.over)) {
        plan_part_.told = plan_part_.over;
        rows.push_back(plan_row());
    }
    return rows;
}

}  // namespace virtuoso
