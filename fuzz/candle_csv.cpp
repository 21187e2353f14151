#include "exchange/archive/candle_csv.hpp"

#include "fuzz_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    archive::CandleCsv csv(Timeframe::m1);
    for (auto rest = fuzz::text_of(data, size); !rest.empty();) {
        const auto end = rest.find('\n');
        static_cast<void>(csv.line(rest.substr(0, end)));
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return 0;
}
