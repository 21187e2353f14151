#include "exchange/archive/table_column.hpp"

#include "exchange/archive/cells.hpp"

#include <cctype>
#include <string>

namespace virtuoso::archive {

namespace {

struct Name {
    std::string_view text;  ///< lower case, letters and digits alone
    Column column;
};

/// Of one column what stands first is preferred.
constexpr Name names[] = {
    {"timestampms", Column::time},
    {"opentime", Column::time},
    {"opentimems", Column::time},
    {"transactiontime", Column::time},
    {"transacttime", Column::time},
    {"tradetime", Column::time},
    {"timestamp", Column::time},
    {"timems", Column::time},
    {"time", Column::time},
    {"unix", Column::time},
    {"unixtimestamp", Column::time},
    {"unixtime", Column::time},
    {"ts", Column::time},
    {"starttime", Column::time},
    {"start", Column::time},
    {"startat", Column::time},
    {"candlebegintime", Column::time},
    {"createtime", Column::time},
    {"calctime", Column::time},
    {"fundingtime", Column::time},
    {"fundingratetimestamp", Column::time},
    {"fundingtimestamp", Column::time},
    {"eventtime", Column::time},
    {"epoch", Column::time},
    {"datetime", Column::time},
    {"date", Column::time},
    {"dateutc", Column::time},
    {"timeutc", Column::time},
    {"gmttime", Column::time},
    {"opendate", Column::time},
    {"t", Column::time},
    {"unnamed0", Column::time},
    {"localtimestamp", Column::received},
    {"timestampofreceive", Column::received},
    {"receivetime", Column::received},
    {"receivedtime", Column::received},
    {"received", Column::received},
    {"closetime", Column::close_time},
    {"closetimems", Column::close_time},
    {"symbol", Column::symbol},
    {"pair", Column::symbol},
    {"instrument", Column::symbol},
    {"instid", Column::symbol},
    {"contract", Column::symbol},
    {"ticker", Column::symbol},
    {"tic", Column::symbol},
    {"exchange", Column::exchange},
    {"open", Column::open},
    {"openprice", Column::open},
    {"o", Column::open},
    {"high", Column::high},
    {"highprice", Column::high},
    {"h", Column::high},
    {"low", Column::low},
    {"lowprice", Column::low},
    {"l", Column::low},
    {"close", Column::close},
    {"closeprice", Column::close},
    {"c", Column::close},
    {"volume", Column::volume},
    {"basevolume", Column::volume},
    {"volumebase", Column::volume},
    {"vol", Column::volume},
    {"v", Column::volume},
    {"quotevolume", Column::turnover},
    {"quoteassetvolume", Column::turnover},
    {"volumequote", Column::turnover},
    {"quotevol", Column::turnover},
    {"turnover", Column::turnover},
    {"takerbuyvolume", Column::taker_buy},
    {"takerbuybasevolume", Column::taker_buy},
    {"takerbuybaseassetvolume", Column::taker_buy},
    {"takerbuyvol", Column::taker_buy},
    {"price", Column::price},
    {"p", Column::price},
    {"size", Column::size},
    {"quantity", Column::size},
    {"qty", Column::size},
    {"amount", Column::size},
    {"q", Column::size},
    {"side", Column::side},
    {"takerside", Column::side},
    {"direction", Column::side},
    {"isbuyermaker", Column::buyer_maker},
    {"isbuyermarketmaker", Column::buyer_maker},
    {"buyermaker", Column::buyer_maker},
    {"m", Column::buyer_maker},
    {"isask", Column::is_ask},
    {"trdmatchid", Column::id},
    {"tradeid", Column::id},
    {"aggtradeid", Column::aggregate_id},
    {"execid", Column::id},
    {"id", Column::id},
    {"tickdirection", Column::tick_direction},
    {"fundingrate", Column::funding_rate},
    {"lastfundingrate", Column::funding_rate},
    {"funding", Column::funding_rate},
    {"fundingintervalhours", Column::funding_hours},
    {"fundinginterval", Column::funding_hours},
    {"sumopeninterest", Column::open_interest},
    {"openinterest", Column::open_interest},
    {"openinterestamount", Column::open_interest},
    {"oi", Column::open_interest},
    {"countlongshortratio", Column::long_short},
    {"longshortratio", Column::long_short},
    {"buyratio", Column::long_share},
    {"longaccount", Column::long_share},
    {"longaccountratio", Column::long_share},
    {"markprice", Column::mark_price},
    {"issnapshot", Column::is_snapshot},
    {"updatetype", Column::update_kind},
    {"firstupdateid", Column::first_id},
    {"lastupdateid", Column::last_id},
    {"finalupdateid", Column::last_id},
    {"finalupdateidinlaststream", Column::previous_id},
    {"previousupdateid", Column::previous_id},
    {"pu", Column::previous_id},
    {"percentage", Column::percentage},
    {"bidprice", Column::bid_price},
    {"bestbid", Column::bid_price},
    {"bestbidprice", Column::bid_price},
    {"bids0price", Column::bid_price},
    {"askprice", Column::ask_price},
    {"bestask", Column::ask_price},
    {"bestaskprice", Column::ask_price},
    {"asks0price", Column::ask_price},
    {"takersellvolume", Column::taker_sell},
    {"takersellvol", Column::taker_sell},
    {"streamtype", Column::stream_type},
};

std::string plain_name(std::string_view text) {
    std::string plain;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (std::isalnum(byte) != 0) {
            plain += static_cast<char>(std::tolower(byte));
        }
    }
    return plain;
}

// "volumeusdt" is turnover, "volumebtc" volume.
Column volume_of(std::string_view name) {
    constexpr std::string_view volume = "volume";
    if (!name.starts_with(volume)) {
        return Column::none;
    }
    const auto unit = name.substr(volume.size());
    for (const std::string_view quote : {"usdt", "usd", "usdc", "busd", "fdusd", "quote", "eur"}) {
        if (unit == quote) {
            return Column::turnover;
        }
    }
    return Column::volume;
}

}  // namespace

ColumnSet ColumnPlaces::set() const noexcept {
    ColumnSet result = 0;
    for (std::size_t i = 0; i < place.size(); ++i) {
        result |= place[i] >= 0 ? ColumnSet{1} << i : ColumnSet{0};
    }
    return result;
}

ColumnPlaces columns_named(const Cells& header) {
    ColumnPlaces places;
    std::array<std::size_t, column_count> rank{};
    rank.fill(std::size(names) + 1);
    const auto offer = [&](Column column, std::size_t at, std::size_t index) {
        auto& best = rank[static_cast<std::size_t>(column)];
        if (at < best) {
            best = at;
            places.put(column, index);
        }
    };
    for (std::size_t i = 0; i < header.size(); ++i) {
        const std::string name = plain_name(header[i]);
        bool known = false;
        for (std::size_t at = 0; at < std::size(names) && !known; ++at) {
            known = names[at].text == name;
            if (known) {
                offer(names[at].column, at, i);
            }
        }
        if (name == "date") {
            places.put(Column::day, i);
        }
        if (const Column column = known ? Column::none : volume_of(name); column != Column::none) {
            offer(column, std::size(names), i);
        }
    }
    // A data frame's index has no name.
    if (!places.has(Column::time) && header[0].empty() && header.size() > 1) {
        places.put(Column::time, 0);
    }
    return places;
}

}  // namespace virtuoso::archive
