// All candle indicators of one timeframe, a bar at a time.
#include "indicators/candle_indicators.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <vector>

namespace virtuoso::bench {
namespace {

std::vector<Bar> random_walk_bars(std::size_t count) {
    std::mt19937_64 random(5);
    std::uniform_real_distribution<double> step(-1, 1);
    std::vector<Bar> bars;
    double price = 1'000;
    for (std::size_t i = 0; i < count; ++i) {
        const double open = price;
        price += step(random);
        bars.push_back({.open_time = {static_cast<std::int64_t>(i) * ms_per_minute},
                        .open = open,
                        .high = std::max(open, price) + 0.5,
                        .low = std::min(open, price) - 0.5,
                        .close = price,
                        .volume = 2 + step(random)});
    }
    return bars;
}

void update_candle_indicators(benchmark::State& state) {
    const auto bars = random_walk_bars(10'000);
    for (auto _ : state) {
        CandleIndicators indicators;
        for (const auto& bar : bars) {
            indicators.update(bar);
        }
        benchmark::DoNotOptimize(indicators);
    }
    const auto total = static_cast<double>(bars.size()) * static_cast<double>(state.iterations());
    state.counters["time/bar"] =
        benchmark::Counter(total, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(update_candle_indicators)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace virtuoso::bench
