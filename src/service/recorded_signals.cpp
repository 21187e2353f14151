#include "service/recorded_signals.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t symbols_max = 8'192;
/// Outcomes that nobody could see are given up so long after they were due.
constexpr std::int64_t late_ms = 8 * ms_per_hour;
constexpr std::int64_t newest_ms = 5 * ms_per_minute;

std::string text_at(StoreTable table, std::span<const StoreValue> row, std::string_view column) {
    const auto place = spec_of(table).column(column);
    const auto* const text = place ? std::get_if<std::string>(&row[*place]) : nullptr;
    return text != nullptr ? *text : std::string();
}
std::int64_t whole_at(StoreTable table, std::span<const StoreValue> row, std::string_view column) {
    const auto place = spec_of(table).column(column);
    const auto* const whole = place ? std::get_if<std::int64_t>(&row[*place]) : nullptr;
    return whole != nullptr ? *whole : 0;
}
std::optional<double> real_at(StoreTable table, std::span<const StoreValue> row, std::string_view column) {
    const auto place = spec_of(table).column(column);
    const auto* const real = place ? std::get_if<double>(&row[*place]) : nullptr;
    return real != nullptr ? std::optional(*real) : std::nullopt;
}

StoreQuery rows_since(StoreTable table, const std::string& exchange, std::int64_t since_ms) {
    return {.table = table, .since_ms = since_ms, .where = {{"exchange", exchange}}};
}

using SignalKey = std::pair<std::string, std::int64_t>;
using OutcomeRows = std::map<SignalKey, std::vector<StoreRow>>;

Result<OutcomeRows> read_outcomes(Store& store, const std::string& exchange, std::int64_t since_ms) {
    OutcomeRows rows;
    const auto read = store.select(rows_since(StoreTable::outcomes, exchange, since_ms),
                                   [&](std::span<const StoreValue> row) {
                                       rows[{text_at(StoreTable::outcomes, row, "symbol"),
                                             whole_at(StoreTable::outcomes, row, "sequence")}]
                                           .emplace_back(row.begin(), row.end());
                                       return true;
                                   });
    if (!read) {
        return std::unexpected(read.error());
    }
    return rows;
}

/// One for each horizon and the plan's.
bool all_over(const std::vector<StoreRow>& rows) {
    return rows.size() > outcome_horizons_ms.size() && std::ranges::all_of(rows, FollowedSignal::is_over);
}

void note_signal(RecordedSides& sides, std::span<const StoreValue> row) {
    const std::string symbol = text_at(StoreTable::signals, row, "symbol");
    if (!sides.contains(symbol) && sides.size() >= symbols_max) {
        return;
    }
    RecordedSide& side = sides[symbol];
    const ExchangeTime time{whole_at(StoreTable::signals, row, "time_ms")};
    const bool is_long = text_at(StoreTable::signals, row, "direction") == name_of(Verdict::long_side);
    side.last = is_long ? Verdict::long_side : Verdict::short_side;
    (is_long ? side.last_long : side.last_short) = time;
}

Result<void> read_samples(Store& store, const std::string& exchange, std::int64_t now_ms,
                          RecordedSides& sides) {
    StoreQuery query = rows_since(StoreTable::scores, exchange, now_ms - held_ms_max);
    query.newest_first = true;
    std::optional<std::int64_t> newest;
    const auto read = store.select(query, [&](std::span<const StoreValue> row) {
        const std::int64_t time = whole_at(StoreTable::scores, row, "time_ms");
        newest = newest.value_or(time);
        if (*newest - time > newest_ms) {
            return false;
        }
        const std::string symbol = text_at(StoreTable::scores, row, "symbol");
        if (sides.contains(symbol) || sides.size() < symbols_max) {
            RecordedSide& side = sides[symbol];
            if (side.sampled.ms < time) {
                side.sampled = {time};
                side.score = real_at(StoreTable::scores, row, "score");
                side.reliability = real_at(StoreTable::scores, row, "reliability").value_or(0);
            }
        }
        return true;
    });
    return read ? Result<void>() : std::unexpected(read.error());
}

}  // namespace

SignalTracker::Before RecordedSide::before(const ConfluenceThresholds& thresholds) const {
    SignalTracker::Before known{.last_long = last_long, .last_short = last_short};
    const auto newest = last == Verdict::long_side ? last_long : last_short;
    if (newest && *newest >= sampled + ms_per_minute) {
        known.held = last;
        return known;
    }
    if (!score) {
        return known;
    }
    const bool stays_long =
        last == Verdict::long_side && *score >= thresholds.long_from - thresholds.hysteresis;
    const bool stays_short =
        last == Verdict::short_side && *score <= thresholds.short_to + thresholds.hysteresis;
    if (stays_long || stays_short) {
        known.held = last;
    } else if (reliability >= thresholds.reliability_min) {
        known.held = thresholds.verdict_of(*score);
    }
    return known;
}

Result<RecordedSignals> read_recorded_signals(Store& store, const std::string& exchange,
                                              std::int64_t now_ms) {
    RecordedSignals recorded;
    const std::int64_t since_ms = now_ms - ms_per_day - late_ms;
    auto outcomes = read_outcomes(store, exchange, since_ms);
    if (!outcomes) {
        return std::unexpected(outcomes.error());
    }
    const auto read = store.select(rows_since(StoreTable::signals, exchange, since_ms), [&](std::span<
                                                                                            const StoreValue>
                                                                                                row) {
        note_signal(recorded.sides, row);
        auto signal = FollowedSignal::of(row);
        const auto known = signal ? outcomes->find({signal->symbol(), signal->sequence()}) : outcomes->end();
        const std::span<const StoreRow> rows =
            known == outcomes->end() ? std::span<const StoreRow>() : std::span<const StoreRow>(known->second);
        if (signal && (known == outcomes->end() || !all_over(known->second))) {
            signal->resume(rows);
            recorded.open.push_back(std::move(*signal));
        }
        return true;
    });
    if (!read) {
        return std::unexpected(read.error());
    }
    const auto sampled = read_samples(store, exchange, now_ms, recorded.sides);
    if (!sampled) {
        return std::unexpected(sampled.error());
    }
    std::erase_if(recorded.sides, [&](const auto& entry) {
        const RecordedSide& side = entry.second;
        const auto newest = std::max(side.last_long, side.last_short).value_or(ExchangeTime{});
        return side.sampled.ms == 0 && now_ms - newest.ms > held_ms_max;
    });
    return recorded;
}

}  // namespace virtuoso
