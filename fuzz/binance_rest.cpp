#include "exchange/binance/rest_codec.hpp"
#include "fuzz_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static virtuoso::binance::BinanceRestCodec codec;
    virtuoso::fuzz::run_rest(codec, virtuoso::fuzz::text_of(data, size));
    return 0;
}
