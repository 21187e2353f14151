// Lists of REST answers with elements that cannot be read among those that can.
#include "base/seeded_random.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/bybit/rest_codec.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace virtuoso {
namespace {

constexpr std::int64_t time_ms = 1'789'458'600'000;

/// An endpoint, a row of it numbered `i`, and rows of it that are wrong in one field.
struct ListKind {
    bool bybit;
    std::string target;
    std::string before;  ///< of the body
    std::string after;
    std::function<std::string(int)> row;
    std::vector<std::string> bad;
};

using Kinds = std::vector<ListKind>;
using Row = std::function<std::string(int)>;

/// `of_all`: the result does not name a symbol.
void add_bybit(Kinds& kinds, const std::string& target, bool of_all, Row row, std::vector<std::string> bad) {
    const std::string open =
        fmt::format(R"({{"retCode":0,"retMsg":"OK","result":{{"category":"linear",{}"list":[)",
                    of_all ? "" : R"("symbol":"XUSDT",)");
    kinds.push_back({true, target, open, fmt::format(R"(]}},"retExtInfo":{{}},"time":{}}})", time_ms),
                     std::move(row), std::move(bad)});
}

void add_binance(Kinds& kinds, const std::string& target, Row row, std::vector<std::string> bad) {
    kinds.push_back({false, target, "[", "]", std::move(row), std::move(bad)});
}

void add_bybit_markets(Kinds& kinds) {
    add_bybit(
        kinds, "/v5/market/instruments-info?category=linear", true,
        [](int i) {
            return fmt::format(
                R"({{"symbol":"A{}USDT","contractType":"LinearPerpetual","status":"Trading","quoteCoin":"USDT","launchTime":"0","priceFilter":{{"tickSize":"0.{}1"}},"lotSizeFilter":{{"qtyStep":"0.1"}},"fundingInterval":480}})",
                i, i);
        },
        {R"({"symbol":"BADUSDT","contractType":"LinearPerpetual","priceFilter":{"tickSize":"0.0000000001"},"lotSizeFilter":{"qtyStep":"1"}})",
         R"({"contractType":"LinearPerpetual","priceFilter":{"tickSize":"0"},"lotSizeFilter":{"qtyStep":"1"},"symbol":"BADUSDT"})",
         R"({"symbol":"BADUSDT","contractType":null,"priceFilter":{"tickSize":"1"},"lotSizeFilter":{"qtyStep":"1"}})",
         R"({"symbol":"BADUSDT","contractType":"LinearPerpetual","priceFilter":[{"tickSize":["1"]}]})"});
    add_bybit(kinds, "/v5/market/tickers?category=linear", true,
              [](int i) {
                  return fmt::format(
                      R"({{"symbol":"A{0}USDT","lastPrice":"{0}.5","openInterest":"{0}","fundingRate":""}})",
                      i + 1);
              },
              {R"({"symbol":"BADUSDT","lastPrice":"NaN"})",
               R"({"lastPrice":"1","openInterest":"-4","symbol":"BADUSDT"})",
               R"({"symbol":"BADUSDT","bid1Price":{"a":[1,2,{"b":"}"}]}})"});
    add_bybit(
        kinds, "/v5/market/kline?category=linear&symbol=XUSDT&interval=5", false,
        [](int i) {
            return fmt::format(R"(["{}","10","12","9","11","{}","50"])", time_ms - i * 5 * ms_per_minute, i);
        },
        {R"(["1789458600000","0","0","0","0","0","0"])", R"(["1789458600000","10","9","12","11","1","5"])",
         R"(["1789458600000","10","12"])", R"(["x",[],{},"",null])"});
}

