#include "service/result_recorder.hpp"

#include "base/text_hash.hpp"
#include "present/json.hpp"
#include "present/signal_text.hpp"
#include "service/health.hpp"
#include "service/latest_results.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

std::int64_t minute_of(ExchangeTime time) noexcept {
    return time.ms - time.ms % ms_per_minute;
}

template <typename Count>
StoreValue whole(Count count) {
    return static_cast<std::int64_t>(count);
}

StoreValue text(std::string_view words) {
    return std::string(words);
}

StoreValue number(const std::optional<double>& value) {
    return value ? StoreValue(*value) : StoreValue();
}

void add_scores(StoreRow& row, const Confluence& confluence) {
    for (const ComponentId id :
         {ComponentId::orderflow, ComponentId::orderbook, ComponentId::volume, ComponentId::price_structure,
          ComponentId::technical, ComponentId::sentiment}) {
        row.push_back(number(confluence.component(id).score));
    }
}

/// Equal where weights and thresholds are.
std::string settings_digest(const Confluence& confluence) {
    const ConfluenceThresholds& limits = confluence.thresholds;
    std::string words = fmt::format("{} {} {} {} {} {}", limits.long_from, limits.short_to, limits.hysteresis,
                                    limits.components_min, limits.coverage_min, limits.reliability_min);
    for (const auto& component : confluence.components) {
        words += fmt::format(" {}", component.weight);
        for (const auto& sub : component.sub_scores()) {
            words += fmt::format(" {}={}", sub.name, sub.weight);
        }
    }
    return fmt::format("{:016x}", text_hash(words));
}

StoreRow signal_row(const Signal& signal, LocalTime received) {
    const Confluence& confluence = signal.confluence;
    StoreRow row{text(signal.exchange),
                 text(signal.symbol),
                 whole(0),  // the writer counts them
                 text(signal.id),
                 whole(0),
                 whole(signal.confirmed_at.ms),
                 whole(received.ns / ns_per_ms),
                 text(name_of(signal.plan.direction)),
                 number(confluence.score),
                 confluence.coverage,
                 confluence.reliability};
    add_scores(row, confluence);
    row.emplace_back(signal.plan.entry.price);
    row.emplace_back(signal.plan.stop.price);
    for (const auto& target : signal.plan.targets) {
        row.emplace_back(target.price);
    }
    row.push_back(settings_digest(confluence));
    row.push_back(signal_json(signal));
    return row;
}

StoreRow score_row(const std::string& exchange, const SymbolResult& result) {
    StoreRow row{text(exchange), text(result.symbol), whole(minute_of(result.confluence.as_of)),
                 number(result.confluence.score)};
    add_scores(row, result.confluence);
    row.emplace_back(result.confluence.reliability);
    return row;
}

}  // namespace

ResultRecorder::ResultRecorder(Put put, std::string exchange, LocalTime life)
    : put_(std::move(put)), exchange_(std::move(exchange)), life_(life.ns) {}

void ResultRecorder::note(const SymbolResult& result, const SymbolResult* before) {
    if (before != nullptr && minute_of(before->confluence.as_of) < minute_of(result.confluence.as_of)) {
        put_({StoreTable::scores, score_row(exchange_, *before)});
    }
    note_signal(result);
}

void ResultRecorder::resume(RecordedSides sides) {
    const std::lock_guard lock(mutex_);
    sides_ = std::move(sides);
}

SignalTracker ResultRecorder::tracker_of(const SymbolResult& result) {
    SignalRules rules;
    rules.thresholds = result.confluence.thresholds;
    const std::lock_guard lock(mutex_);
    const auto known = sides_.find(result.symbol);
    if (known == sides_.end()) {
        return SignalTracker(rules);
    }
    return SignalTracker(rules, known->second.before(rules.thresholds));
}

void ResultRecorder::note_signal(const SymbolResult& result) {
    auto tracker = trackers_.find(result.symbol);
    if (tracker == trackers_.end()) {
        if (trackers_.size() >= LatestResults::symbols_max) {
            return;
        }
        tracker = trackers_.emplace(result.symbol, tracker_of(result)).first;
    }
    if (const auto signal = tracker->second.update(result.confluence, exchange_, result.symbol)) {
        put_({StoreTable::signals, signal_row(*signal, result.evaluated)});
    }
}

void ResultRecorder::note(const MarketOverview& overview, const MarketOverview* before) {
    if (before == nullptr || minute_of(before->as_of) >= minute_of(overview.as_of)) {
        return;
    }
    const auto& bitcoin = before->bitcoin;
    put_({StoreTable::overview,
          {text(exchange_), whole(minute_of(before->as_of)), whole(before->gainers), whole(before->losers),
           whole(before->unchanged), whole(before->total), before->mean_change, before->dispersion,
           before->turnover, whole(before->advance_decline),
           bitcoin ? StoreValue(bitcoin->annualised) : StoreValue(),
           bitcoin ? number(bitcoin->percentile) : StoreValue(),
           before->regime ? text(name_of(*before->regime)) : StoreValue(), text(before->regime_rule)}});
}

void ResultRecorder::note(const NotableEvent& event, std::uint64_t event_number) {
    Json numbers = Json::object();
    for (const auto& one : event.all_numbers()) {
        numbers.set(one.name, one.value);
    }
    put_({StoreTable::events,
          {text(exchange_), whole(life_), whole(event_number), whole(event.time.ms),
           text(name_of(event.kind)), text(name_of(event.severity)), text(name_of(event.phase)),
           event.symbol.empty() ? StoreValue() : text(event.symbol), text(event.sentence), numbers.text()}});
}

void ResultRecorder::note(const KeeperRun& run) {
    const KeeperYield& yield = run.yield;
    put_({StoreTable::keeper_runs,
          {text(exchange_), whole(life_), whole(run.number), whole(run.started.ns / ns_per_ms),
           whole(run.asked_for ? 1 : 0), whole(run.late_ms), whole(run.duration_ms), whole(run.interval_ms),
           text(name_of(run.pressure)), whole(run.before.resident), whole(run.after.resident),
           whole(yield.candles), whole(yield.open_interest), whole(yield.trades), whole(yield.others),
           whole(yield.objects), whole(yield.bytes), whole(run.shed.bytes),
           run.error.empty() ? StoreValue() : text(run.error)}});
}

void ResultRecorder::note(const ServiceHealth& health, LocalTime now) {
    note_part("ready", health.ready, health.why_not_ready, now);
    for (const auto& part : health.parts) {
        note_part(part.name, part.good, part.detail, now);
    }
}

void ResultRecorder::note_part(const std::string& part, bool good, const std::string& detail, LocalTime now) {
    const auto [known, first] = parts_.try_emplace(part, good);
    if (!first && known->second == good) {
        return;
    }
    known->second = good;
    put_({StoreTable::health_transitions,
          {text(exchange_), whole(life_), whole(++transitions_), whole(now.ns / ns_per_ms), text(part),
           whole(good ? 1 : 0), text(detail)}});
}

}  // namespace virtuoso
