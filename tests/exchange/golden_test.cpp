// Every reference payload decodes to the right events or is refused for the right reason.
#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"
#include "support/shared_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

namespace virtuoso {
namespace {

struct Expectation {
    const char* file;
    const char* target;   ///< REST path and query; unused for streams
    const char* outcome;  ///< what `describe` says, or "refused: " and a word of the message
};

std::string describe(const MarketEvent& event) {
    struct Describer {
        std::string operator()(const BookSnapshot& s) const {
            return "snapshot " + std::to_string(s.bids.size()) + "x" + std::to_string(s.asks.size()) + " u" +
                   std::to_string(s.update_id);
        }
        std::string operator()(const BookDelta& d) const {
            return "delta " + std::to_string(d.bids.size()) + "x" + std::to_string(d.asks.size()) + " u" +
                   std::to_string(d.last_update_id);
        }
        std::string operator()(const Trades& t) const {
            const auto& p = t.prints.front();
            std::string text = "trades " + std::to_string(t.prints.size()) + " " + to_text(p.price) + "x" +
                               to_text(p.size) + (p.taker == Side::buy ? " buy" : " sell");
            for (const auto& print : t.prints) {
                text += print.block ? " block" : "";
                text += print.retail ? " retail" : "";
            }
            return text;
        }
        std::string operator()(const TickerUpdate& t) const {
            std::string text = "ticker";
            text += t.last_price ? " last " + to_text(*t.last_price) : "";
            text += t.open_interest ? " oi " + fmt::format("{}", *t.open_interest) : "";
            text += t.best_bid ? " bid " + to_text(t.best_bid->price) : "";
            text += t.funding_interval_minutes ? " every " + std::to_string(*t.funding_interval_minutes) : "";
            text += t.mark_price && !t.last_price ? " mark " + to_text(*t.mark_price) : "";
            return text;
        }
        std::string operator()(const KlineUpdate& k) const {
            return "kline " + std::string(name_of(k.timeframe)) + " " + to_text(k.candle.close) +
                   (k.confirmed ? " closed" : " open");
        }
        std::string operator()(const Liquidations& l) const {
            const auto& e = l.events.front();
            return "liquidation " +
                   std::string(e.position == PositionSide::long_position ? "long " : "short ") +
                   to_text(e.size) + "x" + to_text(e.price);
        }
        std::string operator()(const KlineHistory& k) const {
            return "klines " + std::string(name_of(k.timeframe)) + " " + std::to_string(k.candles.size()) +
                   " first " + std::to_string(k.candles.front().open_time.ms);
        }
        std::string operator()(const OpenInterestHistory& o) const {
            return "interest " + std::to_string(o.points.size()) + " last " +
                   fmt::format("{}", o.points.back().open_interest) + " from " +
                   std::to_string(o.points.front().time.ms);
        }
        std::string operator()(const FundingHistory& f) const {
            return "funding " + std::to_string(f.points.size()) + " last " +
                   std::to_string(f.points.back().rate);
        }
        std::string operator()(const AccountRatioHistory& a) const {
            return "ratio " + std::to_string(a.points.size()) + " last " +
                   std::to_string(a.points.back().buy_ratio);
        }
    };
    return std::string(event.symbol) + " " + std::visit(Describer{}, event.payload);
}

void check(const Expectation& expected, const std::string& outcome) {
    const std::string wanted = expected.outcome;
    if (wanted.starts_with("refused: ")) {
        EXPECT_TRUE(outcome.starts_with("refused: ") && outcome.find(wanted.substr(9)) != std::string::npos)
            << expected.file << ": " << outcome;
    } else {
        EXPECT_EQ(outcome, wanted) << expected.file;
    }
}

void check_all_covered(const std::string& folder, std::span<const Expectation> expectations) {
    std::set<std::string> covered;
    for (const auto& expected : expectations) {
        covered.insert(expected.file);
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto name = entry.path().stem().string();
        EXPECT_TRUE(covered.contains(name)) << name << " has no expectation";
    }
}

std::string rest_outcome(RestCodec& codec, const char* target, PaddedFrame body) {
    const auto reply = codec.decode(target, body);
    if (!reply) {
        return "refused: " + reply.error().message;
    }
    EXPECT_EQ(codec.skipped().count(), 0U) << target;
    if (const auto* time = std::get_if<ServerTime>(&*reply)) {
        return "time " + std::to_string(time->time.ns);
    }
    if (const auto* page = std::get_if<InstrumentPage>(&*reply)) {
        const auto& first = page->instruments.front();
        return "instruments " + std::to_string(page->instruments.size()) + " " + first.symbol + " " +
               std::string(name_of(first.asset_class)) + " tick " + to_text(first.tick_size) + " step " +
               to_text(first.quantity_step) + " cursor " + page->next_cursor;
    }
    return describe(std::get<MarketReply>(*reply).events.front());
}

void check_rest(const std::string& folder, std::span<const Expectation> expectations) {
    bybit::BybitRestCodec codec;
    FrameBuffer buffer;
    for (const auto& expected : expectations) {
        const auto body = test::read_text(folder + "/" + expected.file + ".json");
        check(expected, rest_outcome(codec, expected.target, buffer.assign(body)));
    }
}

TEST(Golden, BybitRest) {
    const auto folder = test::shared_path("golden/bybit/rest");
    VIRTUOSO_NEED_FILE(folder);
    const Expectation expectations[] = {
        {"adl-alert.1", "/v5/market/adlAlert", "refused: adlAlert"},
        {"delivery-price.1", "/v5/market/delivery-price", "refused: delivery-price"},
        {"fee-group-info.1", "/v5/market/fee-group-info", "refused: fee-group-info"},
        {"full-ob.1", "/v5/market/full-orderbook", "refused: full-orderbook"},
        {"history-fund-rate.1", "/v5/market/funding/history", "ETHPERP funding 1 last 0.000100"},
        {"index-components.1", "/v5/market/index-price-components", "refused: index-price-components"},
        {"index-kline.1", "/v5/market/index-price-kline", "refused: index-price-kline"},
        {"instrument.1", "/v5/market/instruments-info", "refused: option"},
        {"instrument.2", "/v5/market/instruments-info", "refused: contractType"},
        {"insurance.1", "/v5/market/insurance", "refused: insurance"},
        {"iv.1", "/v5/market/historical-volatility", "refused: historical-volatility"},
        {"kline.1", "/v5/market/kline?interval=60", "BTCUSD klines 1h 3 first 1670601600000"},
        {"long-short-ratio.1", "/v5/market/account-ratio", "BTCUSDT ratio 2 last 0.490000"},
        {"mark-kline.1", "/v5/market/mark-price-kline", "refused: mark-price-kline"},
        {"new-delivery-price.1", "/v5/market/new-delivery-price", "refused: new-delivery-price"},
        {"nt_funding_history", "/v5/market/funding/history", "BTCUSDT funding 2 last 0.000100"},
        {"nt_instruments_linear", "/v5/market/instruments-info",
         "instruments 2 BTCUSDT crypto tick 0.5 step 0.001 cursor "},
        {"nt_instruments_linear_symbol_type", "/v5/market/instruments-info",
         "instruments 1 TSLAUSDT stock tick 0.01 step 0.001 cursor "},
        {"nt_klines_linear", "/v5/market/kline?interval=1", "BTCUSDT klines 1m 1 first 1709891679000"},
        {"nt_orderbook", "/v5/market/orderbook", "BTCUSDT snapshot 3x3 u1234567"},
        {"nt_positions", "/v5/position/list", "refused: position"},
        {"nt_positions_with_open_time", "/v5/position/list", "refused: position"},
        {"nt_trades_recent", "/v5/market/recent-trade", "BTCUSDT trades 1 27450.5x0.005 buy"},
        {"nt_wallet_balance", "/v5/account/wallet-balance", "refused: wallet-balance"},
        {"nt_wallet_balance_spot_short", "/v5/account/wallet-balance", "refused: wallet-balance"},
        {"nt_wallet_balance_with_spot_borrow", "/v5/account/wallet-balance", "refused: wallet-balance"},
        {"open-interest.1", "/v5/market/open-interest", "BTCUSD interest 5 last 31955346 from 1780617600000"},
        {"order-price-limit.1", "/v5/market/price-limit", "refused: price-limit"},
        {"orderbook.1", "/v5/market/orderbook", "BTCUSDT snapshot 1x1 u230704"},
        {"premium-index-kline.1", "/v5/market/premium-index-price-kline",
         "refused: premium-index-price-kline"},
        {"recent-trade.1", "/v5/market/recent-trade", "BTCUSDT trades 1 16618.49x0.00012 buy retail"},
        {"rpi-orderbook.1", "/v5/market/rpi_orderbook", "refused: rpi_orderbook"},
        {"tickers.1", "/v5/market/tickers",
         "BTCUSD ticker last 120635.5 oi 120056983.5 bid 103401 every 480"},
        {"tickers.2", "/v5/market/tickers", "refused: option"},
        {"tickers.3", "/v5/market/tickers", "BTCUSDT ticker last 20533.13 bid 20517.96"},
        {"time.1", "/v5/market/time", "time 1688639403423213947"},
        // Answers of products that are not decoded stay refused when they are asked for as if they were.
        {"rpi-orderbook.1", "/v5/market/orderbook", "refused: RPI"},
        {"tickers.2", "/v5/market/kline?interval=1", "refused: option"},
    };
    check_all_covered(folder, expectations);
    check_rest(folder, expectations);
}

std::string stream_outcome(StreamCodec& codec, PaddedFrame frame) {
    const auto decoded = codec.decode(frame);
    if (!decoded) {
        return "refused: " + decoded.error().message;
    }
    switch (decoded->kind) {
        case FrameKind::market:
            return describe(decoded->events.front());
        case FrameKind::subscribed:
            return "subscribed " + std::string(decoded->request_id);
        case FrameKind::unsubscribed:
            return "unsubscribed " + std::string(decoded->request_id);
        case FrameKind::subscription_failed:
            return "not subscribed: " + std::string(decoded->detail);
        case FrameKind::pong:
            return "pong";
        case FrameKind::authenticated:
            return "authenticated";
        case FrameKind::authentication_failed:
            return "not authenticated: " + std::string(decoded->detail);
        case FrameKind::request:
            return "request";
        case FrameKind::quiet:
            return "quiet";
    }
    return "";
}

TEST(Golden, BybitStream) {
    const auto folder = test::shared_path("golden/bybit/ws");
    VIRTUOSO_NEED_FILE(folder);
    const Expectation expectations[] = {
        {"adl-alert.1", "", "refused: adlAlert"},
        {"all-liquidation.1", "", "ROSEUSDT liquidation short 20000x0.04499"},
        {"full-ob.1", "", "refused: orderbook.full"},
        {"insurance-pool.1", "", "request"},
        {"insurance-pool.2", "", "refused: insurance"},
        {"kline.1", "", "BTCUSDT kline 5m 16677 open"},
        {"nt_auth_failure", "", "not authenticated: Invalid apikey"},
        {"nt_auth_success", "", "authenticated"},
        {"nt_kline", "", "BTCUSDT kline 5m 16677 open"},
        {"nt_orderbook_delta", "", "BTCUSDT delta 1x1 u123456790"},
        {"nt_orderbook_snapshot", "", "BTCUSDT snapshot 2x2 u123456789"},
        {"nt_public_trade", "", "BTCUSDT trades 1 27451x0.01 buy"},
        {"nt_subscription_ack", "", "subscribed sub-orderbook-1"},
        {"nt_subscription_failure", "", "not subscribed: Invalid topic: invalid.topic.BTCUSDT"},
        {"nt_ticker_linear", "", "BTCUSDT ticker last 17216 oi 34372.3805 bid 17215.5 every 480"},
        {"order-price-limit.1", "", "request"},
        {"order-price-limit.2", "", "refused: priceLimit"},
        {"orderbook-rpi.1", "", "request"},
        {"orderbook-rpi.2", "", "subscribed "},
        {"orderbook-rpi.3", "", "refused: orderbook.rpi"},
        {"orderbook.1", "", "BTCUSDT snapshot 2x2 u18521288"},
        {"orderbook.2", "", "BTCUSDT delta 5x7 u177400507"},
        {"ticker.1", "", "refused: option"},
        {"ticker.2", "", "BTCUSDT ticker last 21109.77"},
        {"trade.1", "", "BTCUSDT trades 1 16578.5x0.001 buy"},
    };
    check_all_covered(folder, expectations);
    bybit::BybitStreamCodec codec;
    FrameBuffer buffer;
    for (const auto& expected : expectations) {
        check(expected,
              stream_outcome(codec, buffer.assign(test::read_text(folder + "/" + expected.file + ".json"))));
    }
}

TEST(Golden, BybitRestOf2026) {
    const auto folder = test::shared_path("golden/2026/bybit/rest");
    VIRTUOSO_NEED_FILE(folder);
    const Expectation expectations[] = {
        {"live_account_ratio", "/v5/market/account-ratio?symbol=ETHUSDT", "ETHUSDT ratio 3 last 0.678400"},
        {"live_open_interest_seconds", "/v5/market/open-interest?symbol=BTCUSDT",
         "BTCUSDT interest 3 last 26332.321 from 1789458000000"},
        {"live_open_interest_seconds_1h", "/v5/market/open-interest?symbol=ETHUSDT",
         "ETHUSDT interest 5 last 517451.89 from 1757782800000"},
        {"shape_recent_trade_rpi", "/v5/market/recent-trade?symbol=BTCUSDT",
         "BTCUSDT trades 2 100x0.1 buy block retail"},
    };
    check_all_covered(folder, expectations);
    check_rest(folder, expectations);
}

TEST(Golden, BybitStreamOf2026) {
    const auto folder = test::shared_path("golden/2026/bybit/ws");
    VIRTUOSO_NEED_FILE(folder);
    const Expectation expectations[] = {
        {"live_already_subscribed", "",
         "not subscribed: error:already subscribed,topic:allLiquidation.ORDERUSDT"},
        {"live_handler_not_found", "",
         "not subscribed: error:handler not found,topic:orderbook.1000.NOPEUSDT"},
        {"live_orderbook_1_snapshot", "", "BTCUSDT snapshot 1x1 u31398762"},
        {"live_pong", "", "pong"},
        {"live_public_trade_two", "", "BTCUSDT trades 2 64345.2x0.001 sell"},
        {"live_subscribed", "", "subscribed t1"},
        {"live_ticker_delta", "", "BTCUSDT ticker"},
        {"live_ticker_snapshot", "", "BTCUSDT ticker last 63561.6 oi 29986.128 bid 63561.5 every 480"},
    };
    check_all_covered(folder, expectations);
    bybit::BybitStreamCodec codec;
    FrameBuffer buffer;
    for (const auto& expected : expectations) {
        check(expected,
              stream_outcome(codec, buffer.assign(test::read_text(folder + "/" + expected.file + ".json"))));
    }
}

TEST(Golden, BinanceStream) {
    const auto folder = test::shared_path("golden/binance/ws");
    VIRTUOSO_NEED_FILE(folder);
    const Expectation expectations[] = {
        {"agg_trade_stream", "", "BTCUSDT trades 1 0.001x100 sell"},
        {"book_ticker_stream", "", "BNBUSDT ticker bid 25.3519"},
        {"depth_update_stream", "", "BTCUSDT delta 1x1 u160"},
        {"kline_stream_closed", "", "BTCUSDT kline 1m 0.002 closed"},
        {"kline_stream_open", "", "refused: low 0.0015"},
        {"liquidation_stream", "", "BTCUSDT liquidation long 0.014x9910.12345678"},
        {"mark_price_stream", "", "BTCUSDT ticker mark 11794.15"},
        {"ticker_stream", "", "BTCUSDT ticker last 16584.6"},
        {"trade_stream", "", "BTCUSDT trades 1 0.001x100 sell"},
    };
    check_all_covered(folder, expectations);
    binance::BinanceStreamCodec codec(binance::Market::usdm);
    FrameBuffer buffer;
    for (const auto& expected : expectations) {
        check(expected,
              stream_outcome(codec, buffer.assign(test::read_text(folder + "/" + expected.file + ".json"))));
    }
}

TEST(Golden, BinanceStreamOfToday) {
    const auto folder = test::shared_path("golden/2026/binance/ws");
    VIRTUOSO_NEED_FILE(folder);
    const Expectation expectations[] = {
        {"doc_agg_trade", "", "BNBUSDT trades 1 0.001x100 sell"},
        {"doc_book_ticker", "", "BNBUSDT ticker bid 25.3519"},
        {"doc_contract_info", "", "refused: contractInfo"},
        {"doc_depth_diff", "", "BNBUSDT delta 1x1 u160"},
        {"doc_depth_partial", "", "refused: a level is"},
        {"doc_force_order", "", "BTCUSDT liquidation long 0.014x9910"},
        {"doc_force_order_all", "", "BTCUSDT liquidation long 0.014x9910"},
        {"doc_kline", "", "refused: low 0.0015"},
        {"doc_mark_price", "", "BTCUSDT ticker mark 11794.15"},
        {"doc_mark_price_arr", "", "BTCUSDT ticker mark 11185.87786614"},
        {"doc_rpi_depth", "", "BNBUSDT delta 1x1 u160"},  // without its stream's name nothing tells it apart
        {"doc_ticker", "", "BNBUSDT ticker last 0.0025"},
        {"doc_ticker_arr", "", "BNBUSDT ticker last 0.0025"},
        {"doc_trading_session", "", "refused: EquityUpdate"},
        {"live_agg_trade", "", "BTCUSDT trades 1 64990.9x0.002 sell"},
        {"live_book_ticker", "", "BTCUSDT ticker bid 64336"},
        {"live_depth_diff", "", "ETHUSDT delta 16x8 u11289273848795"},
        {"live_depth_diff_one_sided", "", "BTCUSDT delta 0x1 u359220619477"},
        {"live_force_order", "", "STGUSDT liquidation long 5x0.1355"},
        {"live_kline_closed", "", "BTCUSDT kline 1m 64969.4 closed"},
        {"live_kline_open", "", "BTCUSDT kline 1m 64346.7 open"},
        {"live_mark_price", "", "BTCUSDT ticker mark 64991.37858696"},
        {"live_subscribed", "", "subscribed 1"},
        {"live_trade", "", "BTCUSDT trades 1 80227x0.01 sell"},
        {"shape_agg_trade_chinese_symbol", "", "币安人生USDT trades 1 1x2 buy"},
    };
    check_all_covered(folder, expectations);
    binance::BinanceStreamCodec codec(binance::Market::usdm);
    FrameBuffer buffer;
    for (const auto& expected : expectations) {
        check(expected,
              stream_outcome(codec, buffer.assign(test::read_text(folder + "/" + expected.file + ".json"))));
    }
}

TEST(Golden, BinanceRestOfToday) {
    const auto folder = test::shared_path("golden/2026/binance/rest");
    VIRTUOSO_NEED_FILE(folder);
    const Expectation expectations[] = {
        {"doc_agg_trades", "/fapi/v1/aggTrades?symbol=BTCUSDT",
         "BTCUSDT trades 1 0.01633102x4.70443515 sell"},
        {"doc_depth", "/fapi/v1/depth?symbol=BTCUSDT", "BTCUSDT snapshot 1x1 u1027024"},
        {"doc_exchange_info", "/fapi/v1/exchangeInfo",
         "instruments 1 BLZUSDT crypto tick 0.0001 step 1 cursor "},
        {"doc_funding_info", "/fapi/v1/fundingInfo", "BLZUSDT ticker every 480"},
        {"doc_funding_rate", "/fapi/v1/fundingRate?symbol=BTCUSDT", "BTCUSDT funding 1 last -0.037500"},
        {"doc_global_long_short_account_ratio", "/futures/data/globalLongShortAccountRatio?symbol=BTCUSDT",
         "BTCUSDT ratio 1 last 0.662200"},
        {"doc_open_interest", "/fapi/v1/openInterest?symbol=BTCUSDT", "BTCUSDT ticker oi 10659.509"},
        {"doc_open_interest_hist", "/futures/data/openInterestHist?symbol=BTCUSDT",
         "BTCUSDT interest 1 last 20403.12345678 from 1591261042378"},
        {"doc_premium_index", "/fapi/v1/premiumIndex", "refused: premiumIndex"},
        {"doc_rpi_depth", "/fapi/v1/rpiDepth?symbol=BTCUSDT", "refused: rpiDepth"},
        {"doc_ticker_24hr", "/fapi/v1/ticker/24hr", "BTCUSDT ticker last 4.000002"},
        {"doc_time", "/fapi/v1/time", "time 1499827319559000000"},
        {"doc_trades", "/fapi/v1/trades?symbol=BTCUSDT", "refused: trades"},
        {"doc_trading_schedule", "/fapi/v1/tradingSchedule", "refused: tradingSchedule"},
        {"live_depth", "/fapi/v1/depth?symbol=BTCUSDT", "BTCUSDT snapshot 5x5 u359226328428"},
        {"live_http_451", "/fapi/v1/time", "refused: restricted location"},
        {"live_http_451", "/fapi/v1/exchangeInfo", "refused: restricted location"},
        {"live_http_451", "/fapi/v1/klines?symbol=BTCUSDT&interval=1m", "refused: restricted location"},
    };
    check_all_covered(folder, expectations);
    binance::BinanceRestCodec codec;
    FrameBuffer buffer;
    for (const auto& expected : expectations) {
        const auto body = test::read_text(folder + "/" + expected.file + ".json");
        check(expected, rest_outcome(codec, expected.target, buffer.assign(body)));
    }
}

}  // namespace
}  // namespace virtuoso