void add_bybit_histories(Kinds& kinds) {
    add_bybit(
        kinds, "/v5/market/recent-trade?category=linear&symbol=XUSDT", true,
        [](int i) {
            return fmt::format(
                R"({{"execId":"e{0}","symbol":"XUSDT","price":"10","size":"{1}","side":"Buy","time":"{2}","isBlockTrade":false,"isRPITrade":{3}}})",
                i, i + 1, time_ms - i, i % 2 == 0);
        },
        {R"({"execId":"b","symbol":"XUSDT","price":"0","size":"1","side":"Buy","time":"1789458600000"})",
         R"({"execId":"b","symbol":"XUSDT","price":"1","size":"1","side":"Up","time":"1789458600000"})",
         R"({"execId":"b","symbol":"YUSDT","price":"1","size":"1","side":"Buy","time":"1789458600000"})"});
    add_bybit(kinds, "/v5/market/open-interest?category=linear&symbol=XUSDT", false,
              [](int i) {
                  return fmt::format(R"({{"openInterest":"{}","singleOpenInterest":"{}","timestamp":"{}"}})",
                                     2 * i, i, time_ms - i * 5 * ms_per_minute);
              },
              {R"({"openInterest":"","timestamp":"1789458600000"})", R"({"openInterest":"5"})",
               R"({"openInterest":"5","timestamp":"-1"})"});
    add_bybit(kinds, "/v5/market/funding/history?category=linear&symbol=XUSDT", true,
              [](int i) {
                  return fmt::format(
                      R"({{"symbol":"XUSDT","fundingRate":"0.000{}","fundingRateTimestamp":"{}"}})", i + 1,
                      time_ms - i * 8 * ms_per_hour);
              },
              {R"({"symbol":"XUSDT","fundingRate":"","fundingRateTimestamp":"1789458600000"})",
               R"({"symbol":"YUSDT","fundingRate":"0.1","fundingRateTimestamp":"1789458600000"})"});
    add_bybit(kinds, "/v5/market/account-ratio?category=linear&symbol=XUSDT", true,
              [](int i) {
                  return fmt::format(
                      R"({{"symbol":"XUSDT","buyRatio":"0.{}","sellRatio":"0.1","timestamp":"{}"}})", i + 1,
                      time_ms - i * 5 * ms_per_minute);
              },
              {R"({"symbol":"XUSDT","buyRatio":"1.7","timestamp":"1789458600000"})",
               R"({"symbol":"XUSDT","buyRatio":null,"timestamp":"1789458600000"})"});
}

void add_binance_markets(Kinds& kinds) {
    kinds.push_back(
        {false,
         "/fapi/v1/exchangeInfo",
         R"({"timezone":"UTC","symbols":[)",
         "]}",
         [](int i) {
             return fmt::format(
                 R"({{"symbol":"A{}USDT","contractType":"PERPETUAL","status":"TRADING","quoteAsset":"USDT","filters":[{{"tickSize":"0.1"}},{{"stepSize":"0.1"}}]}})",
                 i);
         },
         {R"({"symbol":"BADUSDT","contractType":"PERPETUAL","filters":[{"tickSize":"0.0000000001"}]})",
          R"({"filters":[{"tickSize":"x"}],"symbol":"BADUSDT"})"}});
    add_binance(
        kinds, "/fapi/v1/ticker/24hr",
        [](int i) {
            return fmt::format(
                R"({{"symbol":"A{}USDT","priceChangePercent":"1","lastPrice":"10","highPrice":"11","lowPrice":"9","volume":"{}","quoteVolume":"5","closeTime":{}}})",
                i, i, time_ms);
        },
        {R"({"symbol":"BADUSDT","priceChangePercent":"x","lastPrice":"10","highPrice":"11","lowPrice":"9","volume":"1","quoteVolume":"5","closeTime":1789458600000})",
         R"({"symbol":"BADUSDT"})"});
    add_binance(kinds, "/fapi/v1/klines?symbol=XUSDT&interval=5m",
                [](int i) {
                    return fmt::format(R"([{},"10","12","9","11","{}",{},"50",3,"1","9","0"])",
                                       time_ms + i * 5 * ms_per_minute, i + 2, time_ms);
                },
                {R"([1789458600000,"0","0","0","0","0",1,"0",0,"0","0","0"])", R"([1789458600000,"10"])"});
    add_binance(
        kinds, "/fapi/v1/aggTrades?symbol=XUSDT",
        [](int i) {
            return fmt::format(R"({{"a":{},"p":"10","q":"1","f":1,"l":1,"T":{},"m":true}})", i + 1,
                               time_ms + i);
        },
        {R"({"a":9,"p":"0","q":"1","T":1789458600000,"m":true})", R"({"a":9,"p":"1","q":"1","m":true})",
         R"({"a":9,"p":"1","q":"1","T":1789458600000,"m":"yes"})"});
}

