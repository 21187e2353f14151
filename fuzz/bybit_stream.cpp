#include "exchange/bybit/stream_codec.hpp"
#include "fuzz_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static virtuoso::bybit::BybitStreamCodec codec;
    virtuoso::fuzz::run_stream(codec, virtuoso::fuzz::text_of(data, size));
    return 0;
}
