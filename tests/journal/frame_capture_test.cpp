// Captures that people made themselves: acknowledgements, spaces, times of any unit or none.
#include "journal/frame_capture.hpp"

#include "journal/recording.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

class Captures : public ::testing::Test {
  protected:
    /// Channel, ms of receipt and length of each frame; the error after what was read before it.
    std::string read(const std::string& text, const RecordingOptions& options = {}) {
        const std::string path = folder.file("capture.jsonl");
        std::ofstream(path, std::ios::binary) << text;
        auto recording = open_recording(path, options);
        if (!recording) {
            return recording.error().text();
        }
        std::string result;
        const auto read = read_records(**recording, {}, [&](const RawRecord& record) -> Result<void> {
            result += fmt::format("{} {}\n", record.channel, record.received.ns / 1'000'000);
            return {};
        });
        if (!read) {
            return result + read.error().text();
        }
        return result;
    }
    test::TemporaryDirectory folder;
};

const std::string usdm =
    R"({"stream":"ltcusdt@depth@100ms","data":{"e":"depthUpdate","E":1736899200001,"T":1736899200000,"s":"LTCUSDT","U":9,"u":36,"pu":8,"b":[],"a":[]}})";
const std::string bybit = R"({"topic":"orderbook.50.XRPUSDT","ts":1736899200005,"type":"delta","data":{}})";

TEST_F(Captures, TimesOfReceiptOfAnyUnitOrNone) {
    for (const std::string time :
         {"1736899200015000000 ", "1736899200015000 ", "1736899200015 ", "1736899200.015 ",
          "1736899200.015000: ", "1736899200015,", "1736899200015\t", "2025-01-15T00:00:00.015Z ",
          "2025-01-15 00:00:00.015 | "}) {
        EXPECT_EQ(read(time + usdm + "\n"), "binance-usdm/ws 1736899200015\n") << time;
        EXPECT_EQ(read(time + bybit + "\n"), "bybit/ws 1736899200015\n") << time;
    }
    EXPECT_EQ(read(usdm + "\n"), "binance-usdm/ws 1736899200001\n");
    EXPECT_EQ(read(bybit + "\n"), "bybit/ws 1736899200005\n");
}

TEST_F(Captures, AcknowledgementsBeforeTheFirstFrame) {
    EXPECT_EQ(read(R"({"success":true,"ret_msg":"","conn_id":"0a","req_id":"","op":"subscribe"})"
                   "\n" +
                   bybit + "\n"),
              "bybit/ws 1736899200005\nbybit/ws 1736899200005\n")
        << "it was received when the first frame was, as far as is known";
    EXPECT_EQ(read("{\"result\":null,\"id\":1}\n" + usdm + "\n"),
              "binance-usdm/ws 1736899200001\nbinance-usdm/ws 1736899200001\n");
}

TEST_F(Captures, SpacedJsonAndFramesWithoutAnEnvelope) {
    EXPECT_EQ(read(R"({"topic": "orderbook.50.XRPUSDT", "ts": 1736899200005, "data": {}})"
                   "\n"),
              "bybit/ws 1736899200005\n");
    EXPECT_EQ(
        read(
            R"(1736899200015 {"e": "depthUpdate", "E": 1736899200001, "s": "X", "U": 1, "u": 2, "b": [], "a": []})"
            "\n"),
        "binance-spot/ws 1736899200015\n");
    EXPECT_EQ(
        read(
            R"({"e": "depthUpdate", "E": 1736899200001, "s": "X", "U": 1, "u": 2, "pu" : 0, "b": [], "a": []})"
            "\n"),
        "binance-usdm/ws 1736899200001\n");
    EXPECT_EQ(read(R"([{"e":"24hrTicker","E":1736899200001,"s":"X"}])"
                   "\n"),
              "binance-usdm/ws 1736899200001\n");
}

TEST_F(Captures, MarketsOfBinanceAreToldApartByWhatTheySend) {
    const struct {
        const char* frame;
        const char* exchange;
    } frames[] = {
        {R"({"e":"aggTrade","E":1736899200001,"s":"X","a":1,"p":"1","q":"1","T":1,"m":true})",
         "binance-usdm"},
        {R"({"e":"aggTrade","E":1736899200001,"s":"X","a":1,"p":"1","q":"1","T":1,"m":true,"M":true})",
         "binance-spot"},
        {R"({"e":"markPriceUpdate","E":1736899200001,"s":"X"})", "binance-usdm"},
        {R"({"e":"forceOrder","E":1736899200001,"o":{}})", "binance-usdm"},
        {R"({"e":"trade","E":1736899200001,"s":"X","t":1,"X":"MARKET"})", "binance-usdm"},
    };
    for (const auto& [frame, exchange] : frames) {
        EXPECT_EQ(read(std::string(frame) + "\n"), fmt::format("{}/ws 1736899200001\n", exchange)) << frame;
    }
}

TEST_F(Captures, OfCryptofeedWithItsAnswersOverHttp) {
    EXPECT_EQ(read("wss://fstream.binance.com/stream?streams=x@depth <-> 1736899200.1\n"
                   "1736899200.2: " +
                   usdm + "\n" +
                   "https://fapi.binance.com/fapi/v1/depth?symbol=LTCUSDT&limit=1000 -> 1736899200.3: "
                   "{\"lastUpdateId\":5,"
                   "\"bids\":[],\"asks\":[]}\n"
                   "wss://fstream.binance.com/stream <- 1736899200.4: {\"method\":\"SUBSCRIBE\"}\n"
                   "configuration: {\"x\":1}\n"),
              "binance-usdm/ws 1736899200200\n"
              "binance-usdm/rest/fapi/v1/depth?symbol=LTCUSDT&limit=1000 1736899200300\n");
}

TEST_F(Captures, AnOldProtocolIsNamed) {
    for (const char* const topic :
         {"orderBookL2_25.BTCUSD", "trade.BTCUSD", "instrument_info.100ms.BTCUSD"}) {
        const auto told = read(fmt::format("1618677786.98: {{\"topic\":\"{}\",\"data\":[]}}\n", topic));
        EXPECT_TRUE(told.starts_with("E_FILE_FORMAT")) << told;
        EXPECT_NE(told.find("before v5"), std::string::npos) << told;
    }
}

TEST_F(Captures, ALineThatIsNoneIsToldWithItsNumber) {
    const auto told = read(usdm + "\nhello\n");
    EXPECT_NE(told.find("line 2: expected a frame"), std::string::npos) << told;
}

}  // namespace
}  // namespace virtuoso
