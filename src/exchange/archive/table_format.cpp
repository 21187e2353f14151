#include "exchange/archive/table_format.hpp"

#include "exchange/archive/spelled_number.hpp"
#include "exchange/archive/spelled_time.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace virtuoso::archive {

namespace {

using enum Column;

constexpr ColumnSet prices = set_of(time, open, high, low, close);

constexpr std::array bare_klines{time,       open,     high, low,       close, volume,
                                 close_time, turnover, none, taker_buy, none,  none};
constexpr std::array bare_candles{time, open, high, low, close, volume};
constexpr std::array bare_candles_with_turnover{time, open, high, low, close, volume, turnover};
constexpr std::array bare_spot_aggregates{aggregate_id, price, size, none, none, time, buyer_maker, none};
constexpr std::array bare_aggregates{aggregate_id, price, size, none, none, time, buyer_maker};
constexpr std::array bare_spot_trades{id, price, size, none, time, buyer_maker, none};
constexpr std::array bare_trades{id, price, size, none, time, buyer_maker};
constexpr std::array bare_ccxt_trades{time, id, none, side, price, size, none};
constexpr std::array bare_rate_in_candles{time, funding_rate, zero, zero, zero, zero};
constexpr std::array bare_funding{time, funding_hours, funding_rate};

constexpr TableFormat formats[] = {
    {.name = "merged-streams",
     .what = "rows of several streams in one table",
     .all = set_of(stream_type),
     .example = "it mixes books and trades: give the files of its streams"},
    {.name = "binance-depth-csv",
     .what = "Binance's depth updates, one level a line",
     .kind = TableKind::book,
     .exchange = "binance-usdm",
     .all = set_of(last_id, first_id, previous_id, price, size),
     .any = set_of(side, is_ask),
     .example = "symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\n"
                "BTCUSDT,1736899200000,1000,1000,b,snap,96500.00,1.500,-1\n"
                "BTCUSDT,1736899200000,1000,1000,a,snap,96500.10,2.000,-1\n"
                "BTCUSDT,1736899200100,1001,1004,b,set,96499.90,0.700,1000"},
    {.name = "binance-spot-depth-csv",
     .what = "Binance's depth updates of the spot market, one level a line",
     .kind = TableKind::book,
     .exchange = "binance-spot",
     .all = set_of(last_id, first_id, price, size),
     .any = set_of(side, is_ask),
     .example = "TimestampOfReceive,EventTime,Symbol,FirstUpdateId,FinalUpdateId,IsAsk,Price,Quantity\n"
                "1736899200100900,1736899200100000,TRXUSDT,1001,1004,0,0.2311,804.7\n"
                "1736899200200900,1736899200200000,TRXUSDT,1005,1005,1,0.2312,12.5"},
    {.name = "tardis-book",
     .what = "Tardis incremental_book_L2",
     .kind = TableKind::book,
     .all = set_of(time, is_snapshot, side, price, size),
     .example = "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
                "bybit,XRPUSDT,1736899200005000,1736899200008123,true,bid,2.3100,100\n"
                "bybit,XRPUSDT,1736899200005000,1736899200008123,true,ask,2.3101,200"},
    {.name = "bybit-trades",
     .what = "Bybit's public archive of trades",
     .kind = TableKind::trades,
     .exchange = "bybit",
     .all = set_of(time, price, size, side, tick_direction),
     .example =
         "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n"
         "1736899200.3700,XRPUSDT,Sell,97,2.3180,ZeroMinusTick,81e74ef5-e8e2-5d94-0ed9-04759531985d,2.24e+10,"
         "97,224.8"},
    {.name = "trades",
     .what = "trades of any program: time, price, size and side, or who made the price (Binance trades and "
             "aggTrades, "
             "Tardis)",
     .kind = TableKind::trades,
     .all = set_of(time, price, size),
     .any = set_of(side, buyer_maker),
     .example = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
                "77000,3211.05,0.200,90000,90001,1736899200000,false"},
    {.name = "binance-klines",
     .what = "klines of Binance's public archive",
     .kind = TableKind::candles,
     .all = prices | set_of(close_time, taker_buy),
     .example = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
                "taker_buy_quote_volume,ignore\n"
                "1736899200000,96500.00,96500.00,96498.00,96499.00,6.500,1736899259999,627243.5,3,3.250,"
                "313621.75,0"},
    {.name = "candles",
     .what = "candles of any program: time, open, high, low, close and volume in any order (TradingView, "
             "spreadsheets, "
             "data frames, exchanges)",
     .kind = TableKind::candles,
     .all = prices,
     .example = "Date;Open;High;Low;Close;Volume\n"
                "2025-01-15 00:00:00;96500.0;96500.0;96498.0;96499.0;6.5\n"
                "2025-01-15 00:01:00;96499.0;96502.0;96497.5;96500.5;33.8"},
    {.name = "taker-volumes",
     .what = "taker volumes",
     .all = set_of(time, taker_buy, taker_sell),
     .example = "it holds no prices"},
    {.name = "binance-metrics",
     .what = "metrics of Binance's public archive: open interest and the ratio of accounts",
     .kind = TableKind::series,
     .exchange = "binance-usdm",
     .all = set_of(time, open_interest, long_short),
     .example =
         "create_time,symbol,sum_open_interest,sum_open_interest_value,count_toptrader_long_short_ratio,"
         "sum_toptrader_long_short_ratio,count_long_short_ratio,sum_taker_long_short_vol_ratio\n"
         "2025-01-15 00:05:00,ETHUSDT,1500001.0,4800100000.0,1.2,1.1,1.4,0.98"},
    {.name = "series",
     .what = "funding rates, open interest, ratios of accounts or mark prices: a time and any of them",
     .kind = TableKind::series,
     .all = set_of(time),
     .any = set_of(funding_rate, open_interest, long_short, long_share, mark_price),
     .example = "calc_time,funding_interval_hours,last_funding_rate\n"
                "1736899200000,8,0.00010000"},
    {.name = "binance-klines-bare",
     .what = "klines of Binance's public archive without a header",
     .kind = TableKind::candles,
     .bare = bare_klines,
     .example =
         "1736899200000000,96500.00,96500.00,96498.00,96499.00,6.500,1736899259999999,627243.5,3,3.250,"
         "313621.75,0"},
    {.name = "binance-spot-aggtrades-bare",
     .what = "aggTrades of Binance's spot market without a header",
     .kind = TableKind::trades,
     .exchange = "binance-spot",
     .bare = bare_spot_aggregates,
     .example = "77000,3211.05,0.200,90000,90001,1736899200000000,False,True"},
    {.name = "ccxt-trades",
     .what = "trades as lists: time, id, type, side, price, amount, cost",
     .kind = TableKind::trades,
     .bare = bare_ccxt_trades,
     .example = "[[1736899200000,\"13519807\",null,\"sell\",0.00141342,23.0,0.03250866]]"},
    {.name = "binance-aggtrades-bare",
     .what = "aggTrades of Binance without a header",
     .kind = TableKind::trades,
     .exchange = "binance-usdm",
     .bare = bare_aggregates,
     .example = "77000,3211.05,0.200,90000,90001,1736899200000,false"},
    {.name = "binance-spot-trades-bare",
     .what = "trades of Binance's spot market without a header",
     .kind = TableKind::trades,
     .exchange = "binance-spot",
     .bare = bare_spot_trades,
     .example = "900,3211.05,0.100,321.105,1736899200000,true,true"},
    {.name = "binance-trades-bare",
     .what = "trades of Binance without a header",
     .kind = TableKind::trades,
     .exchange = "binance-usdm",
     .bare = bare_trades,
     .example = "900,3211.05,0.100,321.105,1736899200000,true"},
    {.name = "freqtrade-funding",
     .what = "funding rates of freqtrade, shaped like candles",
     .kind = TableKind::series,
     .bare = bare_rate_in_candles,
     .example = "[[1736899200000,0.0001,0.0,0.0,0.0,0.0]]"},
    {.name = "candle-lists",
     .what = "candles as lists, of ccxt and freqtrade, or as rows without a header",
     .kind = TableKind::candles,
     .bare = bare_candles,
     .example = "[[1736899200000,96500.0,96500.0,96498.0,96499.0,6.5],\n"
                "[1736899260000,96499.0,96502.0,96497.5,96500.5,33.8]]"},
    {.name = "candle-lists-with-turnover",
     .what = "the same with turnover, as Bybit's klines",
     .kind = TableKind::candles,
     .bare = bare_candles_with_turnover,
     .example =
         "[[\"1736899260000\",\"96499.0\",\"96502.0\",\"96497.5\",\"96500.5\",\"33.8\",\"3261716.9\"],\n"
         "[\"1736899200000\",\"96500.0\",\"96500.0\",\"96498.0\",\"96499.0\",\"6.5\",\"627243.5\"]]"},
    {.name = "binance-funding-bare",
     .what = "fundingRate of Binance's public archive without a header",
     .kind = TableKind::series,
     .exchange = "binance-usdm",
     .bare = bare_funding,
     .example = "1736899200000,8,0.00010000"},
    {.name = "binance-bookdepth",
     .what = "bookDepth of Binance's public archive",
     .all = set_of(time, percentage),
     .example = "it holds sums within 1…5 % of the price, no levels"},
    {.name = "quotes",
     .what = "best bids and asks, or snapshots of the first levels",
     .all = set_of(bid_price, ask_price),
     .example = "it holds moments of a book, not the changes between them"},
};

bool is_positive(std::string_view text, std::int64_t& units) {
    NumberSpelling spelling;
    const auto read = nearest_units(text, "price", spelling);
    units = read.value_or(0);
    return units > 0;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](std::string_view word) {
        return std::ranges::equal(
            text, word, [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
    });
}

bool is_small(std::string_view text, double limit) {
    const auto value = spelled_real(text, "value", {});
    return value && *value >= -limit && *value <= limit;
}

bool is_real(std::string_view text) {
    return is_no_number(text) || spelled_real(text, "value", {}).has_value();
}

// Whether a cell may be of a column: loosely, but so that no two tables without a header are alike.
bool may_be(Column column, std::string_view cell) {
    constexpr double hours_max = 24;
    constexpr double rate_max = 0.2;
    std::int64_t units = 0;
    switch (column) {
        case time:
        case close_time:
            return spelled_time(cell, "time").has_value();
        case price:
        case open:
        case high:
        case low:
        case close:
            return is_positive(cell, units);
        case volume:
        case turnover:
        case taker_buy:
        case size:
            return is_real(cell);
        case buyer_maker:
            return is_one_of(cell, {"true", "false"});
        case side:
            return is_one_of(cell, {"buy", "sell", "bid", "ask", "b", "s"});
        case funding_hours:
            return is_small(cell, hours_max);
        case funding_rate:
            return is_small(cell, rate_max);
        case zero:
            return is_small(cell, 0);
        default:
            return true;
    }
}

bool fits_bare(const TableFormat& format, const Cells& cells) {
    if (format.bare.empty() || format.bare.size() != cells.size()) {
        return false;
    }
    for (std::size_t i = 0; i < format.bare.size(); ++i) {
        if (!may_be(format.bare[i], cells[i])) {
            return false;
        }
    }
    return true;
}

std::optional<TableLayout> bare_layout(const Cells& cells, char delimiter) {
    for (const auto& format : formats) {
        if (!fits_bare(format, cells)) {
            continue;
        }
        TableLayout layout{&format, delimiter, false, {}};
        for (std::size_t i = 0; i < format.bare.size(); ++i) {
            if (format.bare[i] != none && format.bare[i] != zero) {
                layout.places.put(format.bare[i], i);
            }
        }
        return layout;
    }
    return std::nullopt;
}

}  // namespace

std::span<const TableFormat> table_formats() noexcept {
    return formats;
}

std::optional<TableLayout> layout_of(std::string_view line) {
    const char delimiter = delimiter_of(line);
    const Cells cells(line, delimiter);
    if (cells.size() < 2) {
        return std::nullopt;
    }
    if (auto bare = bare_layout(cells, delimiter)) {
        return bare;
    }
    const ColumnPlaces places = columns_named(cells);
    const ColumnSet named = places.set();
    for (const auto& format : formats) {
        if (format.all != 0 && (named & format.all) == format.all &&
            (format.any == 0 || (named & format.any) != 0)) {
            return TableLayout{&format, delimiter, true, places};
        }
    }
    return std::nullopt;
}

}  // namespace virtuoso::archive
