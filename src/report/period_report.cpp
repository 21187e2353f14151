#include "report/period_report.hpp"

#include "base/time.hpp"
#include "store/store_cell.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace virtuoso::report {

namespace {

/// A row by the names of its columns.
class Row {
  public:
    Row(StoreTable table, std::span<const StoreValue> values) : spec_(spec_of(table)), values_(values) {}

    [[nodiscard]] std::string text(std::string_view name) const {
        const auto* const value = store_cell<std::string>(spec_, values_, name);
        return value == nullptr ? std::string() : *value;
    }
    [[nodiscard]] std::int64_t whole(std::string_view name) const {
        const auto* const value = store_cell<std::int64_t>(spec_, values_, name);
        return value == nullptr ? 0 : *value;
    }
    [[nodiscard]] std::optional<double> real(std::string_view name) const {
        const auto* const value = store_cell<double>(spec_, values_, name);
        return value == nullptr ? std::nullopt : std::optional(*value);
    }

  private:
    const StoreTableSpec& spec_;
    std::span<const StoreValue> values_;
};

/// Reads tables of one exchange and of one time.
class Reader {
  public:
    Reader(Store& store, PeriodReport& period) : store_(store), period_(period) {}

    /// All that was kept; the first error ends it.
    [[nodiscard]] Result<void> read() {
        if (auto before = read_states_before(); !before) {
            return before;
        }
        for (const auto& [table, take] :
             std::initializer_list<std::pair<StoreTable, void (Reader::*)(const Row&)>>{
                 {StoreTable::overview, &Reader::take_overview},
                 {StoreTable::signals, &Reader::take_signal},
                 {StoreTable::outcomes, &Reader::take_outcome},
                 {StoreTable::scores, &Reader::take_score},
                 {StoreTable::events, &Reader::take_event},
                 {StoreTable::health_transitions, &Reader::take_health},
                 {StoreTable::keeper_runs, &Reader::take_run},
                 {StoreTable::alerts, &Reader::take_alert}}) {
            // Outcomes come up to a day and a half after their signals.
            const bool later = table == StoreTable::outcomes;
            const auto read = store_.select({.table = table,
                                             .since_ms = period_.from_ms,
                                             .until_ms = later ? std::nullopt : std::optional(period_.to_ms),
                                             .where = {{"exchange", period_.exchange}}},
                                            [&](std::span<const StoreValue> values) {
                                                (this->*take)(Row(table, values));
                                                return true;
                                            });
            if (!read) {
                return std::unexpected(read.error());
            }
        }
        finish();
        return {};
    }

  private:
    /// Parts that were not good when the period began.
    [[nodiscard]] Result<void> read_states_before() {
        constexpr std::size_t rows_max = 10'000;
        std::set<std::string> told;
        const auto read =
            store_.select({.table = StoreTable::health_transitions,
                           .until_ms = period_.from_ms,
                           .where = {{"exchange", period_.exchange}},
                           .newest_first = true,
                           .limit = rows_max},
                          [&](std::span<const StoreValue> values) {
                              const Row row(StoreTable::health_transitions, values);
                              const std::string part = row.text("part");
                              if (told.insert(part).second && row.whole("good") == 0) {
                                  bad_[part] = {.since_ms = period_.from_ms, .life = row.whole("life")};
                                  period_.outages[part] = {.times = 1, .detail = row.text("detail")};
                              }
                              return true;
                          });
        return read ? Result<void>() : std::unexpected(read.error());
    }

    void take_overview(const Row& row) {
        minutes_.push_back(row.whole("time_ms"));
        Market& market = period_.market;
        ++market.minutes;
        market.gainers = row.whole("gainers");
        market.losers = row.whole("losers");
        market.total = row.whole("total");
        market.turnover_24h = row.real("turnover_24h").value_or(0);
        market.bitcoin_volatility = row.real("bitcoin_volatility");
        const double change = row.real("mean_change").value_or(0);
        const double volatility = row.real("volatility").value_or(0);
        market.mean_change.add(change);
        market.volatility.add(volatility);
        const std::string regime = row.text("regime");
        ++market.regimes[regime.empty() ? "not known" : regime];
        const std::int64_t time = row.whole("time_ms");
        const std::int64_t hour = time - time % ms_per_hour;
        if (market.hours.empty() || market.hours.back().time_ms != hour) {
            market.hours.push_back({.time_ms = hour, .mean_change = {}, .volatility = {}});
        }
        market.hours.back().mean_change.add(change);
        market.hours.back().volatility.add(volatility);
    }

    void take_signal(const Row& row) {
        SignalFate signal{.symbol = row.text("symbol"),
                          .direction = row.text("direction"),
                          .sequence = row.whole("sequence"),
                          .time_ms = row.whole("time_ms"),
                          .score = row.real("score").value_or(0),
                          .components = {},
                          .state = {},
                          .first_barrier = {},
                          .net_r = {},
                          .gross_r = {},
                          .returns = {}};
        for (std::size_t i = 0; i < component_columns.size(); ++i) {
            signal.components.at(i) = row.real(component_columns.at(i));
        }
        places_[{signal.symbol, signal.sequence}] = period_.signals.size();
        period_.signals.push_back(std::move(signal));
    }

    void take_outcome(const Row& row) {
        const auto place = places_.find({row.text("symbol"), row.whole("sequence")});
        if (place == places_.end()) {
            return;
        }
        SignalFate& signal = period_.signals[place->second];
        const std::string horizon = row.text("horizon");
        if (horizon == "plan") {
            signal.state = row.text("state");
            signal.first_barrier = row.text("first_barrier");
            signal.net_r = row.real("net_r");
            signal.gross_r = row.real("gross_r");
            return;
        }
        if (const auto share = row.real("return_share"); share && row.text("state") != "open") {
            signal.returns[horizon] = *share;
            auto& bin = period_.calibration[horizon].at(
                static_cast<std::size_t>(std::clamp(signal.score / 10, 0.0, 9.0)));
            ++bin.signals;
            bin.right += *share > 0 ? 1U : 0U;
            bin.return_sum += *share;
        }
    }

