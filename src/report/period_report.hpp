// What happened in a day or a week, as the store has it.
#pragma once

#include "present/sections.hpp"
#include "store/store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::report {

/// Of values that came one by one (Welford's algorithm).
struct Spread {
    std::size_t count = 0;
    double mean = 0;
    double squares = 0;
    void add(double value) noexcept;
    /// 0 below two values.
    [[nodiscard]] double deviation() const noexcept;
};

/// One hour of the market.
struct MarketHour {
    std::int64_t time_ms = 0;
    Spread mean_change;  ///< fraction, of 24 h
    Spread volatility;
};

struct Market {
    std::size_t minutes = 0;  ///< that are on record
    std::int64_t gainers = 0;
    std::int64_t losers = 0;
    std::int64_t total = 0;
    double turnover_24h = 0;  ///< at the end, as those before
    Spread mean_change;
    Spread volatility;
    std::optional<double> bitcoin_volatility;    ///< a year, at the end
    std::map<std::string, std::size_t> regimes;  ///< minutes of each
    std::vector<MarketHour> hours;
};

inline constexpr std::array component_columns{"orderflow",       "orderbook", "volume",
                                              "price_structure", "technical", "sentiment"};

struct SignalFate {
    std::string symbol;
    std::string direction;
    std::int64_t sequence = 0;
    std::int64_t time_ms = 0;
    double score = 0;
    std::array<std::optional<double>, component_columns.size()> components;
    std::string state;            ///< of its plan: "open", "whole", "hole"; empty: nobody follows it
    std::string first_barrier;    ///< "stop", "target", "time", "none"
    std::optional<double> net_r;  ///< of its plan, after costs
    std::optional<double> gross_r;
    std::map<std::string, double> returns;  ///< by horizon, in its favour
};

struct ScoreBin {
    std::size_t signals = 0;
    std::size_t right = 0;  ///< whose price went their way
    double return_sum = 0;  ///< fraction
};

struct ComponentUse {
    Spread scores;
    std::size_t absent = 0;
    Spread won;  ///< its lean towards the direction, of signals that won: score − 50, turned
    Spread lost;
};

struct PartOutage {
    std::size_t times = 0;
    std::int64_t bad_ms = 0;  ///< as far as it is known
    std::string detail;       ///< of the last time
};

struct KeeperUse {
    std::size_t runs = 0;
    std::size_t failed = 0;
    std::size_t late = 0;  ///< by more than a second
    std::int64_t late_ms_max = 0;
    std::int64_t duration_ms_max = 0;
    std::int64_t trimmed_bytes = 0;
    std::vector<std::pair<std::int64_t, std::int64_t>> memory;  ///< time, bytes after each run
};

struct PeriodReport {
    std::string exchange;
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
    Market market;
    std::vector<SignalFate> signals;                              ///< in the order of their times
    std::map<std::string, std::array<ScoreBin, 10>> calibration;  ///< by horizon; bins of the score
    std::array<ComponentUse, component_columns.size()> components;
    std::size_t samples = 0;                                           ///< scores on record
    std::map<std::string, std::map<std::string, std::size_t>> events;  ///< kind → severity → count
    std::map<std::string, PartOutage> outages;                         ///< parts that were not good
    KeeperUse keeper;
    std::map<std::string, std::size_t> alerts;  ///< by state
};

/// The exchanges that the store knows, those that told last first. Errors: of `Store::select`.
[[nodiscard]] Result<std::vector<std::string>> exchanges_of(Store& store);

/// From `from_ms` on, before `to_ms`. Errors: of `Store::select`. O(rows).
[[nodiscard]] Result<PeriodReport> read_period(Store& store, const std::string& exchange,
                                               std::int64_t from_ms, std::int64_t to_ms);

/// The same for the same exchange and period. "Report on bybit, 2026-11-26 06:00 UTC to 2026-11-27 06:00 UTC"
[[nodiscard]] std::string title_of(const PeriodReport& period, std::string_view what = "Report");

/// A line a chapter: what fits into a message.
[[nodiscard]] std::vector<std::string> summary_of(const PeriodReport& period);
/// As chapters: for a terminal, Markdown or a page.
[[nodiscard]] SectionedReport text_of(const PeriodReport& period);
/// Schema "virtuoso.report/1".
[[nodiscard]] std::string period_json(const PeriodReport& period);

}  // namespace virtuoso::report
