// Evaluating one warm symbol, and the memory it holds.
#include "analysis/evaluation/evaluation.hpp"
#include "analysis/symbol_analysis.hpp"
#include "base/seeded_random.hpp"
#include "simulated_market.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

namespace virtuoso::bench {
namespace {

/// A symbol whose every ring is full: a liquid perpetual after a day.
class WarmSymbol {
  public:
    WarmSymbol() : market_(6, 500), state_(std::string(SimulatedMarket::symbol)) {
        fill_histories();
        apply(market_.snapshot());
        for (int i = 0; i < ticks_to_warm; ++i) {
            tick();
        }
    }

    /// 100 ms of the market: a book update, three trades, now and then a ticker.
    void tick() {
        market_.advance(100);
        apply(market_.delta());
        for (int i = 0; i < 3; ++i) {
            const TradePrint print = market_.trade();
            apply(Trades{.prints = {&print, 1}});
        }
        if (market_.now().ms % ms_per_second == 0) {
            TickerUpdate ticker;
            ticker.time = market_.now();
            ticker.open_interest = 50'000.0 + static_cast<double>(market_.now().ms) / 1e8;
            ticker.last_price = market_.mid();
            apply(ticker);
        }
    }
    [[nodiscard]] Confluence evaluate() const { return analysis_.evaluate(state_, state_.as_of()); }
    [[nodiscard]] std::size_t bytes() const noexcept { return state_.bytes() + analysis_.bytes(); }

  private:
    static constexpr int ticks_to_warm = 12'000;  ///< 20 minutes

    void apply(const MarketPayload& payload) {
        const StateChange change = state_.apply({SimulatedMarket::symbol, market_.now(), payload});
        analysis_.update(state_, change);
    }

