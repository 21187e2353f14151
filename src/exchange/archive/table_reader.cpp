#include "exchange/archive/table_reader.hpp"

#include "base/text_hash.hpp"
#include "exchange/archive/spelled_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>
#include <system_error>

namespace virtuoso::archive {

namespace {

constexpr double share_max = 1;
constexpr int minutes_an_hour = 60;

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::unexpected<Error> refuse(std::string_view field, std::string_view text, std::string_view expected) {
    return fail(ErrorCode::field_value,
                fmt::format("{} = {} is none: expected {}", field, in_quotes(text), expected));
}

Result<bool> truth_of(std::string_view field, std::string_view text) {
    const std::string word = lower_case(text);
    if (word == "true" || word == "1") {
        return true;
    }
    if (word == "false" || word == "0") {
        return false;
    }
    return refuse(field, text, "true or false");
}

// Whether it is the first of two sides, as any program calls them.
Result<bool> is_buy(std::string_view field, std::string_view text) {
    const std::string word = lower_case(text);
    if (word == "buy" || word == "b" || word == "bid" || word == "bids" || word == "1") {
        return true;
    }
    if (word == "sell" || word == "s" || word == "ask" || word == "asks" || word == "a" || word == "-1") {
        return false;
    }
    return refuse(field, text, "buy or sell, bid or ask");
}

// "00:05", beside a column of days.
bool is_clock(std::string_view text) noexcept {
    return text.contains(':') && text.find_first_not_of("0123456789:.") == std::string_view::npos;
}

std::uint64_t number_of(std::string_view text) noexcept {
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    return code == std::errc{} && end == text.data() + text.size() ? number : 0;
}

// As the codecs of the exchanges make them of names.
std::uint64_t trade_id_of(std::string_view text) noexcept {
    const std::uint64_t number = number_of(text);
    return number > 0 || text.empty() ? number : text_hash(text);
}

}  // namespace

TableReader::TableReader(TableLayout layout) : layout_(layout) {
    spelling_.decimal_comma = layout.delimiter != ',';
    width_ = layout.format->bare.size();
    for (const std::int16_t place : layout.places.place) {
        width_ = std::max(width_, static_cast<std::size_t>(place + 1));
    }
}

std::string_view TableReader::cell(const Cells& cells, Column column) const noexcept {
    return layout_.places.has(column) ? cells[layout_.places.at(column)] : std::string_view{};
}

Result<std::int64_t> TableReader::units(const Cells& cells, Column column, std::string_view field) {
    return nearest_units(cell(cells, column), field, spelling_);
}

Result<std::optional<double>> TableReader::real(const Cells& cells, Column column, std::string_view field) {
    const auto text = cell(cells, column);
    if (is_no_number(text)) {
        return std::nullopt;
    }
    const auto value = spelled_real(text, field, spelling_);
    if (!value) {
        return std::unexpected(value.error());
    }
    return *value;
}

Result<TableRow> TableReader::row(std::string_view line) {
    const Cells cells(line, layout_.delimiter);
    if (cells.size() < width_) {
        return fail(
            layout_.format->kind == TableKind::candles ? ErrorCode::candle_row : ErrorCode::field_missing,
            fmt::format("row {} has only {} columns: expected {}", in_quotes(line), cells.size(), width_));
    }
    TableRow row{.symbol = cell(cells, Column::symbol), .exchange = cell(cells, Column::exchange)};
    const bool told = layout_.places.has(Column::time);
    const auto told_time = cell(cells, told ? Column::time : Column::received);
    const auto time =
        is_clock(told_time)
            ? spelled_time(fmt::format("{} {}", cell(cells, Column::day), told_time), "date and time")
            : spelled_time(told_time, "time");
    if (!time) {
        return std::unexpected(time.error());
    }
    row.time = *time;
    row.received = *time;
    if (told && layout_.places.has(Column::received)) {
        const auto received = spelled_time(cell(cells, Column::received), "time of receipt");
        if (!received) {
            return std::unexpected(received.error());
        }
        row.received = *received;
    }
    Result<void> read;
    switch (layout_.format->kind) {
        case TableKind::candles:
            read = read_candle(cells, line, row);
            break;
        case TableKind::trades:
            read = read_trade(cells, line, row);
            break;
        case TableKind::series:
            read = read_series(cells, row);
            break;
        case TableKind::book:
            read = read_level(cells, line, row);
            break;
        case TableKind::unused:
            break;
    }
    return read ? Result<TableRow>(std::move(row)) : std::unexpected(std::move(read.error()));
}

Result<void> TableReader::read_candle(const Cells& cells, std::string_view line, TableRow& row) {
    Candle candle{.open_time = to_ms(row.time), .source = CandleSource::exchange};
    struct Target {
        Column column;
        std::string_view name;
        Price* price;
    };
    for (const auto& [column, name, price] :
         {Target{Column::open, "open", &candle.open}, Target{Column::high, "high", &candle.high},
          Target{Column::low, "low", &candle.low}, Target{Column::close, "close", &candle.close}}) {
        const auto read = units(cells, column, name);
        if (!read) {
            return std::unexpected(read.error());
        }
        *price = Price{*read};
    }
    const auto volume = real(cells, Column::volume, "volume");
    const auto turnover = real(cells, Column::turnover, "turnover");
    const auto taker_buy = real(cells, Column::taker_buy, "taker buy volume");
    for (const auto* const amount : {&volume, &turnover, &taker_buy}) {
        if (!*amount) {
            return std::unexpected(amount->error());
        }
    }
    candle.volume = volume->value_or(0);
    candle.turnover = turnover->value_or(0);
    if (*taker_buy && **taker_buy >= 0 && **taker_buy <= candle.volume) {
        candle.taker_buy = **taker_buy;
        candle.taker_sell = candle.volume - candle.taker_buy;
    }
    if (auto checked = check_candle(candle, line); !checked) {
        return checked;
    }
    row.values.emplace_back(candle);
    return {};
}

Result<void> TableReader::read_trade(const Cells& cells, std::string_view line, TableRow& row) {
    const auto price = units(cells, Column::price, "price");
    const auto size = units(cells, Column::size, "size");
    if (!price || !size) {
        return std::unexpected(price ? size.error() : price.error());
    }
    if (*price <= 0 || *size < 0) {
        return fail(ErrorCode::field_value,
                    fmt::format("trade {} has no positive price or a negative size", in_quotes(line)));
    }
    TradeRow trade;
    trade.print.time = to_ms(row.time);
    trade.print.price = {*price};
    trade.print.size = {*size};
    trade.print.off_market = *size == 0;
    if (layout_.places.has(Column::side)) {
        const auto buy = is_buy("side", cell(cells, Column::side));
        if (!buy) {
            return std::unexpected(buy.error());
        }
        trade.print.taker = *buy ? Side::buy : Side::sell;
    } else {
        const auto maker = truth_of("is_buyer_maker", cell(cells, Column::buyer_maker));
        if (!maker) {
            return std::unexpected(maker.error());
        }
        trade.print.taker = *maker ? Side::sell : Side::buy;
    }
    const bool aggregate = layout_.places.has(Column::aggregate_id);
    trade.feed = aggregate ? TradeFeed::aggregate : TradeFeed::individual;
    trade.print.id = trade_id_of(cell(cells, aggregate ? Column::aggregate_id : Column::id));
    row.values.emplace_back(trade);
    return {};
}

Result<void> TableReader::read_series(const Cells& cells, TableRow& row) {
    const ExchangeTime time = to_ms(row.time);
    const auto rate = real(cells, Column::funding_rate, "funding rate");
    const auto hours = real(cells, Column::funding_hours, "funding interval");
    const auto interest = real(cells, Column::open_interest, "open interest");
    const auto ratio = real(cells, Column::long_short, "long/short ratio");
    const auto share = real(cells, Column::long_share, "share of long accounts");
    const auto mark = real(cells, Column::mark_price, "mark price");
    for (const auto* const value : {&rate, &hours, &interest, &ratio, &share, &mark}) {
        if (!*value) {
            return std::unexpected(value->error());
        }
    }
    if (*rate) {
        constexpr double hours_max = 24;
        const double told = hours->value_or(0);
        const bool plausible = told > 0 && told <= hours_max;
        row.values.emplace_back(
            FundingPoint{time, **rate, plausible ? static_cast<int>(told * minutes_an_hour) : 0});
    }
    if (*interest) {
        if (**interest < 0) {
            return refuse("open interest", cell(cells, Column::open_interest), "zero or more");
        }
        row.values.emplace_back(OpenInterestPoint{.time = time, .open_interest = **interest});
    }
    if (*ratio || *share) {
        const double buyers = *share ? **share : **ratio / (1 + **ratio);
        if (!(buyers >= 0 && buyers <= share_max)) {
            return refuse("share of long accounts", fmt::format("{}", buyers), "0…1");
        }
        row.values.emplace_back(AccountRatioPoint{time, buyers});
    }
    if (*mark) {
        const auto price = units(cells, Column::mark_price, "mark price");
        if (!price || *price <= 0) {
            return refuse("mark price", cell(cells, Column::mark_price), "a positive price");
        }
        row.values.emplace_back(MarkPoint{time, {*price}});
    }
    return {};
}

Result<void> TableReader::read_level(const Cells& cells, std::string_view line, TableRow& row) {
    const auto price = units(cells, Column::price, "price");
    const auto size = units(cells, Column::size, "size");
    if (!price || !size) {
        return std::unexpected(price ? size.error() : price.error());
    }
    if (*price <= 0 || *size < 0) {
        return fail(ErrorCode::book_level,
                    fmt::format("level {} has no positive price or a negative size", in_quotes(line)));
    }
    BookMessage message{.time = to_ms(row.time)};
    const bool told_as_ask = layout_.places.has(Column::is_ask);
    const auto side = told_as_ask ? truth_of("IsAsk", cell(cells, Column::is_ask))
                                  : is_buy("side", cell(cells, Column::side));
    if (!side) {
        return std::unexpected(side.error());
    }
    (*side != told_as_ask ? message.bids : message.asks).push_back({{*price}, {*size}});
    if (layout_.places.has(Column::is_snapshot)) {
        const auto snapshot = truth_of("is_snapshot", cell(cells, Column::is_snapshot));
        if (!snapshot) {
            return std::unexpected(snapshot.error());
        }
        message.snapshot = *snapshot;
    } else {
        message.snapshot = cell(cells, Column::update_kind).starts_with("snap");
        message.origin = SnapshotOrigin::rest;
    }
    message.first_id = number_of(cell(cells, Column::first_id));
    message.last_id = number_of(cell(cells, Column::last_id));
    message.previous_id = layout_.places.has(Column::previous_id)
                              ? number_of(cell(cells, Column::previous_id))
                          : message.first_id > 0 ? message.first_id - 1
                                                 : 0;
    row.values.emplace_back(std::move(message));
    return {};
}

}  // namespace virtuoso::archive
