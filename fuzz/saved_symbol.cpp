// Bytes where a saved symbol is expected: they are refused, or make a symbol that is saved as it was read.
// Mostly they are a saved symbol with some of its bytes replaced, because others are refused at once.
#include "engine/pipeline.hpp"
#include "fuzz_bytes.hpp"

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace virtuoso;

constexpr std::string_view exchange = "bybit";
constexpr std::string_view name = "XUSDT";

/// Of a quarter of an hour with a trade a second.
std::string some_form() {
    constexpr std::int64_t begin_ms = 1'795'567'200'000;
    Pipeline pipeline;
    for (std::int64_t second = 0; second < 900; ++second) {
        const ExchangeTime time{begin_ms + second * ms_per_second};
        const std::array prints{TradePrint{.time = time,
                                           .price = {100'000'000 + second % 7 * 1'000'000},
                                           .size = {100'000'000 * (1 + second % 5)},
                                           .taker = second % 3 == 0 ? Side::sell : Side::buy,
                                           .id = static_cast<std::uint64_t>(second + 1)}};
        const TickerUpdate ticker{.time = time, .open_interest = 1'000.5 + static_cast<double>(second)};
        const std::array events{
            MarketEvent{
                .symbol = name, .time = time, .payload = Trades{.ids_ascend = true, .prints = prints}},
            MarketEvent{.symbol = name, .time = time, .payload = ticker}};
        pipeline.take(exchange, events);
    }
    return saved_form(*pipeline.find(exchange, name));
}

std::string bytes_of(const std::uint8_t* data, std::size_t size) {
    static const std::string form = some_form();
    constexpr std::size_t edit_bytes = 3;  // a place and a byte
    if (size == 0 || data[0] % 8 == 0) {
        return std::string(fuzz::text_of(data, size));
    }
    std::string edited = form;
    for (std::size_t at = 1; at + edit_bytes <= size; at += edit_bytes) {
        const std::size_t place = data[at] + (std::size_t{data[at + 1]} << 8);
        edited[place % edited.size()] = static_cast<char>(data[at + 2]);
    }
    return edited;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Pipeline pipeline;
    const bool resumed = pipeline.resume(exchange, name, bytes_of(data, size));
    const TrackedSymbol* const symbol = pipeline.find(exchange, name);
    if (resumed != (symbol != nullptr)) {
        std::abort();
    }
    if (!resumed) {
        return 0;
    }
    const std::string form = saved_form(*symbol);
    Pipeline again;
    if (!again.resume(exchange, name, form) || saved_form(*again.find(exchange, name)) != form) {
        std::abort();
    }
    return 0;
}
