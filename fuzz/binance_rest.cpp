#include "exchange/binance/rest_codec.hpp"
#include "fuzz_bytes.hpp"

// First line: the request's path and query; the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    static binance::BinanceRestCodec codec;
    FrameBuffer buffer;
    const auto [target, body] = fuzz::split_line(fuzz::text_of(data, size));
    static_cast<void>(codec.decode(target, buffer.assign(body)));
    return 0;
}
