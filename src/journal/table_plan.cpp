#include "exchange/archive/spelled_time.hpp"
#include "exchange/symbol_choice.hpp"
#include "journal/file_name.hpp"
#include "journal/table_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t banner_lines_max = 40;
constexpr std::size_t rows_looked_at = 1'000;

std::unexpected<Error> refuse(std::string message) {
    return fail(ErrorCode::file_format, std::move(message));
}

/// The first rows' times.
struct Times {
    std::vector<std::int64_t> ms;
    std::int64_t length_ms = 0;  ///< of the first candle, where its end is told
    std::size_t up = 0;
    std::size_t down = 0;
    bool traded = false;  ///< some candle has a volume

    void add(std::int64_t time) {
        if (!ms.empty()) {
            up += time > ms.back() ? 1U : 0U;
            down += time < ms.back() ? 1U : 0U;
        }
        ms.push_back(time);
    }
};

// Reads to the first row of values; false when nothing like a table is met.
Result<bool> find_layout(RowSource& rows, TablePlan& plan, std::string& first) {
    std::string_view line;
    std::size_t others = 0;
    std::uint64_t passed = 0;
    while (others < banner_lines_max) {
        const auto more = rows.next(line);
        if (!more || !*more) {
            return more;
        }
        ++passed;
        const auto text = archive::trimmed(line);
        if (text.empty() || text.starts_with('#')) {
            continue;
        }
        const auto layout = archive::layout_of(text);
        if (!layout) {
            ++others;
            continue;
        }
        plan.layout = *layout;
        plan.rows_before = layout->headed ? passed : passed - 1;
        first = layout->headed ? std::string() : std::string(line);
        return true;
    }
    return false;
}

std::int64_t told_length_ms(const archive::TableReader& reader, std::string_view line) {
    using archive::Column;
    const auto& places = reader.layout().places;
    if (!places.has(Column::close_time)) {
        return 0;
    }
    const archive::Cells cells(line, reader.layout().delimiter);
    const auto begin = archive::spelled_time(cells[places.at(Column::time)], "time");
    const auto end = archive::spelled_time(cells[places.at(Column::close_time)], "close time");
    if (!begin || !end) {
        return 0;
    }
    const std::int64_t ms = archive::to_ms(*end) - archive::to_ms(*begin);
    return (ms + ms_per_second - 1) / ms_per_second * ms_per_second;
}

Result<Times> look_at_rows(RowSource& rows, const TablePlan& plan, const std::string& first) {
    archive::TableReader reader(plan.layout);
    Times times;
    std::string symbol;
    std::string_view line = first;
    bool more = !first.empty();
    while (times.ms.size() < rows_looked_at) {
        if (!std::exchange(more, false)) {
            const auto read = rows.next(line);
            if (!read) {
                return std::unexpected(read.error());
            }
            if (!*read) {
                break;
            }
        }
        const auto text = archive::trimmed(line);
        if (text.empty() || text.starts_with('#')) {
            continue;
        }
        // What is wrong with a price is told when the row is read for its values, by then with what came
        // before.
        const auto row = reader.row(line);
        if (!row) {
            return fail(row.error().code,
                        fmt::format("line {}: {}", rows.line_number(), row.error().message));
        }
        if (times.ms.empty()) {
            symbol = row->symbol;
            times.length_ms = told_length_ms(reader, line);
        }
        for (const auto& value : row->values) {
            const auto* const candle = std::get_if<Candle>(&value);
            times.traded = times.traded || (candle != nullptr && candle->volume > 0);
        }
        if (row->symbol == symbol) {
            times.add(archive::to_ms(row->time).ms);
        }
    }
    return times;
}

