#include "exchange/archive/candle_csv.hpp"

#include "fuzz_bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    archive::CandleCsv csv(Timeframe::m1);
    fuzz::for_each_line(fuzz::text_of(data, size),
                        [&](std::string_view line) { static_cast<void>(csv.line(line)); });
    return 0;
}