void add_binance_histories(Kinds& kinds) {
    add_binance(kinds, "/futures/data/openInterestHist?symbol=XUSDT&period=5m",
                [](int i) {
                    return fmt::format(R"({{"symbol":"XUSDT","sumOpenInterest":"{}","timestamp":{}}})", i + 1,
                                       time_ms + i * 5 * ms_per_minute);
                },
                {R"({"symbol":"XUSDT","sumOpenInterest":"-1","timestamp":1789458600000})",
                 R"({"symbol":"XUSDT","timestamp":1789458600000})"});
    add_binance(kinds, "/fapi/v1/fundingRate?symbol=XUSDT",
                [](int i) {
                    return fmt::format(R"({{"symbol":"XUSDT","fundingTime":{},"fundingRate":"0.000{}"}})",
                                       time_ms + i * 8 * ms_per_hour, i + 1);
                },
                {R"({"symbol":"XUSDT","fundingTime":1789458600000,"fundingRate":"much"})",
                 R"({"symbol":"XUSDT","fundingRate":"0.1"})"});
    add_binance(kinds, "/futures/data/globalLongShortAccountRatio?symbol=XUSDT&period=5m",
                [](int i) {
                    return fmt::format(R"({{"symbol":"XUSDT","longAccount":"0.{}","timestamp":{}}})", i + 1,
                                       time_ms + i * 5 * ms_per_minute);
                },
                {R"({"symbol":"XUSDT","longAccount":[],"timestamp":1789458600000})"});
}

Kinds all_kinds() {
    Kinds result;
    add_bybit_markets(result);
    add_bybit_histories(result);
    add_binance_markets(result);
    add_binance_histories(result);
    return result;
}

std::string told(const Result<RestReply>& reply) {
    if (!reply) {
        return "refused: " + reply.error().message;
    }
    std::string text;
    if (const auto* const page = std::get_if<InstrumentPage>(&*reply)) {
        for (const auto& instrument : page->instruments) {
            text += fmt::format("{} {} {};", instrument.symbol, instrument.tick_size.units,
                                instrument.quantity_step.units);
        }
        return text;
    }
    for (const auto& event : std::get<MarketReply>(*reply).events) {
        text += fmt::format("{} {}:", event.symbol, event.time.ms);
        if (const auto* const ticker = std::get_if<TickerUpdate>(&event.payload)) {
            text += fmt::format("{} {} {}", ticker->last_price.value_or(Price{}).units,
                                ticker->open_interest.value_or(0), ticker->volume_24h.value_or(0));
        } else if (const auto* const klines = std::get_if<KlineHistory>(&event.payload)) {
            for (const auto& candle : klines->candles) {
                text += fmt::format("{} {};", candle.open_time.ms, candle.volume);
            }
        } else if (const auto* const trades = std::get_if<Trades>(&event.payload)) {
            for (const auto& print : trades->prints) {
                text += fmt::format("{} {} {} {};", print.time.ms, print.size.units, print.id, print.retail);
            }
        } else if (const auto* const interest = std::get_if<OpenInterestHistory>(&event.payload)) {
            for (const auto& point : interest->points) {
                text += fmt::format("{} {};", point.time.ms, point.open_interest);
            }
        } else if (const auto* const funding = std::get_if<FundingHistory>(&event.payload)) {
            for (const auto& point : funding->points) {
                text += fmt::format("{} {};", point.time.ms, point.rate);
            }
        } else if (const auto* const ratios = std::get_if<AccountRatioHistory>(&event.payload)) {
            for (const auto& point : ratios->points) {
                text += fmt::format("{} {};", point.time.ms, point.buy_ratio);
            }
        }
    }
    return text;
}

class Codecs {
  public:
    Result<RestReply> decode(const ListKind& kind, const std::vector<std::string>& rows) {
        return of(kind).decode(kind.target, buffer_.assign(fmt::format("{}{}{}", kind.before,
                                                                       fmt::join(rows, ","), kind.after)));
    }
    RestCodec& of(const ListKind& kind) {
        return kind.bybit ? static_cast<RestCodec&>(bybit_) : static_cast<RestCodec&>(binance_);
    }

  private:
    bybit::BybitRestCodec bybit_;
    binance::BinanceRestCodec binance_;
    FrameBuffer buffer_;
};

