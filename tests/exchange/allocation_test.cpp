// Decoding and applying does not allocate once warm: every allocation of this program is counted.
#include "exchange/binance/stream_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"
#include "market/symbol_state.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

namespace {
std::size_t allocations = 0;
}

// With sanitizers GCC inlines the replacements halfway and takes free() for a mismatch.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) {
        return memory;
    }
    throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
    return operator new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return operator new(size, std::nothrow);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace virtuoso {
namespace {

std::string bybit_book(std::uint64_t id, bool snapshot) {
    std::string bids;
    std::string asks;
    for (std::uint64_t i = 0; i < 8; ++i) {
        const auto size = (id * 7 + i * 3) % 90 + 1;
        const auto* const comma = i > 0 ? "," : "";
        bids += fmt::format(R"({}["0.{}","{}"])", comma, 5000 - i, size);
        asks += fmt::format(R"({}["0.{}","{}"])", comma, 5001 + i, size);
    }
    return R"({"topic":"orderbook.50.XUSDT","type":")" + std::string(snapshot ? "snapshot" : "delta") +
           R"(","ts":1700000000000,"data":{"s":"XUSDT","b":[)" + bids + R"(],"a":[)" + asks + R"(],"u":)" +
           std::to_string(id) + R"(,"seq":9},"cts":1700000000000})";
}

std::string bybit_trade(std::uint64_t id) {
    return R"({"topic":"publicTrade.XUSDT","type":"snapshot","ts":1700000000001,"data":[{"T":)" +
           std::to_string(1700000000000 + id) +
           R"(,"s":"XUSDT","S":"Buy","v":"1.5","p":"0.5","L":"PlusTick","i":")" + std::to_string(id) +
           R"(","BT":false}]})";
}

std::string bybit_ticker(std::uint64_t id) {
    return R"({"topic":"tickers.XUSDT","type":"delta","data":{"symbol":"XUSDT","lastPrice":"0.5","openInterest":")" +
           std::to_string(id) + R"(","bid1Price":"0.49","bid1Size":"4"},"cs":1,"ts":)" +
           std::to_string(1700000000000 + id) + "}";
}

template <typename Codec, typename MakeFrame>
std::size_t allocations_when_warm(Codec& codec, SymbolState& state, MakeFrame&& make_frame) {
    FrameBuffer buffer;
    const auto pass = [&](std::uint64_t first, std::uint64_t count, bool counted) {
        std::size_t total = 0;
        for (std::uint64_t id = first; id < first + count; ++id) {
            const auto frame = buffer.assign(make_frame(id));
            const std::size_t before = allocations;
            const auto decoded = codec.decode(frame);
            EXPECT_TRUE(decoded) << decoded.error().message;
            for (const auto& event : decoded->events) {
                state.apply(event);
            }
            total += counted ? allocations - before : 0;
        }
        return total;
    };
    // Warm: the tape and the rings have reached their bounds, or will not grow again in this run.
    pass(1, 40'000, false);
    return pass(40'001, 5'000, true);
}

TEST(Allocation, CountsAtAll) {
    const std::size_t before = allocations;
    ::operator delete(::operator new(8));
    EXPECT_GT(allocations, before);
}

TEST(Allocation, NoneForBybitBooks) {
    bybit::BybitStreamCodec codec;
    SymbolState state("XUSDT");
    EXPECT_EQ(allocations_when_warm(codec, state, [](std::uint64_t id) { return bybit_book(id, id == 1); }),
              0U);
    EXPECT_TRUE(state.book().view());
}

TEST(Allocation, NoneForBybitTrades) {
    bybit::BybitStreamCodec codec;
    SymbolState state("XUSDT");
    EXPECT_EQ(allocations_when_warm(codec, state, bybit_trade), 0U);
    EXPECT_EQ(state.totals().trades, 45'000U);
}

TEST(Allocation, NoneForBybitTickers) {
    bybit::BybitStreamCodec codec;
    SymbolState state("XUSDT");
    EXPECT_EQ(allocations_when_warm(codec, state, bybit_ticker), 0U);
}

TEST(Allocation, NoneForBinance) {
    binance::BinanceStreamCodec codec(binance::Market::usdm);
    SymbolState state("BTCUSDT");
    EXPECT_EQ(allocations_when_warm(
                  codec, state,
                  [](std::uint64_t id) {
                      return R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":)" +
                             std::to_string(1723161256322 + id * 300'000) + R"(,"s":"BTCUSDT","t":)" +
                             std::to_string(id) + R"(,"p":"61800.30","q":"0.006","X":"MARKET","m":false}})";
                  }),
              0U);
}

}  // namespace
}  // namespace virtuoso