    void fill_histories() {
        const ExchangeTime now = market_.now();
        for (const Timeframe timeframe : all_timeframes) {
            std::vector<Candle> candles;
            const std::int64_t interval = interval_ms(timeframe);
            const std::int64_t end = now.ms - now.ms % interval;
            const auto count = static_cast<std::int64_t>(candle_retention(timeframe));
            for (std::int64_t i = count; i > 0; --i) {
                const Price open{market_.mid().units + (i * 7'919 % 101) * decimal_scale};
                const Price close{market_.mid().units + (i * 6'007 % 97) * decimal_scale};
                candles.push_back({.open_time = {end - i * interval},
                                   .open = open,
                                   .high = std::max(open, close),
                                   .low = std::min(open, close),
                                   .close = close,
                                   .volume = static_cast<double>(i * 31 % 17 + 1),
                                   .turnover = static_cast<double>(i * 31 % 17 + 1) * close.value() * 1.0001,
                                   .taker_buy = static_cast<double>(i * 13 % 7) / 8,
                                   .taker_sell = static_cast<double>(i * 31 % 17 + 1) -
                                                 static_cast<double>(i * 13 % 7) / 8});
            }
            apply(KlineHistory{timeframe, now, candles});
        }
        std::vector<OpenInterestPoint> interest;
        for (auto i = static_cast<std::int64_t>(SymbolState::open_interest_max); i > 0; --i) {
            interest.push_back({{now.ms - i * SymbolState::open_interest_step_ms},
                                static_cast<double>(50'000 + i * 37 % 400),
                                market_.mid()});
        }
        apply(OpenInterestHistory{interest});
        std::vector<FundingPoint> funding;
        for (auto i = static_cast<std::int64_t>(SymbolState::funding_max); i > 0; --i) {
            funding.push_back({{now.ms - i * 8 * ms_per_hour}, static_cast<double>(i % 9) * 1e-5});
        }
        apply(FundingHistory{funding});
        std::vector<AccountRatioPoint> ratio;
        for (auto i = static_cast<std::int64_t>(SymbolState::account_ratio_max); i > 0; --i) {
            ratio.push_back({{now.ms - i * 5 * ms_per_minute}, 0.5 + static_cast<double>(i % 7) * 0.01});
        }
        apply(AccountRatioHistory{ratio});
        for (auto i = static_cast<std::int64_t>(SymbolState::liquidations_max); i > 0; --i) {
            const Liquidation liquidation{
                {now.ms - i * 8'000},
                i % 3 == 0 ? PositionSide::short_position : PositionSide::long_position,
                market_.mid(),
                {i % 50 * decimal_scale}};
            apply(Liquidations{.events = {&liquidation, 1}});
        }
    }

    SimulatedMarket market_;
    SymbolState state_;
    SymbolAnalysis analysis_;
};

double percentile(std::vector<double>& values, double share) {
    const auto at =
        values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

void evaluate_warm_symbol(benchmark::State& state) {
    WarmSymbol symbol;
    std::vector<double> micros;
    std::size_t present = 0;
    for (auto _ : state) {
        symbol.tick();
        const auto begin = std::chrono::steady_clock::now();
        Confluence confluence = symbol.evaluate();
        benchmark::DoNotOptimize(confluence);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        state.SetIterationTime(took.count());
        micros.push_back(took.count() * 1e6);
        present = static_cast<std::size_t>(
            std::ranges::count_if(confluence.components, [](const auto& part) { return part.coverage > 0; }));
    }
    state.counters["p50_us"] = percentile(micros, 0.50);
    state.counters["p99_us"] = percentile(micros, 0.99);
    state.counters["max_us"] = percentile(micros, 1.0);
    state.counters["components"] = static_cast<double>(present);
}
BENCHMARK(evaluate_warm_symbol)->UseManualTime()->Iterations(20'000)->Unit(benchmark::kMicrosecond);

/// One bar on every analysed timeframe and the day's profile, all at full retention.
void close_candle_on_all_timeframes(benchmark::State& state) {
    std::array<CandleTrack, analysis_timeframes.size()> tracks;
    DayProfile day;
    SeededRandom random(4);
    double price = 60'000;
    std::int64_t minute = 0;
    const auto close = [&] {
        const double open = price;
        price *= 1 + 0.002 * (random.uniform() - 0.5);
        const Bar bar{.open_time = {ms_per_minute * ++minute},
                      .open = open,
                      .high = std::max(open, price) * 1.0003,
                      .low = std::min(open, price) * 0.9997,
                      .close = price,
                      .volume = 1 + 9 * random.uniform()};
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            tracks[i].update(bar, interval_ms(analysis_timeframes[i].timeframe));
        }
        day.update(bar);
    };
    for (int i = 0; i < 2'000; ++i) {
        close();
    }
    std::vector<double> micros;
    for (auto _ : state) {
        const auto begin = std::chrono::steady_clock::now();
        close();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        state.SetIterationTime(took.count());
        micros.push_back(took.count() * 1e6);
    }
    state.counters["p50_us"] = percentile(micros, 0.50);
    state.counters["p99_us"] = percentile(micros, 0.99);
}
BENCHMARK(close_candle_on_all_timeframes)->UseManualTime()->Iterations(20'000)->Unit(benchmark::kMicrosecond);

/// A year of 1m candles through state, analysis and statistics, a score every minute.
void evaluate_a_year_of_minutes(benchmark::State& state) {
    for (auto _ : state) {
        SymbolState symbol("YEARUSDT");
        SymbolAnalysis analysis;
        SymbolEvaluator evaluator(EvaluationRules{});
        SeededRandom random(8);
        std::int64_t units = 60'000 * decimal_scale;
        for (std::int64_t minute = 0; minute < 525'600; ++minute) {
            const std::int64_t open = units;
            units += (static_cast<std::int64_t>(random.below(2'001)) - 1'000) * (decimal_scale / 20);
            units = std::max(units, 1'000 * decimal_scale);
            const ExchangeTime begin{1'600'000'020'000 + minute * ms_per_minute};
            const ExchangeTime end = begin + ms_per_minute;
            const Candle candle{.open_time = begin,
                                .open = {open},
                                .high = {std::max(open, units) + decimal_scale},
                                .low = {std::min(open, units) - decimal_scale},
                                .close = {units},
                                .volume = 1 + static_cast<double>(random.below(90))};
            analysis.update(symbol,
                            symbol.apply({"YEARUSDT", end, KlineUpdate{end, Timeframe::m1, true, candle}}));
            evaluator.step({begin, end, candle.high.value(), candle.low.value(), candle.close.value()});
            evaluator.add(analysis.evaluate(symbol, end), "bench", "YEARUSDT");
        }
        const auto report = evaluator.finish("bench", "YEARUSDT");
        state.counters["scores"] = static_cast<double>(report.samples);
    }
}
BENCHMARK(evaluate_a_year_of_minutes)->Iterations(1)->Unit(benchmark::kSecond);

void bytes_per_warm_symbol(benchmark::State& state) {
    const WarmSymbol symbol;
    for (auto _ : state) {
        benchmark::DoNotOptimize(symbol.bytes());
    }
    state.counters["bytes"] = static_cast<double>(symbol.bytes());
}
BENCHMARK(bytes_per_warm_symbol)->Iterations(1);

}  // namespace
}  // namespace virtuoso::bench