Result<CandleInterval> interval_of_rows(const Times& times, const RecordingOptions& options,
                                        const FileNameHints& hints) {
    std::int64_t distance_ms = 0;
    const auto usual = archive::usual_interval(times.ms, distance_ms);
    if (options.interval && distance_ms != 0 && distance_ms != options.interval->ms) {
        return refuse(fmt::format("its rows are {} apart, not {} as --timeframe says",
                                  length_text(distance_ms), name_of(*options.interval)));
    }
    if (options.interval) {
        return *options.interval;
    }
    if (usual) {
        return *usual;
    }
    if (distance_ms > ms_per_day) {
        return refuse(fmt::format("its rows are {} apart: candles longer than a day are not used",
                                  length_text(distance_ms)));
    }
    if (distance_ms != 0) {
        return refuse(
            fmt::format("its rows are {} apart, which is no length of candles: they have to divide a day",
                        length_text(distance_ms)));
    }
    const auto told = candle_interval_of(times.length_ms);
    if (told || hints.interval) {
        return told ? *told : *hints.interval;
    }
    return refuse("it holds one candle, whose interval cannot be told: give --timeframe");
}

Result<void> name_symbol(const FileNameHints& hints, const RecordingOptions& options, TablePlan& plan) {
    plan.symbol = options.symbol.empty() ? hints.symbol : plain_symbol(options.symbol);
    const bool told = plan.layout.places.has(archive::Column::symbol);
    if (plan.symbol.empty() && !told) {
        return refuse("nothing tells its symbol: give --symbol-name");
    }
    if (options.symbol.empty() && !hints.names_pair && !told) {
        plan.notices.push_back(
            fmt::format("its symbol is taken from its name: {}; --symbol-name says another", plan.symbol));
    }
    return {};
}

Result<void> plan_candles(const Times& times, const RecordingOptions& options, const FileNameHints& hints,
                          TablePlan& plan) {
    plan.mark = hints.prices == FileNameHints::Prices::mark;
    constexpr std::size_t rows_telling = 10;
    if (!plan.mark && !times.traded && times.ms.size() >= rows_telling &&
        plan.layout.places.has(archive::Column::taker_buy)) {
        plan.mark = true;  // Binance names files of mark prices as those of trades
        plan.notices.emplace_back("its klines have no volume at all: read as mark prices");
    }
    // What the user says is of the candles that are traded, beside which others may lie.
    const auto interval = interval_of_rows(times, plan.mark ? RecordingOptions{} : options, hints);
    if (!interval) {
        return std::unexpected(interval.error());
    }
    plan.interval = *interval;
    if (hints.prices == FileNameHints::Prices::index) {
        return refuse("it holds prices of an index or premiums, which are not used");
    }
    if (!plan.mark && !timeframe_of(*interval)) {
        plan.notices.push_back(
            fmt::format("its {} candles are read as those of {} and longer, which are made of them",
                        name_of(*interval), name_of(first_kept(*interval))));
    }
    if (!plan.mark && !plan.layout.places.has(archive::Column::volume)) {
        plan.notices.emplace_back("it tells no volume: what needs it says nothing");
    }
    return {};
}

}  // namespace

Result<std::optional<TablePlan>> plan_table(const std::string& path, bool json,
                                            const RecordingOptions& options) {
    auto rows = RowSource::open(path, json);
    if (!rows) {
        return std::unexpected(rows.error());
    }
    TablePlan plan;
    plan.json = json;
    std::string first;
    const auto found = find_layout(**rows, plan, first);
    if (!found) {
        return std::unexpected(found.error());
    }
    if (!*found) {
        return std::nullopt;
    }
    const auto& format = *plan.layout.format;
    if (format.kind == archive::TableKind::unused) {
        return refuse(fmt::format("it holds {}, of which nothing is used: {}", format.what, format.example));
    }
    const auto times = look_at_rows(**rows, plan, first);
    if (!times) {
        return std::unexpected(times.error());
    }
    if (times->ms.empty()) {
        return refuse("it holds a header and no rows");
    }
    plan.newest_first = times->down > times->up;
    plan.exchange = !format.exchange.empty() ? std::string(format.exchange) : options.exchange;
    const FileNameHints hints = hints_of(path);
    if (auto named = name_symbol(hints, options, plan); !named) {
        return std::unexpected(named.error());
    }
    if (format.kind == archive::TableKind::candles) {
        if (auto planned = plan_candles(*times, options, hints, plan); !planned) {
            return std::unexpected(planned.error());
        }
    }
    return plan;
}

}  // namespace virtuoso
