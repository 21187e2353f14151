// Decoding alone, and decoding with applying, of frames that lie ready in memory.
#include "exchange/binance/stream_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"
#include "frame_set.hpp"
#include "market/symbol_state.hpp"
#include "simulated_market.hpp"

#include <benchmark/benchmark.h>

namespace virtuoso::bench {
namespace {

using benchmark::Counter;

constexpr std::size_t distinct_frames = 4'096;

void report_frames(benchmark::State& state, const FrameSet& frames, std::size_t processed) {
    const auto count = static_cast<double>(processed);
    state.counters["messages/s"] = Counter(count, Counter::kIsRate);
    state.counters["time/message"] = Counter(count, Counter::kIsRate | Counter::kInvert);
    state.counters["bytes/message"] =
        static_cast<double>(frames.bytes()) / static_cast<double>(frames.size());
}

void decode_all(benchmark::State& state, StreamCodec& codec, const FrameSet& frames) {
    std::size_t processed = 0;
    for (auto _ : state) {
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto decoded = codec.decode(frames[i]);
            if (!decoded || decoded->events.empty()) {
                state.SkipWithError("a frame was refused");
                return;
            }
            benchmark::DoNotOptimize(decoded->events.data());
        }
        processed += frames.size();
    }
    report_frames(state, frames, processed);
}

/// Refused frames (a recording may hold some) are passed over; every pass begins with an empty state.
void decode_and_apply_all(benchmark::State& state, StreamCodec& codec, const FrameSet& frames,
                          BookLimits limits) {
    std::size_t processed = 0;
    SymbolState symbol("BENCH", limits);
    for (auto _ : state) {
        for (std::size_t i = 0; i < frames.size(); ++i) {
            if (const auto decoded = codec.decode(frames[i])) {
                for (const auto& event : decoded->events) {
                    benchmark::DoNotOptimize(symbol.apply(event));
                }
            }
        }
        processed += frames.size();
    }
    report_frames(state, frames, processed);
}

template <typename MakeFrame>
FrameSet made_frames(MakeFrame&& make) {
    SimulatedMarket market(2, 200);
    FrameSet frames;
    for (std::size_t i = 0; i < distinct_frames; ++i) {
        market.advance(1);
        frames.add(make(market));
    }
    return frames;
}

void decode_bybit_delta(benchmark::State& state) {
    bybit::BybitStreamCodec codec;
    decode_all(state, codec, made_frames([](SimulatedMarket& market) { return market.delta_frame(); }));
}
BENCHMARK(decode_bybit_delta);

void decode_bybit_snapshot_200(benchmark::State& state) {
    FrameSet frames;
    SimulatedMarket market(3, 200);
    for (int i = 0; i < 64; ++i) {
        benchmark::DoNotOptimize(market.delta());
        frames.add(market.snapshot_frame());
    }
    bybit::BybitStreamCodec codec;
    decode_all(state, codec, frames);
}
BENCHMARK(decode_bybit_snapshot_200);

void decode_bybit_trade(benchmark::State& state) {
    bybit::BybitStreamCodec codec;
    decode_all(state, codec, made_frames([](SimulatedMarket& market) { return market.trade_frame(); }));
}
BENCHMARK(decode_bybit_trade);

void decode_bybit_ticker(benchmark::State& state) {
    bybit::BybitStreamCodec codec;
    decode_all(state, codec, made_frames([](SimulatedMarket& market) { return market.ticker_frame(); }));
}
BENCHMARK(decode_bybit_ticker);

void decode_apply_bybit_delta(benchmark::State& state) {
    bybit::BybitStreamCodec codec;
    decode_and_apply_all(state, codec, bybit_book_frames(distinct_frames), {});
}
BENCHMARK(decode_apply_bybit_delta);

void decode_apply_bybit_trade(benchmark::State& state) {
    bybit::BybitStreamCodec codec;
    SymbolState symbol("BENCH");
    const FrameSet frames = made_frames([](SimulatedMarket& market) {
        market.advance(40);
        return market.trade_frame();
    });
    std::size_t processed = 0;
    for (auto _ : state) {
        symbol = SymbolState("BENCH");  // or all would be repetitions
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto decoded = codec.decode(frames[i]);
            for (const auto& event : decoded->events) {
                benchmark::DoNotOptimize(symbol.apply(event));
            }
        }
        processed += frames.size();
    }
    report_frames(state, frames, processed);
}
BENCHMARK(decode_apply_bybit_trade);

void decode_apply_bybit_archive(benchmark::State& state) {
    const auto path = recording_path("bybit/xrpusdt_ob500_20241201.jsonl.gz");
    if (!path) {
        state.SkipWithError("the recording is not on this machine");
        return;
    }
    bybit::BybitStreamCodec codec;
    decode_and_apply_all(state, codec, stream_frames(*path), {});
}
BENCHMARK(decode_apply_bybit_archive);

void decode_apply_binance_recording(benchmark::State& state) {
    const auto path = recording_path("binance-usdm/btcusdt_20240808.jsonl.gz");
    if (!path) {
        state.SkipWithError("the recording is not on this machine");
        return;
    }
    binance::BinanceStreamCodec codec(binance::Market::usdm);
    decode_and_apply_all(state, codec, stream_frames(*path), {.levels_max = 8'192, .ladder_ticks = 8'192});
}
BENCHMARK(decode_apply_binance_recording)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace virtuoso::bench
