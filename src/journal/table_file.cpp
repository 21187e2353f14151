#include "journal/table_file.hpp"

#include "exchange/archive/spelled_time.hpp"
#include "exchange/symbol_choice.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

// As other programs call the markets that this one knows.
std::string exchange_called(std::string_view name) {
    if (name == "binance-futures") {
        return "binance-usdm";
    }
    if (name == "binance") {
        return "binance-spot";
    }
    return name == "bybit" || name == "binance-usdm" || name == "binance-spot" ? std::string(name)
                                                                               : std::string();
}

}  // namespace

Result<std::unique_ptr<Recording>> TableFile::open(const std::string& path, TablePlan plan) {
    auto rows = RowSource::open(path, plan.json);
    if (!rows) {
        return std::unexpected(rows.error());
    }
    return std::make_unique<TableFile>(std::move(*rows), std::move(plan));
}

TableFile::TableFile(std::unique_ptr<RowSource> rows, TablePlan plan)
    : rows_(std::move(rows)), plan_(std::move(plan)), reader_(plan_.layout), skip_(plan_.rows_before) {}

/// The next row of the file; false at its end.
Result<bool> TableFile::read_row(Row& row) {
    std::string_view line;
    for (;;) {
        const auto more = rows_->next(line);
        if (!more || !*more) {
            return more;
        }
        if (skip_ > 0) {
            --skip_;
            continue;
        }
        const auto text = archive::trimmed(line);
        if (text.empty() || text.starts_with('#')) {
            continue;
        }
        auto read = reader_.row(line);
        if (!read) {
            return fail(read.error().code,
                        fmt::format("line {}: {}", rows_->line_number(), read.error().message));
        }
        row.line = rows_->line_number();
        row.symbol = read->symbol.empty() ? plan_.symbol : plain_symbol(read->symbol);
        row.exchange = exchange_called(read->exchange);
        row.exchange = row.exchange.empty() ? plan_.exchange : row.exchange;
        row.exchange = row.exchange.empty() ? "archive" : row.exchange;
        row.received = read->received;
        row.values = std::move(read->values);
        if (!is_symbol_name(row.symbol)) {
            return fail(ErrorCode::field_value,
                        fmt::format("line {}: {} is no name of a symbol: give --symbol-name", row.line,
                                    in_quotes(row.symbol)));
        }
        return true;
    }
}

/// The next row in order of time.
Result<bool> TableFile::next_row(Row& row) {
    if (!plan_.newest_first) {
        return read_row(row);
    }
    while (!loaded_) {
        Row each;
        const auto more = read_row(each);
        if (!more) {
            return more;
        }
        loaded_ = !*more;
        if (*more) {
            reversed_.push_back(std::move(each));
        }
    }
    if (reversed_.empty()) {
        return false;
    }
    row = std::move(reversed_.back());
    reversed_.pop_back();
    return true;
}

Result<bool> TableFile::next(RawRecord& record) {
    while (waiting_.empty() && !ended_) {
        Row row;
        const auto more = next_row(row);
        if (!more) {
            return more;
        }
        if (!*more) {
            ended_ = true;
            finish();
        } else if (auto taken = take(std::move(row)); !taken) {
            return std::unexpected(taken.error());
        }
    }
    if (waiting_.empty()) {
        return false;
    }
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
    record = {current_.received, 0, current_.channel, buffer_.assign(current_.text)};
    return true;
}

Result<void> TableFile::take(Row row) {
    for (auto& value : row.values) {
        if (const auto* const candle = std::get_if<Candle>(&value)) {
            if (auto taken = take_candle(row, *candle); !taken) {
                return taken;
            }
        } else if (auto* const level = std::get_if<archive::BookMessage>(&value)) {
            take_level(row, std::move(*level));
        } else {
            put(row, row.received, value);
        }
    }
    return {};
}

