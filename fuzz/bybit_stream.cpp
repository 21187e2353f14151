#include "exchange/bybit/stream_codec.hpp"
#include "fuzz_bytes.hpp"
#include "market/symbol_state.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    static bybit::BybitStreamCodec codec;
    FrameBuffer buffer;
    SymbolState state("X");
    // Lines are frames, so that a book may be built and broken.
    for (auto rest = fuzz::text_of(data, size); !rest.empty();) {
        const auto end = rest.find('\n');
        if (const auto decoded = codec.decode(buffer.assign(rest.substr(0, end)))) {
            for (const auto& event : decoded->events) {
                state.apply(event);
            }
        }
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return 0;
}
