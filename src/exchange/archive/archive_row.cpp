#include "exchange/archive/archive_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <system_error>

namespace virtuoso::archive {

namespace {

constexpr std::array<std::string_view, std::variant_size_v<RowValue>> names{
    "candles", "trades", "funding", "interest", "ratio", "mark", "book"};

/// Takes cells off a line that `row_text` wrote. After the first fault everything it gives is empty.
class RowCursor {
  public:
    explicit RowCursor(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool more() const noexcept { return !ended_; }
    [[nodiscard]] std::string_view text() {
        const auto comma = rest_.find(',');
        const auto cell = rest_.substr(0, comma);
        ended_ = comma == std::string_view::npos;
        rest_.remove_prefix(ended_ ? rest_.size() : comma + 1);
        return cell;
    }
    template <typename Integer>
    [[nodiscard]] Integer integer(std::string_view field) {
        const auto cell = text();
        Integer value = 0;
        const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (code != std::errc{} || end != cell.data() + cell.size()) {
            refuse({ErrorCode::field_value,
                    fmt::format("{} = {} is not a whole number", field, in_quotes(cell))});
        }
        return value;
    }
    [[nodiscard]] ExchangeTime time() {
        const auto ms = integer<std::int64_t>("time");
        if (ms < plausible_ms_min || ms > plausible_ms_max) {
            refuse({ErrorCode::field_value, fmt::format("time = {} is none", ms)});
        }
        return {ms};
    }
    [[nodiscard]] std::int64_t units(std::string_view field) {
        return keep(parse_decimal_units(text(), field));
    }
    [[nodiscard]] double real(std::string_view field) { return keep(parse_real(text(), field)); }
    /// True for the first word, false for the second.
    [[nodiscard]] bool choice(std::string_view field, std::string_view yes, std::string_view no) {
        const auto cell = text();
        if (cell != yes && cell != no) {
            refuse({ErrorCode::field_value,
                    fmt::format("{} = {} is neither {} nor {}", field, in_quotes(cell), yes, no)});
        }
        return cell == yes;
    }
    void refuse(Error error) {
        if (!error_) {
            error_ = std::move(error);
        }
    }
    template <typename Value>
    [[nodiscard]] Result<RowValue> finish(Value value) {
        if (!error_ && more()) {
            refuse({ErrorCode::field_value, fmt::format("{} is too much of a row", in_quotes(rest_))});
        }
        return error_ ? Result<RowValue>(std::unexpected(std::move(*error_))) : RowValue(std::move(value));
    }

  private:
    template <typename Value>
    Value keep(const Result<Value>& read) {
        if (!read) {
            refuse(read.error());
        }
        return read.value_or(Value{});
    }

    std::string_view rest_;
    bool ended_ = false;
    std::optional<Error> error_;
};

Result<RowValue> candle_of(std::string_view text) {
    RowCursor row(text);
    Candle candle{.open_time = row.time(), .source = CandleSource::exchange};
    candle.open = {row.units("open")};
    candle.high = {row.units("high")};
    candle.low = {row.units("low")};
    candle.close = {row.units("close")};
    candle.volume = row.real("volume");
    candle.turnover = row.more() ? row.real("turnover") : 0;
    if (row.more()) {
        candle.taker_buy = std::clamp(row.real("taker_buy"), 0.0, std::max(candle.volume, 0.0));
        candle.taker_sell = candle.volume - candle.taker_buy;
    }
    auto read = row.finish(candle);
    if (const auto checked = read ? check_candle(candle, text) : Result<void>{}; !checked) {
        return std::unexpected(checked.error());
    }
    return read;
}

Result<RowValue> trade_of(std::string_view text) {
    RowCursor row(text);
    TradeRow trade;
    trade.print.time = row.time();
    trade.print.price = {row.units("price")};
    trade.print.size = {row.units("size")};
    trade.print.taker = row.choice("side", "buy", "sell") ? Side::buy : Side::sell;
    trade.print.id = row.integer<std::uint64_t>("id");
    if (row.more()) {
        trade.feed =
            row.choice("feed", "aggregate", "individual") ? TradeFeed::aggregate : TradeFeed::individual;
    }
    if (trade.print.price.units <= 0 || trade.print.size.units < 0) {
        row.refuse({ErrorCode::field_value,
                    fmt::format("trade {} has no positive price or a negative size", in_quotes(text))});
    }
    trade.print.off_market = trade.print.size.is_zero();
    return row.finish(trade);
}

Result<RowValue> book_of(std::string_view text) {
    RowCursor row(text);
    BookMessage book;
    book.time = row.time();
    const auto word = row.text();
    book.snapshot = word != "delta";
    book.origin = word == "rest" ? SnapshotOrigin::rest : SnapshotOrigin::stream;
    if (book.snapshot && word != "rest" && word != "snapshot") {
        row.refuse(
            {ErrorCode::field_value, fmt::format("{} is no kind of a book's message", in_quotes(word))});
    }
    book.first_id = row.integer<std::uint64_t>("first");
    book.last_id = row.integer<std::uint64_t>("last");
    book.previous_id = row.integer<std::uint64_t>("previous");
    while (row.more()) {
        auto& side = row.choice("side", "b", "a") ? book.bids : book.asks;
        const Price price{row.units("price")};
        side.push_back({price, {row.units("size")}});
    }
    return row.finish(std::move(book));
}

void append_levels(std::string& text, char side, const std::vector<BookLevel>& levels) {
    for (const auto& level : levels) {
        fmt::format_to(std::back_inserter(text), ",{},{},{}", side, to_text(level.price),
                       to_text(level.size));
    }
}

struct Writer {
    std::string operator()(const Candle& row) const {
        auto text = fmt::format("{},{},{},{},{},{}", row.open_time.ms, to_text(row.open), to_text(row.high),
                                to_text(row.low), to_text(row.close), row.volume);
        const bool sides = row.taker_buy + row.taker_sell > 0;
        if (row.turnover > 0 || sides) {
            text += fmt::format(",{}", row.turnover);
        }
        if (sides) {
            text += fmt::format(",{}", row.taker_buy);
        }
        return text;
    }
    std::string operator()(const TradeRow& row) const {
        const auto& print = row.print;
        return fmt::format("{},{},{},{},{}{}", print.time.ms, to_text(print.price), to_text(print.size),
                           print.taker == Side::buy ? "buy" : "sell", print.id,
                           row.feed == TradeFeed::aggregate ? ",aggregate" : "");
    }
    std::string operator()(const FundingPoint& row) const {
        return fmt::format("{},{},{}", row.time.ms, row.rate, row.interval_minutes);
    }
    std::string operator()(const OpenInterestPoint& row) const {
        return fmt::format("{},{}", row.time.ms, row.open_interest);
    }
    std::string operator()(const AccountRatioPoint& row) const {
        return fmt::format("{},{}", row.time.ms, row.buy_ratio);
    }
    std::string operator()(const MarkPoint& row) const {
        return fmt::format("{},{}", row.time.ms, to_text(row.price));
    }
    std::string operator()(const BookMessage& row) const {
        const auto* const word = !row.snapshot                        ? "delta"
                                 : row.origin == SnapshotOrigin::rest ? "rest"
                                                                      : "snapshot";
        auto text =
            fmt::format("{},{},{},{},{}", row.time.ms, word, row.first_id, row.last_id, row.previous_id);
        append_levels(text, 'b', row.bids);
        append_levels(text, 'a', row.asks);
        return text;
    }
};

}  // namespace

std::string_view name_of(RowKind kind) noexcept {
    return names[static_cast<std::size_t>(kind)];
}

std::optional<RowKind> row_kind_named(std::string_view name) noexcept {
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<RowKind>(std::distance(names.begin(), found)));
}

RowKind kind_of(const RowValue& value) noexcept {
    return static_cast<RowKind>(value.index());
}

std::string row_text(const RowValue& value) {
    return std::visit(Writer{}, value);
}

Result<void> check_candle(const Candle& candle, std::string_view row) {
    const bool encloses = candle.low <= candle.open && candle.low <= candle.close &&
                          candle.high >= candle.open && candle.high >= candle.close && candle.low.units > 0;
    if (encloses && candle.volume >= 0 && candle.turnover >= 0) {
        return {};
    }
    return fail(ErrorCode::candle_row,
                fmt::format("row {} is not a candle: prices have to be positive, low ≤ open, close ≤ high, "
                            "volume ≥ 0",
                            in_quotes(row)));
}

Result<RowValue> row_value(RowKind kind, std::string_view text) {
    RowCursor row(text);
    switch (kind) {
        case RowKind::candles:
            return candle_of(text);
        case RowKind::trades:
            return trade_of(text);
        case RowKind::funding: {
            FundingPoint point{.time = row.time()};
            point.rate = row.real("rate");
            point.interval_minutes = row.integer<int>("interval");
            return row.finish(point);
        }
        case RowKind::interest: {
            OpenInterestPoint point{.time = row.time()};
            point.open_interest = row.real("open interest");
            return row.finish(point);
        }
        case RowKind::ratio: {
            AccountRatioPoint point{.time = row.time()};
            point.buy_ratio = row.real("share");
            return row.finish(point);
        }
        case RowKind::mark: {
            MarkPoint point{.time = row.time()};
            point.price = {row.units("price")};
            return row.finish(point);
        }
        case RowKind::book:
            return book_of(text);
    }
    return fail(ErrorCode::field_value, "unknown kind of row");
}

}  // namespace virtuoso::archive
