#include "journal/recording_formats.hpp"

#include "exchange/archive/table_format.hpp"

#include <iterator>

namespace virtuoso {

namespace {

constexpr RecordingExample frames[] = {
    {"journal", "what `virtuoso record` and `virtuoso import` write", {}},
    {"binance-usdm",
     "captures of Binance's USD-M streams: a time of receipt of any unit and a frame, with or without an "
     "envelope; "
     "without a time the exchange's own stands for it",
     R"(1736899200015000000 {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1736899200010,"s":"BTCUSDT","a":77000,"p":"96500.10","q":"0.200","f":90000,"l":90001,"T":1736899200000,"m":false}})"},
    {"binance-spot", "the same of Binance's spot market",
     R"({"e":"trade","E":1736899200010,"s":"BTCUSDT","t":77000,"p":"96500.10","q":"0.200","T":1736899200000,"m":false,"M":true})"},
    {"bybit", "captures of Bybit's streams, and its archives of order books (.data)",
     R"({"topic":"publicTrade.XRPUSDT","type":"snapshot","ts":1736899200105,"data":[{"T":1736899200100,"s":"XRPUSDT","S":"Buy","v":"155","p":"2.3110","L":"PlusTick","i":"d23f0824-128b-2f33-0c5c-7fd0a6a3a450","BT":false}]})"},
    {"cryptofeed", "cryptofeed's captures of those exchanges, over WebSocket and HTTP",
     R"(1736899200.0150001: {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1736899200010,"s":"BTCUSDT","a":77000,"p":"96500.10","q":"0.200","f":90000,"l":90001,"T":1736899200000,"m":false}})"},
};

std::vector<RecordingExample> tables(bool used) {
    std::vector<RecordingExample> result;
    for (const auto& format : archive::table_formats()) {
        if ((format.kind != archive::TableKind::unused) == used) {
            result.push_back({format.name, format.what, format.example});
        }
    }
    return result;
}

}  // namespace

std::vector<RecordingExample> recording_examples() {
    std::vector<RecordingExample> result(std::begin(frames), std::end(frames));
    for (const auto& table : tables(true)) {
        result.push_back(table);
    }
    return result;
}

std::vector<RecordingExample> unused_tables() {
    return tables(false);
}

}  // namespace virtuoso