    void take_score(const Row& row) {
        ++period_.samples;
        for (std::size_t i = 0; i < component_columns.size(); ++i) {
            ComponentUse& use = period_.components.at(i);
            if (const auto score = row.real(component_columns.at(i))) {
                use.scores.add(*score);
            } else {
                ++use.absent;
            }
        }
    }

    void take_event(const Row& row) { ++period_.events[row.text("kind")][row.text("severity")]; }

    /// The end of the last minute that is on record before a time, if that is after `since_ms`.
    [[nodiscard]] std::int64_t known_until(std::int64_t since_ms, std::int64_t time_ms) const {
        const auto after = std::ranges::upper_bound(minutes_, time_ms);
        const std::int64_t known = after == minutes_.begin() ? since_ms : *std::prev(after) + ms_per_minute;
        return std::clamp(known, since_ms, std::max(since_ms, time_ms));
    }

    // A process that ended takes its troubles along, and one that begins has not been ready before.
    void take_health(const Row& row) {
        const std::string part = row.text("part");
        const std::int64_t time = row.whole("time_ms");
        const std::int64_t life = row.whole("life");
        const bool is_good = row.whole("good") != 0;
        auto since = bad_.find(part);
        if (since != bad_.end() && since->second.life != life) {
            period_.outages[part].bad_ms +=
                known_until(since->second.since_ms, time) - since->second.since_ms;
            bad_.erase(since);
            since = bad_.end();
        }
        const bool begins = lives_[part] != life;
        lives_[part] = life;
        if (is_good && since != bad_.end()) {
            period_.outages[part].bad_ms += time - since->second.since_ms;
            bad_.erase(since);
        } else if (!is_good && since == bad_.end() && !(begins && part == "ready")) {
            PartOutage& outage = period_.outages[part];
            ++outage.times;
            outage.detail = row.text("detail");
            bad_[part] = {.since_ms = time, .life = life};
        }
    }

    void take_run(const Row& row) {
        KeeperUse& keeper = period_.keeper;
        ++keeper.runs;
        keeper.failed += row.text("error").empty() ? 0U : 1U;
        const std::int64_t late = row.whole("late_ms");
        keeper.late += late > ms_per_second ? 1U : 0U;
        keeper.late_ms_max = std::max(keeper.late_ms_max, late);
        keeper.duration_ms_max = std::max(keeper.duration_ms_max, row.whole("duration_ms"));
        keeper.trimmed_bytes += row.whole("trimmed_bytes");
        keeper.memory.emplace_back(row.whole("time_ms"), row.whole("after_bytes"));
    }

    void take_alert(const Row& row) { ++period_.alerts[row.text("state")]; }

    void finish() {
        for (const auto& [part, bad] : bad_) {
            period_.outages[part].bad_ms += known_until(bad.since_ms, period_.to_ms) - bad.since_ms;
        }
        for (const SignalFate& signal : period_.signals) {
            if (!signal.net_r) {
                continue;
            }
            for (std::size_t i = 0; i < component_columns.size(); ++i) {
                if (const auto& score = signal.components.at(i)) {
                    const double lean = signal.direction == "LONG" ? *score - 50 : 50 - *score;
                    ComponentUse& use = period_.components.at(i);
                    (*signal.net_r > 0 ? use.won : use.lost).add(lean);
                }
            }
        }
    }

    Store& store_;
    PeriodReport& period_;
    std::map<std::pair<std::string, std::int64_t>, std::size_t> places_;  ///< symbol and sequence → signal
    struct Bad {
        std::int64_t since_ms = 0;
        std::int64_t life = 0;  ///< of the process that told so
    };
    std::map<std::string, Bad> bad_;             ///< parts
    std::map<std::string, std::int64_t> lives_;  ///< the last that told of a part
    std::vector<std::int64_t> minutes_;          ///< that are on record
};

}  // namespace

void Spread::add(double value) noexcept {
    ++count;
    const double off = value - mean;
    mean += off / static_cast<double>(count);
    squares += off * (value - mean);
}

double Spread::deviation() const noexcept {
    return count < 2 ? 0 : std::sqrt(squares / static_cast<double>(count - 1));
}

Result<std::vector<std::string>> exchanges_of(Store& store) {
    constexpr std::size_t rows_max = 100'000;  // a quarter of a year of one exchange's minutes
    std::vector<std::string> exchanges;
    const auto read = store.select({.table = StoreTable::overview, .newest_first = true, .limit = rows_max},
                                   [&](std::span<const StoreValue> values) {
                                       auto exchange = Row(StoreTable::overview, values).text("exchange");
                                       if (std::ranges::find(exchanges, exchange) == exchanges.end()) {
                                           exchanges.push_back(std::move(exchange));
                                       }
                                       return true;
                                   });
    if (!read) {
        return std::unexpected(read.error());
    }
    return exchanges;
}

Result<PeriodReport> read_period(Store& store, const std::string& exchange, std::int64_t from_ms,
                                 std::int64_t to_ms) {
    PeriodReport period;
    period.exchange = exchange;
    period.from_ms = from_ms;
    period.to_ms = to_ms;
    if (const auto read = Reader(store, period).read(); !read) {
        return std::unexpected(read.error());
    }
    return period;
}

}  // namespace virtuoso::report
