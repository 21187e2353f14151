#include "exchange/binance/stream_codec.hpp"
#include "fuzz_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    binance::BinanceStreamCodec codec(size % 2 == 0 ? binance::Market::usdm : binance::Market::spot);
    fuzz::run_stream(codec, fuzz::text_of(data, size));
    return 0;
}
