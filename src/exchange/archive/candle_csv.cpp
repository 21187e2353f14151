#include "exchange/archive/candle_csv.hpp"

#include <fmt/format.h>

#include <array>

namespace virtuoso::archive {

namespace {

constexpr std::size_t cells_max = 32;

struct Cells {
    std::array<std::string_view, cells_max> values;
    std::size_t count = 0;
};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '"')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '"')) {
        text.remove_suffix(1);
    }
    return text;
}

Cells split(std::string_view line) {
    Cells cells;
    while (cells.count < cells_max) {
        const auto comma = line.find(',');
        cells.values[cells.count++] = trimmed(line.substr(0, comma));
        if (comma == std::string_view::npos) {
            break;
        }
        line.remove_prefix(comma + 1);
    }
    return cells;
}

int column_of(std::string_view name) {
    constexpr std::array<std::string_view, 5> time_names{"timestamp", "open_time", "time", "time_ms", "date"};
    for (const auto time_name : time_names) {
        if (name == time_name) {
            return 0;
        }
    }
    constexpr std::array<std::string_view, 5> value_names{"open", "high", "low", "close", "volume"};
    for (std::size_t i = 0; i < value_names.size(); ++i) {
        if (name == value_names[i]) {
            return static_cast<int>(i) + 1;
        }
    }
    return -1;
}

}  // namespace

bool is_candle_header(std::string_view line) {
    const auto cells = split(line);
    unsigned seen = 0;
    for (std::size_t i = 0; i < cells.count; ++i) {
        const int column = column_of(cells.values[i]);
        seen |= column >= 0 ? 1U << column : 0U;
    }
    return seen == 63;
}

std::unexpected<Error> CandleCsv::at_line(Error error) const {
    error.message = fmt::format("line {}: {}", line_number_, error.message);
    return std::unexpected(std::move(error));
}

Result<void> CandleCsv::header(std::string_view text) {
    if (!is_candle_header(text)) {
        return at_line(
            {ErrorCode::candle_row,
             fmt::format("header {} has to name the columns timestamp (or open_time), open, high, low, "
                         "close and volume",
                         in_quotes(text))});
    }
    const auto cells = split(text);
    for (std::size_t i = 0; i < cells.count; ++i) {
        if (const int column = column_of(cells.values[i]); column >= 0) {
            position_[column] = static_cast<int>(i);
        }
    }
    has_header_ = true;
    return {};
}

Result<Candle> CandleCsv::row(std::string_view text) const {
    const auto cells = split(text);
    for (const int position : position_) {
        if (static_cast<std::size_t>(position) >= cells.count) {
            return fail(ErrorCode::candle_row,
                        fmt::format("row {} has only {} columns", in_quotes(text), cells.count));
        }
    }
    const auto cell = [&](Column column) {
        return cells.values[static_cast<std::size_t>(position_[column])];
    };
    const auto open_time = parse_time(cell(time), "time");
    if (!open_time) {
        return std::unexpected(open_time.error());
    }
    Candle candle{.open_time = *open_time, .source = CandleSource::exchange};
    struct Target {
        Column column;
        std::string_view name;
        Price* price;
    };
    for (const auto& [column, name, price] :
         {Target{open, "open", &candle.open}, Target{high, "high", &candle.high},
          Target{low, "low", &candle.low}, Target{close, "close", &candle.close}}) {
        const auto units = parse_decimal_units(cell(column), name);
        if (!units) {
            return std::unexpected(units.error());
        }
        *price = Price{*units};
    }
    const auto amount = parse_real(cell(volume), "volume");
    if (!amount) {
        return std::unexpected(amount.error());
    }
    candle.volume = *amount;
    const bool encloses = candle.low <= candle.open && candle.low <= candle.close &&
                          candle.high >= candle.open && candle.high >= candle.close && candle.low.units > 0;
    if (!encloses || candle.volume < 0) {
        return fail(
            ErrorCode::candle_row,
            fmt::format("row {} is not a candle: prices have to be positive, low ≤ open, close ≤ high, "
                        "volume ≥ 0",
                        in_quotes(text)));
    }
    return candle;
}

Result<void> CandleCsv::check_order(const Candle& candle) {
    if (!on_grid(candle.open_time, timeframe_)) {
        return fail(
            ErrorCode::candle_order,
            fmt::format("{} does not begin a {} candle: give the file's own interval with --timeframe",
                        iso_text(candle.open_time), name_of(timeframe_)));
    }
    if (last_ && candle.open_time == *last_) {
        return fail(ErrorCode::candle_order,
                    fmt::format("{} occurs twice: remove one of the rows", iso_text(candle.open_time)));
    }
    if (last_ && candle.open_time < *last_) {
        return fail(ErrorCode::candle_order, fmt::format("{} comes after {}: sort the file by time",
                                                         iso_text(candle.open_time), iso_text(*last_)));
    }
    if (last_) {
        missing_ += (candle.open_time - *last_) / interval_ms(timeframe_) - 1;
    }
    last_ = candle.open_time;
    return {};
}

Result<std::optional<Candle>> CandleCsv::line(std::string_view text) {
    ++line_number_;
    if (trimmed(text).empty()) {
        return std::nullopt;
    }
    if (!has_header_) {
        if (auto read = header(text); !read) {
            return std::unexpected(read.error());
        }
        return std::nullopt;
    }
    auto candle = row(text);
    if (!candle) {
        return at_line(candle.error());
    }
    if (auto order = check_order(*candle); !order) {
        return at_line(order.error());
    }
    return *candle;
}

}  // namespace virtuoso::archive
