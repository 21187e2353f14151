#include "journal/recording.hpp"

#include "journal/channel.hpp"
#include "support/shared_file.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

namespace virtuoso {
namespace {

class RecordingTest : public ::testing::Test {
  protected:
    std::string write(const std::string& name, const std::string& text) {
        const std::string path = folder_.file(name);
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    std::string write_gzip(const std::string& name, const std::string& text, std::size_t cut = 0) {
        const std::string path = folder_.file(name);
        gzFile file = gzopen(path.c_str(), "wb");
        gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
        gzclose(file);
        if (cut > 0) {
            std::filesystem::resize_file(path, std::filesystem::file_size(path) - cut);
        }
        return path;
    }
    struct Read {
        std::vector<std::string> channels;
        std::vector<std::string> frames;
        std::vector<std::int64_t> received_ns;
        std::vector<std::string> notices;
        std::string error;
    };
    static Read read(const std::string& path, const RecordingOptions& options = {}) {
        Read result;
        auto recording = open_recording(path, options);
        if (!recording) {
            result.error = recording.error().text();
            return result;
        }
        RawRecord record;
        for (;;) {
            const auto more = (*recording)->next(record);
            if (!more) {
                result.error = more.error().text();
                return result;
            }
            if (!*more) {
                result.notices = (*recording)->notices();
                return result;
            }
            result.channels.emplace_back(record.channel);
            result.frames.emplace_back(record.frame.text());
            result.received_ns.push_back(record.received.ns);
        }
    }
    test::TemporaryDirectory folder_;
};

const std::string usdm_line =
    R"(1723161256430666944 {"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256330,"T":1723161256328,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[],"a":[]}})"
    "\n";
const std::string spot_line =
    R"(1723161256430666944 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161256330,"s":"BTCUSDT","U":1,"u":2,"b":[],"a":[]}})"
    "\n";
const std::string rest_line = R"(1723161256430666945 {"lastUpdateId":5,"bids":[],"asks":[]})"
                              "\n";

TEST_F(RecordingTest, TellsBinanceMarketsApart) {
    const auto usdm = read(write("a.jsonl", usdm_line + rest_line));
    EXPECT_EQ(usdm.error, "");
    EXPECT_EQ(usdm.channels,
              (std::vector<std::string>{"binance-usdm/ws",
                                        "binance-usdm/rest/fapi/v1/depth?symbol=BTCUSDT&limit=1000"}));
    EXPECT_EQ(usdm.received_ns[0], 1723161256430666944);
    const auto spot = read(write_gzip("b.jsonl.gz", rest_line + spot_line));
    EXPECT_EQ(spot.channels,
              (std::vector<std::string>{"binance-spot/rest/api/v3/depth?symbol=BTCUSDT&limit=1000",
                                        "binance-spot/ws"}));
    EXPECT_TRUE(spot.frames[1].starts_with("{\"stream\""));
}

TEST_F(RecordingTest, BybitArchivesTakeTheirTimeFromTheFrames) {
    const auto got = read(write("x.data", R"({"topic":"orderbook.500.X","ts":5000,"data":{}})"
                                          "\n\n"
                                          R"({"topic":"orderbook.500.X","ts":4000,"data":{}})"
                                          "\n"));
    EXPECT_EQ(got.received_ns, (std::vector<std::int64_t>{5'000'000'000, 5'000'000'000}))
        << "never backwards";
    EXPECT_EQ(got.channels[0], "bybit/ws");
}

TEST_F(RecordingTest, CandleFilesAreNamedByTheirPath) {
    const std::string rows = "time,open,high,low,close,volume\n60000,1,2,0.5,1.5,10\n120000,1.5,2,1,1,5\n";
    const auto got = read(write("btcusdt_spot_1m.csv", rows));
    EXPECT_EQ(got.error, "");
    ASSERT_EQ(got.frames.size(), 2U);
    EXPECT_EQ(got.channels[0], "archive/candles/BTCUSDT/1m");
    EXPECT_EQ(got.received_ns[0], 120'000'000'000) << "known when the candle closed";
}

TEST_F(RecordingTest, SaysWhatIsWrongWithAFile) {
    EXPECT_TRUE(read("/nonexistent.journal").error.starts_with("E_FILE_OPEN"));
    EXPECT_TRUE(read("/tmp").error.starts_with("E_FILE_OPEN"));
    EXPECT_TRUE(read(write("empty", "")).error.starts_with("E_FILE_FORMAT"));
    EXPECT_TRUE(read(write("noise", "hello\nworld\n")).error.starts_with("E_FILE_FORMAT"));
    EXPECT_TRUE(read(write("short.journal", "VIRTJRNL")).error.starts_with("E_JOURNAL_HEADER"));
    EXPECT_NE(read(write("noise", "hello\nworld\n")).error.find("virtuoso formats"), std::string::npos);
    EXPECT_NE(read(write("x.csv.gz", "<!DOCTYPE html><html>404</html>")).error.find("page of the web"),
              std::string::npos);
    const std::string tar = fmt::format("{:a<257}ustar", "");
    EXPECT_NE(read(write("x.csv", tar)).error.find("tar archive"), std::string::npos);
    EXPECT_NE(read(write("x.csv", "\n\n")).error.find("nothing but empty lines"), std::string::npos);
    const auto torn_line = read(write("c.jsonl", usdm_line + "not a time {}\n"));
    EXPECT_EQ(torn_line.frames.size(), 1U) << "what came before is given";
    EXPECT_NE(torn_line.error.find("line 2"), std::string::npos) << torn_line.error;
}

TEST_F(RecordingTest, ACutGzipGivesWhatItHoldsAndThenSaysSo) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        text += usdm_line;
    }
    const auto got = read(write_gzip("cut.jsonl.gz", text, 40));
    EXPECT_GT(got.frames.size(), 10'000U);
    EXPECT_EQ(got.error, "");
    ASSERT_EQ(got.notices.size(), 1U);
    EXPECT_NE(got.notices[0].find("cut behind line"), std::string::npos) << got.notices[0];
    EXPECT_EQ(got.frames.back(), got.frames.front()) << "the last line is not whole: it is left out";
}

TEST_F(RecordingTest, TheLastLineNeedsNoNewline) {
    const auto got = read(write("d.jsonl", usdm_line + usdm_line.substr(0, usdm_line.size() - 1)));
    EXPECT_EQ(got.frames.size(), 2U);
    EXPECT_EQ(got.frames[0], got.frames[1]);
}

TEST(ChannelText, RoundTrips) {
    for (const auto* const text :
         {"bybit/ws", "binance-usdm/ws", "bybit/rest/v5/market/time",
          "binance-usdm/rest/fapi/v1/depth?symbol=X&limit=1000", "archive/candles/BTCUSDT/1m",
          "binance-usdm/candles/X/3m", "bybit/trades/X", "archive/book/X"}) {
        const auto channel = Channel::parse(text);
        ASSERT_TRUE(channel) << text;
        EXPECT_EQ(channel->text(), text);
    }
    for (const auto* const text :
         {"", "bybit", "bybit/", "archive/candles/X", "archive/candles/X/7m", "/ws", "archive/trades",
          "archive/trades/", "archive/quotes/X", "archive/candles/X/05m", "archive/candles/X/60m",
          "archive/candles/X/24h", "archive/candles/X/+5m"}) {
        EXPECT_FALSE(Channel::parse(text)) << text;
    }
}

}  // namespace
}  // namespace virtuoso
