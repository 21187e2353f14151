// What documents of a symbol's market say beyond what a schema can.
#include "api/book_json.hpp"
#include "api/candles_json.hpp"
#include "api/derivatives_json.hpp"
#include "api/structure_json.hpp"
#include "api/tape_json.hpp"
#include "support/live_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace virtuoso {

namespace {

using Document = nlohmann::json;

class MarketDocuments : public test::LiveApi {
  protected:
    /// Closed ones of the state itself.
    std::vector<Candle> kept(Timeframe timeframe) {
        return at("BTCUSDT", [timeframe](const TrackedSymbol& known) {
            const auto& closed = known.state.candles().series(timeframe).closed();
            std::vector<Candle> candles;
            for (std::size_t i = 0; i < closed.size(); ++i) {
                candles.push_back(closed[i]);
            }
            return candles;
        });
    }
    /// All closed ones, page by page from the newest on.
    std::vector<Document> paged(Timeframe timeframe, std::size_t limit) {
        std::vector<Document> candles;
        std::string to;
        for (bool more = true; more;) {
            const Document page = json_of(fmt::format("candles?timeframe={}&limit={}{}", name_of(timeframe),
                                                      limit, to.empty() ? "" : "&to=" + to));
            std::vector<Document> closed = page["candles"];
            if (to.empty()) {
                EXPECT_FALSE(closed.back()["closed"]) << "the open one comes last";
                closed.pop_back();
            }
            EXPECT_TRUE(
                std::ranges::all_of(closed, [](const Document& one) { return one["closed"] == true; }));
            EXPECT_EQ(closed.size(), page["more"] ? limit : std::min(limit, closed.size()));
            candles.insert(candles.begin(), closed.begin(), closed.end());
            more = page["more"] && !closed.empty();
            to = fmt::format("{}", candles.front()["start_ms"].get<std::int64_t>());
        }
        return candles;
    }
    Document json_of(const std::string& path) {
        return Document::parse(get("/api/v1/symbols/BTCUSDT/" + path).body);
    }
};

double number(const Document& text) {
    return std::stod(text.get<std::string>());
}

TEST_F(MarketDocuments, CandlesAreTheStatesFromTheNewestPageToTheOldest) {
    std::vector<Candle> before;
    std::vector<Document> told;
    std::vector<Candle> after;
    ASSERT_TRUE(test::eventually([&] {  // a candle may close in between
        before = kept(Timeframe::m5);
        told = paged(Timeframe::m5, 77);
        after = kept(Timeframe::m5);
        return before.size() == after.size() && before.back().open_time == after.back().open_time;
    }));
    ASSERT_EQ(told.size(), before.size());
    ASSERT_GT(told.size(), 200U);
    for (std::size_t i = 0; i < told.size(); ++i) {
        EXPECT_EQ(told[i], Document::parse(candle_json(before[i], true).text()));
    }
}

TEST_F(MarketDocuments, TheOpenCandleIsThereOnlyWhereTheNewestAreAskedFor) {
    const auto all = json_of("candles?timeframe=1h&limit=2");
    ASSERT_EQ(all["candles"].size(), 3U);
    const auto open = all["candles"][2]["start_ms"].get<std::int64_t>();
    EXPECT_LE(open, all["as_of_ms"].get<std::int64_t>());
    const auto ended = json_of(fmt::format("candles?timeframe=1h&limit=2&to={}", open))["candles"];
    EXPECT_TRUE(ended.back()["closed"]);
    const auto later = json_of(fmt::format("candles?timeframe=1h&limit=2&to={}", open + 1))["candles"];
    EXPECT_EQ(later.back()["start_ms"], open);
    EXPECT_FALSE(json_of("candles?to=0")["more"]);
    EXPECT_TRUE(json_of("candles?to=0")["candles"].empty());
}

TEST_F(MarketDocuments, TheBookIsSortedUncrossedAndHasItsMiddle) {
    Document book;
    ASSERT_TRUE(test::eventually([&] { return (book = json_of("book?levels=20"))["valid"] == true; }));
    ASSERT_EQ(book["bids"].size(), 20U);
    ASSERT_EQ(book["asks"].size(), 20U);
    EXPECT_GE(book["bid_levels"], 20);
    for (std::size_t i = 1; i < 20; ++i) {
        EXPECT_GT(number(book["bids"][i - 1][0]), number(book["bids"][i][0]));
        EXPECT_LT(number(book["asks"][i - 1][0]), number(book["asks"][i][0]));
    }
    const double bid = number(book["bids"][0][0]);
    const double ask = number(book["asks"][0][0]);
    EXPECT_LT(bid, ask);
    EXPECT_NEAR(number(book["mid"]), (bid + ask) / 2, 1e-9);
    EXPECT_NEAR(number(book["spread"]), ask - bid, 1e-9);
    EXPECT_EQ(json_of("book?levels=1")["bids"].size(), 1U);
}

TEST(BookDocument, TheMiddleIsExactWhereADoubleIsNot) {
    BookReading reading{.symbol = "A", .as_of = {}, .fault = {}, .time = {}, .bids = {}, .asks = {}};
    reading.bids.push_back({Price{9'007'199'254'740'993}, Size{1}});
    reading.asks.push_back({Price{9'007'199'254'740'994}, Size{100'000'000}});
    const auto book = Document::parse(book_json(reading).text());
    EXPECT_EQ(book["mid"], "90071992.547409935");
    EXPECT_EQ(book["spread"], "0.00000001");
    EXPECT_EQ(book["bids"][0], Document::array({"90071992.54740993", "0.00000001"}));
    reading.asks.clear();
    EXPECT_TRUE(Document::parse(book_json(reading).text())["mid"].is_null());
}

TEST_F(MarketDocuments, TheBooksHistoryIsOneColumnASecondOnOneGrid) {
    Document history;
    ASSERT_TRUE(test::eventually([&] {
        history = json_of("book/history?minutes=1");
        return history.contains("columns") && history["columns"].size() >= 2;
    }));
    const double step = number(history["step"]);
    std::int64_t before = 0;
    for (const auto& column : history["columns"]) {
        const auto second = column["time_ms"].get<std::int64_t>() / 1'000;
        EXPECT_GT(second, std::exchange(before, second));
        EXPECT_LT(number(column["bid"]), number(column["ask"]));
        const double bins = number(column["first"]) / step;
        EXPECT_NEAR(bins, std::round(bins), 1e-6);
        EXPECT_LT(number(column["first"]), number(column["bid"]));
        EXPECT_GT(number(column["first"]) + step * history["bins"].get<double>(), number(column["ask"]));
        EXPECT_GT(std::accumulate(column["sizes"].begin(), column["sizes"].end(), 0.0,
                                  [](double sum, const Document& size) { return sum + size.get<double>(); }),
                  0);
    }
}

TEST_F(MarketDocuments, TradesComeNewestFirstAndAreTheTapes) {
    struct Both {
        Document few;
        Document all;
        std::size_t kept = 0;
    };
    const Both both = at("BTCUSDT", [](const TrackedSymbol& known) {
        return Both{Document::parse(trades_json(read_trades(known, 5)).text()),
                    Document::parse(trades_json(read_trades(known, 2'000)).text()),
                    known.state.tape().trades().size()};
    });
    EXPECT_EQ(both.all["kept"], both.kept);
    ASSERT_EQ(both.all["trades"].size(), both.kept);
    ASSERT_GT(both.kept, 20U);
    const auto& trades = both.all["trades"];
    EXPECT_TRUE(std::ranges::is_sorted(trades, std::ranges::greater{}, [](const Document& one) {
        return one["time_ms"].get<std::int64_t>();
    }));
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(both.few["trades"][i], trades[i]);
    }
    EXPECT_EQ(both.few["trades"].size(), 5U);
}

TEST_F(MarketDocuments, FlowIsTheSumOfItsTradesInStretchesOfAnyLength) {
    struct All {
        std::vector<Document> flows;
        Document trades;
    };
    constexpr std::array steps{1, 7, 60};
    const All all = at("BTCUSDT", [&](const TrackedSymbol& known) {
        All read{.flows = {}, .trades = Document::parse(trades_json(read_trades(known, 2'000)).text())};
        for (const int step : steps) {
            read.flows.push_back(Document::parse(flow_json(read_flow(known, 15, step)).text()));
        }
        return read;
    });
    for (std::size_t which = 0; which < steps.size(); ++which) {
        const Document& flow = all.flows[which];
        double delta = 0;
        std::int64_t before = 0;
        ASSERT_FALSE(flow["bins"].empty());
        for (const auto& bin : flow["bins"]) {
            const auto start = bin["start_ms"].get<std::int64_t>();
            EXPECT_EQ(start % (1'000 * steps[which]), 0);
            EXPECT_GT(start, std::exchange(before, start));
            EXPECT_GT(bin["buys"].get<int>() + bin["sells"].get<int>(), 0);
            EXPECT_EQ(bin["delta"].get<double>(), bin["buy"].get<double>() - bin["sell"].get<double>());
            delta += bin["delta"].get<double>();
            EXPECT_NEAR(bin["cumulative_delta"].get<double>(), delta, 1e-9);
        }
        // Of the newest stretch that the tape has from its beginning on.
        const auto& last = flow["bins"].back();
        double bought = 0;
        double sold = 0;
        for (const auto& trade : all.trades["trades"]) {
            if (trade["time_ms"] >= last["start_ms"]) {
                (trade["side"] == "buy" ? bought : sold) += number(trade["size"]);
            }
        }
        EXPECT_NEAR(last["buy"].get<double>(), bought, 1e-6) << steps[which];
        EXPECT_NEAR(last["sell"].get<double>(), sold, 1e-6) << steps[which];
    }
}

TEST_F(MarketDocuments, TheProfilesPointOfControlIsItsLargestBin) {
    const auto profile = json_of("profile");
    const std::vector<double> volumes = profile["volumes"];
    ASSERT_FALSE(volumes.empty());
    const auto low = profile["low"].get<double>();
    const double height = (profile["high"].get<double>() - low) / static_cast<double>(volumes.size());
    const auto largest = static_cast<double>(std::ranges::max_element(volumes) - volumes.begin());
    EXPECT_NEAR((profile["point_of_control"].get<double>() - low) / height, largest + 0.5, 1e-6);
    double inside = 0;
    for (std::size_t i = 0; i < volumes.size(); ++i) {
        const double middle = low + height * (static_cast<double>(i) + 0.5);
        if (middle > profile["value_area_low"] && middle < profile["value_area_high"]) {
            inside += volumes[i];
        }
    }
    const double whole = std::accumulate(volumes.begin(), volumes.end(), 0.0);
    EXPECT_GE(inside, 0.7 * whole - 1e-6);
    EXPECT_LT(inside, whole);
}

TEST_F(MarketDocuments, LevelsLieOnTheGridOfTheirTimeframe) {
    const auto levels = json_of("levels");
    std::size_t timed = 0;
    for (const auto& [name, list] : levels["timeframes"].items()) {
        const auto interval = interval_ms(timeframe_named(name).value());
        for (const auto& level : list) {
            EXPECT_LE(level["low"], level["high"]);
            EXPECT_EQ(level["kind"] == "support_resistance", level["direction"].is_null()) << level;
            EXPECT_EQ(level["kind"] == "support_resistance", level["touches"].is_number()) << level;
            if (!level["time_ms"].is_null()) {
                const auto time = level["time_ms"].get<std::int64_t>();
                EXPECT_EQ(time % interval, 0) << name << level;
                EXPECT_LE(time + interval, levels["as_of_ms"].get<std::int64_t>()) << name << level;
                ++timed;
            }
        }
    }
    EXPECT_GT(timed, 10U);
}

TEST_F(MarketDocuments, DerivativesRunOldestFirst) {
    const auto document = json_of("derivatives?liquidations=3");
    for (const std::string list : {"open_interest", "funding", "account_ratio"}) {
        ASSERT_GT(document[list].size(), 10U) << list;
        for (std::size_t i = 1; i < document[list].size(); ++i) {
            EXPECT_LT(document[list][i - 1]["time_ms"], document[list][i]["time_ms"]) << list;
        }
    }
    EXPECT_EQ(document["liquidations"].size(),
              std::min<std::size_t>(3, document["liquidations_kept"].get<std::size_t>()));
    EXPECT_GT(document["now"]["next_funding_ms"], document["as_of_ms"]);
}

TEST_F(MarketDocuments, OneSymbolIsTheRowOfTheListAndTheBreakdownsWords) {
    const auto list = json("/api/v1/symbols?sort=symbol");
    for (const auto& row : list["symbols"]) {
        const std::string path = "/api/v1/symbols/" + row["symbol"].get<std::string>();
        EXPECT_EQ(json(path)["row"]["symbol"], row["symbol"]);
        const auto words = json(path + "/interpretations");
        const auto whole = json(path + "/confluence");
        EXPECT_EQ(words["components"].size(), whole["components"].size());
        for (const auto& [name, component] : words["components"].items()) {
            EXPECT_FALSE(component["interpretation"].get<std::string>().empty()) << name;
            EXPECT_TRUE(whole["components"].contains(name));
        }
    }
}

}  // namespace

}  // namespace virtuoso
