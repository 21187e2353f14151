// Files of tables: packing, encoding, order, symbol, interval, and what is told of those that cannot be read.
#include "journal/file_name.hpp"
#include "journal/merged_recording.hpp"
#include "journal/recording.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

const std::string header = "timestamp,open,high,low,close,volume\n";

std::string row(std::int64_t minute) {
    return fmt::format("{},1,2,0.5,1.5,{}\n", 1'736'899'200'000 + minute * ms_per_minute, minute + 1);
}

std::string rows(std::int64_t from, std::int64_t to, std::int64_t step = 1) {
    std::string text;
    for (std::int64_t minute = from; minute < to; minute += step) {
        text += row(minute);
    }
    return text;
}

template <typename Number>
void put(std::string& text, Number number) {
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        text += static_cast<char>(number >> 8 * i & 0xff);
    }
}

/// A zip archive of files that are stored as they are, or deflated.
std::string zip_of(const std::vector<std::pair<std::string, std::string>>& files, bool deflated) {
    std::string archive;
    std::string directory;
    for (const auto& [name, text] : files) {
        std::string packed = text;
        if (deflated) {
            z_stream stream{};
            EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
            packed.resize(text.size() + 100);
            stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(text.data()));
            stream.avail_in = static_cast<uInt>(text.size());
            stream.next_out = reinterpret_cast<Bytef*>(packed.data());
            stream.avail_out = static_cast<uInt>(packed.size());
            EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
            packed = packed.substr(0, stream.total_out);
            deflateEnd(&stream);
        }
        const auto checksum =
            static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
        const auto offset = static_cast<std::uint32_t>(archive.size());
        std::string common;  // from the version on that is needed
        put<std::uint16_t>(common, 20);
        put<std::uint16_t>(common, 0);
        put<std::uint16_t>(common, deflated ? 8 : 0);
        put<std::uint32_t>(common, 0);
        put(common, checksum);
        put(common, static_cast<std::uint32_t>(packed.size()));
        put(common, static_cast<std::uint32_t>(text.size()));
        put(common, static_cast<std::uint16_t>(name.size()));
        put<std::uint16_t>(common, 0);
        for (const std::string& part : {std::string("PK\x03\x04"), common, name, packed}) {
            archive += part;
        }
        directory += "PK\x01\x02";
        put<std::uint16_t>(directory, 20);
        directory += common;
        put<std::uint16_t>(directory, 0);
        put<std::uint16_t>(directory, 0);
        put<std::uint16_t>(directory, 0);
        put<std::uint32_t>(directory, 0);
        put(directory, offset);
        directory += name;
    }
    const auto begin = static_cast<std::uint32_t>(archive.size());
    archive += directory + std::string("PK\x05\x06", 4);
    put<std::uint32_t>(archive, 0);
    put(archive, static_cast<std::uint16_t>(files.size()));
    put(archive, static_cast<std::uint16_t>(files.size()));
    put(archive, static_cast<std::uint32_t>(directory.size()));
    put(archive, begin);
    put<std::uint16_t>(archive, 0);
    return archive;
}

