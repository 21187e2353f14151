#include "exchange/bybit/account_codec.hpp"
#include "exchange/bybit/api_key.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/page_guard.hpp"
#include "fuzz_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    static bybit::BybitRestCodec codec;
    static bybit::AccountCodec account;
    static FrameBuffer buffer;
    const auto text = fuzz::text_of(data, size);
    fuzz::run_rest(codec, text);
    static_cast<void>(account.wallet(buffer.assign(text)));
    static_cast<void>(account.positions(buffer.assign(text)));
    if (const auto key = bybit::parse_api_key(text, "fuzz")) {
        static_cast<void>(bybit::redacted(std::string(text), *key));
    }
    PageGuard pages(3);
    static_cast<void>(pages.follow(text));
    return 0;
}
