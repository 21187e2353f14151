#include "engine/pipeline.hpp"

#include "fuzz_bytes.hpp"

// Frames by line, from bytes to scores: whatever comes in, no number that comes out is undefined.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    if (size == 0) {
        return 0;
    }
    constexpr std::string_view channels[] = {"bybit/ws", "binance-usdm/ws", "archive/candles/X/1m"};
    Pipeline pipeline;
    FrameBuffer buffer;
    const auto channel = channels[data[0] % 3];
    fuzz::for_each_line(fuzz::text_of(data + 1, size - 1), [&](std::string_view line) {
        pipeline.feed({LocalTime{}, 0, channel, buffer.assign(line)});
    });
    for (const auto& symbol : pipeline.symbols()) {
        static_cast<void>(pipeline.evaluate(*symbol));
    }
    return 0;
}