class TableFiles : public ::testing::Test {
  protected:
    std::string write(const std::string& name, const std::string& text) {
        const std::string path = folder.file(name);
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    /// Channels and rows, one a line; the error after what was read before it.
    std::string read(const std::vector<std::string>& paths, const RecordingOptions& options = {}) {
        auto merged = MergedRecording::open(paths, options);
        if (!merged) {
            return merged.error().text();
        }
        std::string text;
        const auto read = read_records(**merged, {}, [&](const RawRecord& record) -> Result<void> {
            text += fmt::format("{} {}\n", record.channel, record.frame.text());
            return {};
        });
        if (!read) {
            return text + read.error().text();
        }
        notices = fmt::format("{}", fmt::join((*merged)->notices(), "\n"));
        return text;
    }
    std::string written(const std::string& name, const std::string& text,
                        const RecordingOptions& options = {}) {
        return read({write(name, text)}, options);
    }
    [[nodiscard]] bool noticed(std::string_view words) const { return notices.contains(words); }

    test::TemporaryDirectory folder;
    std::string notices;
};

std::string plain(std::int64_t from, std::int64_t to,
                  std::string_view channel = "archive/candles/ETHUSDT/1m") {
    std::string text;
    for (std::int64_t minute = from; minute < to; ++minute) {
        text += fmt::format("{} {}", channel, row(minute));
    }
    return text;
}

TEST_F(TableFiles, PackedAndEncodedInAnyWayAreReadAlike) {
    const std::string text = header + rows(0, 5);
    std::string utf16 = "\xff\xfe";
    std::string big = "\xfe\xff";
    std::string unmarked;
    for (const char letter : text) {
        utf16 += {letter, '\0'};
        unmarked += {letter, '\0'};
        big += {'\0', letter};
    }
    std::string crlf;
    for (const char letter : text) {
        crlf += letter == '\n' ? "\r\n" : std::string(1, letter);
    }
    std::string json;
    for (std::int64_t minute = 0; minute < 5; ++minute) {
        json +=
            fmt::format("{}[{}]", minute == 0 ? "" : ",\n", row(minute).substr(0, row(minute).size() - 1));
    }
    const std::string wanted = plain(0, 5);
    EXPECT_EQ(written("ETHUSDT-1m.csv", text), wanted);
    EXPECT_EQ(written("ETHUSDT-1m.csv", "\xef\xbb\xbf" + text), wanted);
    EXPECT_EQ(written("ETHUSDT-1m.csv", crlf), wanted);
    EXPECT_EQ(written("ETHUSDT-1m.csv", utf16), wanted);
    EXPECT_EQ(written("ETHUSDT-1m.csv", big), wanted);
    EXPECT_EQ(written("ETHUSDT-1m.csv", unmarked), wanted);
    EXPECT_EQ(written("ETHUSDT-1m.csv", "https://www.example.test\n# by somebody\n\n" + text), wanted);
    EXPECT_EQ(written("ETH_USDT-1m.json", "[" + json + "]"), wanted);
    EXPECT_EQ(
        written("ETHUSDT-1m.zip", zip_of({{"a/", ""}, {"__MACOSX/._a.csv", "x"}, {"a.csv", text}}, true)),
        wanted);
    EXPECT_EQ(written("ETHUSDT-1m.zip", zip_of({{"a.csv", text}}, false)), wanted);
    const std::string path = folder.file("ETHUSDT.csv.gz");
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    EXPECT_EQ(read({path}), wanted);
}

TEST_F(TableFiles, ArchivesOfSeveralFilesAndDamagedOnesAreNamed) {
    const std::string text = header + rows(0, 5);
    EXPECT_NE(written("x.zip", zip_of({{"a.csv", text}, {"b.csv", text}}, true)).find("archive of 2 files"),
              std::string::npos);
    EXPECT_NE(written("x.zip", zip_of({}, true)).find("E_"), std::string::npos);
    std::string damaged = zip_of({{"a.csv", text}}, false);
    damaged[damaged.find("0.5")] = '9';
    EXPECT_NE(written("x.zip", damaged).find("checksum"), std::string::npos);
    std::string long_text = header + rows(0, 5'000);
    const std::string whole = zip_of({{"a.csv", long_text}}, true);
    const std::string cut = written("ETHUSDT.zip", whole.substr(0, whole.size() / 2));
    EXPECT_TRUE(cut.starts_with(plain(0, 1'000))) << cut.substr(0, 300);
    EXPECT_TRUE(noticed("cut behind line")) << notices;
}

TEST_F(TableFiles, NewestFirstIsReadFromItsEnd) {
    std::string text = header;
    for (std::int64_t minute = 4; minute >= 0; --minute) {
        text += row(minute);
    }
    EXPECT_EQ(written("ETHUSDT.csv", text), plain(0, 5));
    EXPECT_TRUE(noticed("newest rows come first"));
}

TEST_F(TableFiles, RepeatedRowsAreOneAndMissingOnesAreCounted) {
    EXPECT_EQ(written("ETHUSDT.csv", header + rows(0, 5) + rows(3, 8) + rows(9, 11)),
              plain(0, 8) + plain(9, 11));
    EXPECT_TRUE(noticed("2 candle(s) stand in it again"));
    EXPECT_TRUE(noticed("1 candle(s) of 1m are missing"));
}

TEST_F(TableFiles, FilesOfOneSymbolJoinWhateverTheirOrderAndSpelling) {
    const auto early = write("ETHUSDT-a.csv", header + rows(0, 6));
    const auto late = write(
        "ETH_USDT-b.json",
        "[[" + fmt::format("{}", fmt::join(std::vector<std::string>{row(4), row(5), row(6), row(7)}, "],[")) +
            "]]");
    EXPECT_EQ(read({late, early}), plain(0, 8));
    EXPECT_TRUE(noticed("2 record(s) stand in another"));
    EXPECT_EQ(read({early, late}), plain(0, 8));
}

TEST_F(TableFiles, TheIntervalIsTheUsualDistanceOfRows) {
    EXPECT_TRUE(
        written("ETHUSDT.csv", header + row(0) + rows(60, 65)).starts_with("archive/candles/ETHUSDT/1m"))
        << "a hole at the beginning";
    EXPECT_TRUE(written("ETHUSDT.csv", header + rows(0, 30, 3)).starts_with("archive/candles/ETHUSDT/3m"));
    EXPECT_TRUE(noticed("read as those of 15m"));
    EXPECT_TRUE(written("ETHUSDT-5m-2025.csv", header + row(0)).starts_with("archive/candles/ETHUSDT/5m"))
        << "one row: the file's name tells";
    const auto option = [](std::int64_t ms) {
        RecordingOptions options;
        options.interval = CandleInterval{ms};
        return options;
    };
    EXPECT_TRUE(written("ETHUSDT.csv", header + row(0), option(ms_per_hour))
                    .starts_with("archive/candles/ETHUSDT/1h"));
    const struct {
        std::string text;
        RecordingOptions options;
        const char* words;
    } refused[] = {
        {header + rows(0, 30, 3), option(ms_per_minute), "3m apart, not 1m"},
        {header + rows(0, 30, 3), option(5 * ms_per_minute), "3m apart, not 5m"},
        {header + rows(0, 40'000, 10'080), {}, "7d apart"},
        {header + rows(0, 40, 7), {}, "7m apart"},
        {header + row(0), {}, "give --timeframe"},
        {header, {}, "no rows"},
    };
    for (const auto& [text, options, words] : refused) {
        const std::string told = written("ETHUSDT.csv", text, options);
        EXPECT_TRUE(told.starts_with("E_FILE_FORMAT")) << told;
        EXPECT_NE(told.find(words), std::string::npos) << told;
    }
}

TEST_F(TableFiles, TheFirstRealErrorIsToldWithItsLine) {
    EXPECT_NE(written("ETHUSDT.csv", header + "yesterday,1,2,0.5,1.5,1\n" + row(1)).find("line 2: time"),
              std::string::npos);
    EXPECT_NE(
        written("ETHUSDT.csv", header + row(0) + row(1) + "1736899320000,1,x,0.5,1,1\n").find("line 4: high"),
        std::string::npos);
    EXPECT_NE(written("ETHUSDT.csv", header + rows(0, 1'500) + "1736899380000,1,2,0.5,1.5,99\n")
                  .find(": line 1502: 2025-01-15T00:03"),
              std::string::npos);
    EXPECT_NE(
        written("ETHUSDT.json", "[[1736899200000,1,2,0.5,1.5,1],\n[1736899260000,1,2,0.5,1.5,1],\noops]")
            .find("line 3"),
        std::string::npos);
}

TEST_F(TableFiles, TheSymbolComesFromContentNameOrTheUser) {
    const std::string named =
        "time,symbol,open,high,low,close,volume\n1736899200000,btc/usdt:usdt,1,2,0.5,1.5,1\n"
        "1736899260000,btc/usdt:usdt,1,2,0.5,1.5,1\n";
    EXPECT_TRUE(written("x.csv", named).starts_with("archive/candles/BTCUSDT/1m"));
    RecordingOptions options;
    options.symbol = "SOL/USDT:USDT";
    EXPECT_TRUE(
        written("candles.csv", header + rows(0, 3), options).starts_with("archive/candles/SOLUSDT/1m"));
    EXPECT_TRUE(written("mine.csv", header + rows(0, 3)).starts_with("archive/candles/MINE/1m"));
    EXPECT_TRUE(noticed("--symbol-name says another")) << notices;
    EXPECT_TRUE(written("Ä .csv", header + rows(0, 3)).find("archive/candles/") != std::string::npos);
}

TEST(FileNames, TellSymbolIntervalAndKind) {
    const struct {
        const char* path;
        const char* symbol;
        const char* interval;
    } names[] = {{"data/BTC_USDT_USDT-1m-futures.json.gz", "BTCUSDT", "1m"},
                 {"XRPUSDT2025-01-15.csv.gz", "XRPUSDT", ""},
                 {"2025-01-15_XRPUSDT_ob500.data.zip", "XRPUSDT", ""},
                 {"1h_1000PEPEUSDT.csv.gz", "1000PEPEUSDT", "1h"},
                 {"BINANCE_BTCUSDT.P, 1.csv", "BTCUSDT", ""},
                 {"ADABTC-1m-2021-11-27.csv", "ADABTC", "1m"},
                 {"1INCH_USDT-8h-funding_rate.json", "1INCHUSDT", "8h"},
                 {"Binance_ETHUSDT_minute.csv", "ETHUSDT", ""},
                 {"btc_perp_1m_20211231.csv", "BTC", "1m"},
                 {"FUSDT_5m.csv", "FUSDT", "5m"},
                 {"ETHUSDT-aggTrades-2025-01-15.csv", "ETHUSDT", ""}};
    for (const auto& [path, symbol, interval] : names) {
        const auto hints = hints_of(path);
        EXPECT_EQ(hints.symbol, symbol) << path;
        EXPECT_EQ(hints.interval ? name_of(*hints.interval) : "", interval) << path;
        EXPECT_EQ(hints.prices, FileNameHints::Prices::traded) << path;
    }
    EXPECT_EQ(hints_of("BTC_USDT_USDT-8h-mark.csv").prices, FileNameHints::Prices::mark);
    EXPECT_EQ(hints_of("um/markPriceKlines/BTCUSDT/1h/BTCUSDT-1h-2025-01.zip").prices,
              FileNameHints::Prices::mark);
    EXPECT_EQ(hints_of("um/premiumIndexKlines/BTCUSDT-1h.zip").prices, FileNameHints::Prices::index);
    EXPECT_EQ(hints_of("MARKETUSDT-1h.csv").prices, FileNameHints::Prices::traded);
}

TEST_F(TableFiles, SeriesBesideCandlesJoinThemByTimeAndSymbol) {
    const auto candles = write("ETHUSDT-1m.csv", header + rows(0, 3));
    const auto funding = write("ETHUSDT-funding.csv", "timestamp_ms,funding_rate\n1736899260000,0.0001\n");
    const auto metrics = write(
        "ETHUSDT-metrics.csv",
        "create_time,symbol,sum_open_interest,count_long_short_ratio\n2025-01-15 00:02:00,ETHUSDT,5,1.5\n");
    const auto mark = write("ETHUSDT-1m-mark.csv",
                            "timestamp,open,high,low,close,volume\n1736899200000,1,2,1,1.5,NaN\n"
                            "1736899260000,1,2,1,1.25,NaN\n");
    // Metrics are of one exchange alone: what lies beside them is taken for its own.
    EXPECT_EQ(read({metrics, mark, funding, candles}),
              "binance-usdm/mark/ETHUSDT 1736899260000,1.5\n"
              "binance-usdm/candles/ETHUSDT/1m " +
                  row(0) +
                  "binance-usdm/funding/ETHUSDT 1736899260000,0.0001,0\n"
                  "binance-usdm/mark/ETHUSDT 1736899320000,1.25\n"
                  "binance-usdm/candles/ETHUSDT/1m " +
                  row(1) +
                  "binance-usdm/interest/ETHUSDT 1736899320000,5\n"
                  "binance-usdm/ratio/ETHUSDT 1736899320000,0.6\n"
                  "binance-usdm/candles/ETHUSDT/1m " +
                  row(2));
}

TEST_F(TableFiles, LevelsOfOneMessageAreOneRecord) {
    const std::string tardis =
        "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
        "bybit,XRPUSDT,1736899200005000,1736899200008123,true,bid,2.31,100\n"
        "bybit,XRPUSDT,1736899200005000,1736899200008123,true,ask,2.32,200\n"
        "bybit,XRPUSDT,1736899200105000,1736899200108123,false,bid,2.31,0\n"
        "bybit,XRPUSDT,1736899200205000,1736899200208123,false,ask,2.33,7\n"
        "bybit,XRPUSDT,1736899200205000,1736899200208123,false,bid,2.30,8\n";
    EXPECT_EQ(written("x.csv", tardis),
              "bybit/book/XRPUSDT 1736899200005,snapshot,1,1,0,b,2.31,100,a,2.32,200\n"
              "bybit/book/XRPUSDT 1736899200105,delta,2,2,1,b,2.31,0\n"
              "bybit/book/XRPUSDT 1736899200205,delta,3,3,2,b,2.3,8,a,2.33,7\n");
    const std::string depth =
        "symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\n"
        "BTCUSDT,1736899200000,10,10,b,snap,96500,1.5,-1\n"
        "BTCUSDT,1736899200000,10,10,a,snap,96501,2,-1\n"
        "BTCUSDT,1736899200100,11,14,b,set,96499,0.7,10\n";
    EXPECT_EQ(written("x.csv", depth),
              "binance-usdm/book/BTCUSDT 1736899200000,rest,10,10,0,b,96500,1.5,a,96501,2\n"
              "binance-usdm/book/BTCUSDT 1736899200100,delta,11,14,10,b,96499,0.7\n");
}

TEST_F(TableFiles, KlinesOfBinanceWithoutAnyVolumeAreOfMarkPrices) {
    std::string text;
    for (int minute = 0; minute < 12; ++minute) {
        const std::int64_t begin = 1'736'899'200'000 + minute * ms_per_minute;
        text += fmt::format("{},1,2,0.5,1.5,0,{},0,60,0,0,0\n", begin, begin + ms_per_minute - 1);
    }
    EXPECT_TRUE(
        written("ETHUSDT-1m-2025-01.csv", text).starts_with("archive/mark/ETHUSDT 1736899260000,1.5\n"));
    EXPECT_TRUE(noticed("mark prices"));
}

TEST_F(TableFiles, WhatIsNotUsedIsNamed) {
    const std::string told =
        written("ETHUSDT-bookDepth.csv", "timestamp,percentage,depth,notional\n2025-01-15 00:00:00,-5,1,2\n");
    EXPECT_NE(told.find("bookDepth"), std::string::npos) << told;
    EXPECT_NE(written("indexPriceKlines-ETHUSDT-1m.csv", header + rows(0, 3)).find("prices of an index"),
              std::string::npos);
}

}  // namespace
}  // namespace virtuoso
