// What the simulated exchange tells of its past goes over into what it does live.
#include "exchange/binance/dialect.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "sim/market_model.hpp"
#include "sim/simulated_binance.hpp"
#include "sim/simulated_exchange.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace virtuoso::sim {
namespace {

constexpr std::int64_t start_ms = 1'795'567'266'970;
constexpr std::int64_t past_minutes = 8 * 60;
constexpr std::int64_t live_minutes = 3 * 60;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Live over past, of the medians of what a minute's candle tells.
template <typename Measure>
double ratio_of(SymbolMarket& market, Measure&& measure) {
    std::vector<double> past;
    std::vector<double> live;
    for (const SimCandle& candle : market.candles().candles(0)) {
        const std::int64_t end_ms = candle.start_ms + ms_per_minute;
        if (end_ms > start_ms - past_minutes * ms_per_minute && end_ms <= start_ms) {
            past.push_back(measure(candle));
        } else if (candle.start_ms > start_ms && end_ms <= start_ms + live_minutes * ms_per_minute) {
            live.push_back(measure(candle));
        }
    }
    return median(live) / median(past);
}

/// Volatility changes from hour to hour and volume with it: a single contract may be further apart than all
/// are.
void expect_joined(std::vector<double> ratios, const std::string& what) {
    std::sort(ratios.begin(), ratios.end());
    const double low = ratios[ratios.size() / 10];
    const double high = ratios[ratios.size() - 1 - ratios.size() / 10];
    EXPECT_GT(low, 0.5) << what;
    EXPECT_LT(high, 2) << what;
    EXPECT_NEAR(std::log(ratios[ratios.size() / 2]), 0, 0.2) << what;
}

TEST(PastAndPresent, VolumeTurnoverAndOpenInterestAreOfOneKind) {
    std::vector<double> volume;
    std::vector<double> turnover;
    std::vector<double> interest;
    for (const std::uint64_t seed : {1U, 2U}) {
        MarketModel model(30, seed, {start_ms});
        model.advance(start_ms + live_minutes * ms_per_minute);
        for (std::size_t i = 0; i < model.size(); ++i) {
            SymbolMarket& market = model.market(i);
            volume.push_back(
                ratio_of(market, [](const SimCandle& c) { return static_cast<double>(c.steps); }));
            turnover.push_back(ratio_of(market, [](const SimCandle& c) { return c.turnover; }));
            std::vector<double> past;
            std::vector<double> live;
            const auto points = market.open_interest_history(
                5 * ms_per_minute, start_ms - past_minutes * ms_per_minute, model.now_ms());
            for (std::size_t k = 1; k < points.size(); ++k) {
                const double change = std::fabs(points[k].quantity / points[k - 1].quantity - 1);
                if (points[k - 1].time_ms <= start_ms && points[k].time_ms > start_ms) {
                    EXPECT_LT(change, 0.02) << "no jump where the present begins";
                }
                (points[k].time_ms <= start_ms ? past : live).push_back(change);
            }
            interest.push_back(median(live) / median(past));
        }
    }
    expect_joined(volume, "volume");
    expect_joined(turnover, "turnover");
    expect_joined(interest, "open interest");
}

TEST(PastAndPresent, FundingGoesOnWhereItsHistoryEnds) {
    MarketModel model(30, 5, {start_ms});
    model.advance(start_ms + ms_per_minute);
    double spread = 0;
    for (std::size_t i = 0; i < model.size(); ++i) {
        SymbolMarket& market = model.market(i);
        const auto history = market.funding_history(start_ms - 20 * ms_per_day, start_ms);
        ASSERT_GT(history.size(), 50U);
        std::vector<double> steps;
        for (std::size_t k = 1; k < history.size(); ++k) {
            steps.push_back(std::fabs(history[k].rate - history[k - 1].rate));
        }
        EXPECT_LT(std::fabs(market.funding_rate() - history.back().rate),
                  *std::max_element(steps.begin(), steps.end()) + 1e-4)
            << market.instrument().symbol;
        spread += std::fabs(market.funding_rate() - 1e-4);
    }
    EXPECT_GT(spread / static_cast<double>(model.size()), 1e-5) << "it is not one rate for ever";
}

TEST(PastAndPresent, TheDaysTickerIsTheSumOfItsCandles) {
    MarketModel model(10, 4, {start_ms});
    for (const std::int64_t minutes : {0, 1, 61, 130}) {
        model.advance(start_ms + minutes * ms_per_minute);
        for (std::size_t i = 0; i < model.size(); ++i) {
            SymbolMarket& market = model.market(i);
            const SimCandle day = market.day();
            double steps = 0;
            double turnover = 0;
            for (const SimCandle& candle : market.candles().candles(2)) {  // 5 minutes
                if (candle.start_ms > model.now_ms() - ms_per_day - 5 * ms_per_minute) {
                    steps += static_cast<double>(candle.steps);
                    turnover += candle.turnover;
                }
            }
            EXPECT_NEAR(static_cast<double>(day.steps) / steps, 1, 1e-3) << minutes << " minutes";
            EXPECT_NEAR(day.turnover / turnover, 1, 1e-3) << minutes << " minutes";
        }
    }
}

/// Asks as a client does. Every ninth of all contracts: prices from 1e-5 up, volumes beyond 9.2e10.
template <typename Exchange, typename Codec>
void expect_readable(const ExchangeDialect& dialect) {
    Exchange exchange({.symbols = 560, .seed = 3, .start = {start_ms}});
    exchange.advance(start_ms + 2 * ms_per_second);
    Codec codec;
    FrameBuffer buffer;
    for (std::size_t i = 0; i < exchange.model().size(); i += 9) {
        const std::string& name = exchange.model().market(i).instrument().symbol;
        for (const auto& request : dialect.history_of(name)) {
            const ServerAnswer answer = exchange.answer({.target = request.target});
            const auto reply = codec.decode(request.target, buffer.assign(answer.http.body));
            EXPECT_TRUE(reply) << request.target << ": " << reply.error().message;
        }
    }
}

TEST(PastAndPresent, EveryHistoryIsReadable) {
    expect_readable<SimulatedExchange, bybit::BybitRestCodec>(bybit::BybitDialect());
    expect_readable<SimulatedBinance, binance::BinanceRestCodec>(binance::UsdmDialect());
}

class Listener final : public ServerPeer {
  public:
    void send(const SharedText& frame) override { frames.push_back(*frame); }
    void hang_up() override {}
    std::vector<std::string> frames;
};

TEST(RefuseFault, StrikesWhicheverTopicOfARequestItMatches) {
    SimulatedExchange exchange({.symbols = 3, .seed = 1, .start = {start_ms}});
    exchange.faults().add(*Fault::parse("refuse:match=kline.1.ETHUSDT,count=1", start_ms));
    Listener listener;
    exchange.join(listener, "/");
    const std::string topics = R"("publicTrade.BTCUSDT","tickers.ETHUSDT","kline.1.ETHUSDT")";
    exchange.receive(listener, R"({"op":"subscribe","req_id":"1","args":["publicTrade.BTCUSDT"]})");
    ASSERT_FALSE(listener.frames.empty());
    EXPECT_NE(listener.frames.back().find(R"("success":true)"), std::string::npos) << "not its topic";
    exchange.receive(listener, R"({"op":"unsubscribe","req_id":"2","args":["publicTrade.BTCUSDT"]})");
    exchange.receive(listener, fmt::format(R"({{"op":"subscribe","req_id":"3","args":[{}]}})", topics));
    EXPECT_NE(listener.frames.back().find("topic:kline.1.ETHUSDT"), std::string::npos)
        << listener.frames.back();
    exchange.receive(listener, fmt::format(R"({{"op":"subscribe","req_id":"4","args":[{}]}})", topics));
    EXPECT_TRUE(std::any_of(listener.frames.begin(), listener.frames.end(), [](const std::string& frame) {
        return frame.find(R"("req_id":"4")") != std::string::npos &&
               frame.find(R"("success":true)") != std::string::npos;
    })) << "it was to strike once, of one request";
}

}  // namespace
}  // namespace virtuoso::sim
