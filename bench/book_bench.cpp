// Applying decoded levels: the ladder beside a book of two std::maps, same updates.
#include "market/order_book.hpp"
#include "simulated_market.hpp"

#include <benchmark/benchmark.h>

#include <functional>
#include <map>

namespace virtuoso::bench {
namespace {

using benchmark::Counter;

/// Decoded updates that own their levels: a snapshot, then deltas that continue it.
struct BookTape {
    struct Update {
        std::uint64_t id;
        std::vector<BookLevel> bids;
        std::vector<BookLevel> asks;
    };
    std::vector<Update> updates;
    std::size_t delta_levels = 0;
};

BookTape make_tape(std::size_t deltas) {
    SimulatedMarket market(4, 200);
    BookTape tape;
    const auto keep = [&tape](std::uint64_t id, auto bids, auto asks) {
        tape.updates.push_back({id, {bids.begin(), bids.end()}, {asks.begin(), asks.end()}});
    };
    const BookSnapshot first = market.snapshot();
    keep(first.update_id, first.bids, first.asks);
    for (std::size_t i = 0; i < deltas; ++i) {
        const BookDelta delta = market.delta();
        keep(delta.last_update_id, delta.bids, delta.asks);
        tape.delta_levels += delta.bids.size() + delta.asks.size();
    }
    return tape;
}

constexpr std::size_t deltas_a_pass = 100'000;

void report_levels(benchmark::State& state, const BookTape& tape) {
    const auto levels = static_cast<double>(tape.delta_levels) * static_cast<double>(state.iterations());
    state.counters["time/level"] = Counter(levels, Counter::kIsRate | Counter::kInvert);
}

void apply_ladder_book(benchmark::State& state) {
    const BookTape tape = make_tape(deltas_a_pass);
    for (auto _ : state) {
        OrderBook book;
        const auto& first = tape.updates.front();
        book.apply(BookSnapshot{.time = {1}, .update_id = first.id, .bids = first.bids, .asks = first.asks});
        for (std::size_t i = 1; i < tape.updates.size(); ++i) {
            const auto& update = tape.updates[i];
            const auto outcome = book.apply(BookDelta{.time = {static_cast<std::int64_t>(i) + 1},
                                                      .first_update_id = update.id,
                                                      .last_update_id = update.id,
                                                      .previous_update_id = update.id - 1,
                                                      .bids = update.bids,
                                                      .asks = update.asks});
            if (outcome != DeltaOutcome::applied) {
                state.SkipWithError("an update was not applied");
                return;
            }
        }
        benchmark::DoNotOptimize(book.view());
    }
    report_levels(state, tape);
}
BENCHMARK(apply_ladder_book)->Unit(benchmark::kMillisecond);

void apply_map_book(benchmark::State& state) {
    const BookTape tape = make_tape(deltas_a_pass);
    const auto set = [](auto& side, const std::vector<BookLevel>& levels) {
        for (const auto& level : levels) {
            if (level.size.units == 0) {
                side.erase(level.price.units);
            } else {
                side[level.price.units] = level.size.units;
            }
        }
    };
    for (auto _ : state) {
        std::map<std::int64_t, std::int64_t, std::greater<>> bids;
        std::map<std::int64_t, std::int64_t> asks;
        for (const auto& update : tape.updates) {
            set(bids, update.bids);
            set(asks, update.asks);
            benchmark::DoNotOptimize(bids.begin()->first < asks.begin()->first);
        }
    }
    report_levels(state, tape);
}
BENCHMARK(apply_map_book)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace virtuoso::bench