TEST(RestList, ABadElementCostsItselfOnly) {
    const std::vector<std::string> anywhere{"null", "{}",   "[]", "42",     R"("x")",
                                            "true", "[[]]", "-0", "[{},1]", R"({"a":[{}]})"};
    Codecs codecs;
    for (const ListKind& kind : all_kinds()) {
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            SeededRandom random(seed);
            std::vector<std::string> rows;
            const auto count = 1 + static_cast<int>(random.below(6));
            for (int i = 0; i < count; ++i) {
                rows.push_back(kind.row(i));
            }
            const std::string expected = told(codecs.decode(kind, rows));
            ASSERT_FALSE(expected.empty() || expected.starts_with("refused")) << kind.target << expected;
            ASSERT_EQ(codecs.of(kind).skipped().count(), 0U) << kind.target;
            const auto bad = 1 + random.below(8);
            for (std::uint64_t i = 0; i < bad; ++i) {
                const bool own = random.uniform() < 0.6;
                const auto& pool = own ? kind.bad : anywhere;
                rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(random.below(rows.size() + 1)),
                            pool[random.below(pool.size())]);
            }
            EXPECT_EQ(told(codecs.decode(kind, rows)), expected)
                << kind.target << fmt::format("{}", fmt::join(rows, ","));
            EXPECT_EQ(codecs.of(kind).skipped().count(), bad) << kind.target;
        }
    }
}

TEST(RestList, ABadElementIsNamed) {
    Codecs codecs;
    for (const ListKind& kind : all_kinds()) {
        for (const auto& bad : kind.bad) {
            const auto reply = codecs.decode(kind, {kind.row(0), bad});
            ASSERT_TRUE(reply) << kind.target << bad;
            const auto& skipped = codecs.of(kind).skipped();
            ASSERT_EQ(skipped.kinds().size(), 1U);
            const std::string& symbol = skipped.kinds()[0].symbol;
            EXPECT_TRUE(symbol == "BADUSDT" || symbol == "XUSDT" || symbol == "YUSDT") << bad << symbol;
            EXPECT_TRUE(skipped.may_concern(symbol));
            EXPECT_FALSE(skipped.may_concern("OTHERUSDT"));
        }
    }
}

// Nothing but what cannot be read is another product, or a protocol that has changed.
TEST(RestList, AListOfBadElementsIsRefusedByTheFirst) {
    Codecs codecs;
    for (const ListKind& kind : all_kinds()) {
        for (const auto& bad : kind.bad) {
            EXPECT_FALSE(codecs.decode(kind, {bad})) << kind.target << bad;
        }
        const auto none = codecs.decode(kind, {});
        EXPECT_TRUE(none) << kind.target;
    }
}

TEST(RestList, ADamagedListIsRefusedWhole) {
    Codecs codecs;
    for (const ListKind& kind : all_kinds()) {
        ListKind cut = kind;
        cut.after.clear();
        EXPECT_FALSE(codecs.decode(cut, {kind.row(0), kind.bad[0]})) << kind.target;
        EXPECT_FALSE(codecs.decode(cut, {kind.row(0), kind.bad[0].substr(0, kind.bad[0].size() - 1)}));
    }
}

TEST(RestList, WhatIsToldApartIsBounded) {
    SkippedElements skipped;
    for (int i = 0; i < 1'000; ++i) {
        skipped.add(fmt::format("S{}", i), {ErrorCode::field_value, "bad"});
        skipped.add("S0", {ErrorCode::field_value, "bad"});
    }
    EXPECT_EQ(skipped.count(), 2'000U);
    EXPECT_EQ(skipped.kinds().size(), SkippedElements::kinds_max);
    EXPECT_EQ(skipped.untold(), 1'000 - SkippedElements::kinds_max);
    EXPECT_TRUE(skipped.may_concern("anything"));
}

// The oldest row of a page of open interest came in seconds: any row of any list may.
TEST(RestList, RowsInSecondsArePutRight) {
    Codecs codecs;
    for (const ListKind& kind : all_kinds()) {
        const std::string whole = kind.row(0);
        const auto at = whole.find(std::to_string(time_ms));
        if (at == std::string::npos) {
            continue;  // its elements have no time
        }
        std::string seconds = whole;
        seconds.erase(at + 10, 3);
        EXPECT_EQ(told(codecs.decode(kind, {seconds})), told(codecs.decode(kind, {whole}))) << kind.target;
    }
}

}  // namespace
}  // namespace virtuoso