void TableFile::put(const Row& row, LocalTime received, const archive::RowValue& value) {
    const Channel channel{.kind = Channel::Kind::rows,
                          .exchange = row.exchange,
                          .target = {},
                          .row = archive::kind_of(value),
                          .symbol = row.symbol,
                          .interval = plan_.interval};
    waiting_.push_back({received, channel.text(), archive::row_text(value)});
}

void TableFile::put_candle(const Row& row, const Candle& candle) {
    const ExchangeTime closed = candle.open_time + plan_.interval.ms;
    const LocalTime received{closed.ms * ns_per_ms};
    if (plan_.mark) {
        put(row, received, archive::MarkPoint{closed, candle.close});
    } else {
        put(row, received, candle);
    }
}

Result<void> TableFile::take_candle(const Row& row, const Candle& candle) {
    auto& sequence = candles_.try_emplace(row.symbol, plan_.interval).first->second;
    const auto certain = sequence.take(candle);
    if (!certain) {
        return fail(certain.error().code, fmt::format("line {}: {}", row.line, certain.error().message));
    }
    if (*certain) {
        put_candle(row, **certain);
    }
    return {};
}

// A message's levels stand in rows one below the other.
void TableFile::take_level(const Row& row, archive::BookMessage level) {
    auto [found, added] = books_.try_emplace(row.symbol);
    Gathered& gathered = found->second;
    auto& message = gathered.message;
    const bool ids = level.last_id > 0;
    const bool same = !added && message.snapshot == level.snapshot && gathered.received == row.received &&
                      (!ids || message.last_id == level.last_id);
    if (!same) {
        if (!added) {
            flush(row.symbol, gathered);
        }
        gathered.received = row.received;
        gathered.exchange = row.exchange;
        message = std::move(level);
        if (!ids) {
            message.previous_id = gathered.number;
            message.last_id = message.first_id = ++gathered.number;
        }
        return;
    }
    std::ranges::move(level.bids, std::back_inserter(message.bids));
    std::ranges::move(level.asks, std::back_inserter(message.asks));
}

void TableFile::flush(const std::string& symbol, Gathered& gathered) {
    Row row;
    row.symbol = symbol;
    row.exchange = gathered.exchange;
    put(row, gathered.received, gathered.message);
}

void TableFile::finish() {
    for (auto& [symbol, sequence] : candles_) {
        if (const auto last = sequence.finish()) {
            Row row;
            row.symbol = symbol;
            row.exchange = plan_.exchange.empty() ? "archive" : plan_.exchange;
            put_candle(row, *last);
        }
    }
    for (auto& [symbol, gathered] : books_) {
        flush(symbol, gathered);
    }
}

std::vector<std::string> TableFile::notices() const {
    std::vector<std::string> result = plan_.notices;
    std::int64_t missing = 0;
    std::uint64_t repeated = 0;
    std::uint64_t replaced = 0;
    for (const auto& [symbol, sequence] : candles_) {
        missing += sequence.missing();
        repeated += sequence.repeated();
        replaced += sequence.replaced();
    }
    if (plan_.newest_first) {
        result.emplace_back("its newest rows come first: read from its end");
    }
    if (missing > 0) {
        result.push_back(
            fmt::format("{} candle(s) of {} are missing from the file", missing, name_of(plan_.interval)));
    }
    if (repeated > 0) {
        result.push_back(fmt::format("{} candle(s) stand in it again: taken once", repeated));
    }
    if (replaced > 0) {
        result.push_back(fmt::format(
            "{} candle(s) were not over and stand in it again: the later row was taken", replaced));
    }
    if (reader_.rounded() > 0) {
        result.push_back(
            fmt::format("{} price(s) with exponents or more than {} decimals were read as the "
                        "nearest 1e-8",
                        reader_.rounded(), decimal_places));
    }
    if (rows_->cut()) {
        result.push_back(fmt::format("it was cut behind line {}: read up to there", rows_->line_number()));
    }
    return result;
}

}  // namespace virtuoso
