#include "command.hpp"
#include "exchange/archive/archive_row.hpp"
#include "indicators/candle_indicators.hpp"
#include "journal/channel.hpp"
#include "journal/input_file.hpp"
#include "journal/recording.hpp"
#include "market/candle_rollup.hpp"
#include "output.hpp"
#include "recording_arguments.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace virtuoso::app {

namespace {

struct Arguments {
    std::string file;
    std::string timeframe;
    bool csv = false;
};

struct Column {
    std::string_view name;
    std::optional<double> (*value)(const CandleIndicators&);
};

constexpr Column columns[] = {
    {"rsi14", [](const CandleIndicators& i) { return i.rsi.value(); }},
    {"macd",
     [](const CandleIndicators& i) -> std::optional<double> {
         const auto value = i.macd.value();
         return value ? std::optional(value->macd) : std::nullopt;
     }},
    {"macd_signal",
     [](const CandleIndicators& i) -> std::optional<double> {
         const auto value = i.macd.value();
         return value ? std::optional(value->signal) : std::nullopt;
     }},
    {"macd_hist",
     [](const CandleIndicators& i) -> std::optional<double> {
         const auto value = i.macd.value();
         return value ? std::optional(value->histogram) : std::nullopt;
     }},
    {"cci20", [](const CandleIndicators& i) { return i.cci.value(); }},
    {"willr14", [](const CandleIndicators& i) { return i.williams_r.value(); }},
    {"atr14", [](const CandleIndicators& i) { return i.atr14.value(); }},
    {"adx14", [](const CandleIndicators& i) { return i.adx.value(); }},
    {"plus_di14", [](const CandleIndicators& i) { return i.adx.plus_di(); }},
    {"minus_di14", [](const CandleIndicators& i) { return i.adx.minus_di(); }},
    {"ao", [](const CandleIndicators& i) { return i.ao.value(); }},
    {"ema20", [](const CandleIndicators& i) { return i.ema20.value(); }},
    {"ema50", [](const CandleIndicators& i) { return i.ema50.value(); }},
    {"ema200", [](const CandleIndicators& i) { return i.ema200.value(); }},
    {"sma20", [](const CandleIndicators& i) { return i.sma20.value(); }},
    {"obv", [](const CandleIndicators& i) { return i.obv.value(); }},
    {"adl", [](const CandleIndicators& i) { return i.adl.value(); }},
    {"cmf20", [](const CandleIndicators& i) { return i.cmf.value(); }},
    {"vwap_day", [](const CandleIndicators& i) { return i.vwap_day.value(); }},
};

void print_header(bool csv, bool rolled) {
    std::string line = csv ? "time_ms" : fmt::format("{:<13}", "time_ms");
    for (const auto& column : columns) {
        line += csv ? fmt::format(",{}", column.name) : fmt::format(" {:>12}", column.name);
    }
    print_text(line + (csv && rolled ? ",partial\n" : "\n"));
}

/// `partial`: whether the candle lacks some of what it is made of; absent for those of the file.
void print_row(const CandleIndicators& indicators, bool csv, std::optional<bool> partial) {
    std::string line = fmt::format("{}", indicators.last().open_time.ms);
    for (const auto& column : columns) {
        const auto value = column.value(indicators);
        if (csv) {
            line += value ? fmt::format(",{}", *value) : ",";
        } else {
            line += value ? fmt::format(" {:>12.6g}", *value) : fmt::format(" {:>12}", "");
        }
    }
    if (partial) {
        line += csv ? fmt::format(",{}", *partial ? 1 : 0) : *partial ? " partial" : "";
    }
    print_text(line + "\n");
}

/// Feeds candles of the file's interval, as they are or rolled up to a longer one.
class IndicatorRun {
  public:
    IndicatorRun(CandleInterval file_interval, CandleInterval interval, bool csv)
        : file_interval_(file_interval), rollup_(interval), csv_(csv) {}

    [[nodiscard]] bool rolled() const noexcept { return file_interval_ != rollup_.interval(); }
    void feed(const Candle& candle) {
        if (!rolled()) {
            take(candle, std::nullopt);
            return;
        }
        rollup_.add(candle, file_interval_.ms, [this](const Candle& closed) {
            // What begins before the file does is no candle of it.
            if (closed.partial && !std::exchange(begun_, true)) {
                return;
            }
            begun_ = true;
            partial_ += closed.partial ? 1U : 0U;
            take(closed, closed.partial);
        });
    }
    /// What a careful reader should know; empty when there is nothing.
    [[nodiscard]] std::string notice() const {
        return partial_ == 0 ? std::string()
                             : fmt::format("{} candle(s) of {} are partial: they lack some of their {}",
                                           partial_, name_of(rollup_.interval()), name_of(file_interval_));
    }

  private:
    void take(const Candle& candle, std::optional<bool> partial) {
        indicators_.update(Bar::of(candle));
        print_row(indicators_, csv_, partial);
    }

    CandleInterval file_interval_;
    CandleRollup rollup_;
    bool csv_;
    bool begun_ = false;
    std::uint64_t partial_ = 0;
    CandleIndicators indicators_;
};

Result<std::unique_ptr<Recording>> open_candles(const Arguments& arguments) {
    RecordingOptions options{.format = RecordingFormat::candles};
    if (is_nameless(arguments.file)) {
        options.symbol = "CANDLES";  // nothing here tells whose they are, and nothing asks
    }
    auto recording = open_recording(arguments.file, options);
    if (!recording && recording.error().code == ErrorCode::file_format) {
        options.interval = candle_interval_named(arguments.timeframe);
        if (options.interval) {  // too few rows to tell: believe the user
            auto again = open_recording(arguments.file, options);
            return again ? std::move(again) : std::move(recording);
        }
    }
    return recording;
}

/// The run for the file that the record is from. Errors: file_format, argument.
Result<IndicatorRun> begin_run(const RawRecord& record, const Arguments& arguments) {
    const auto channel = Channel::parse(record.channel);
    if (!channel || channel->kind != Channel::Kind::rows || channel->row != archive::RowKind::candles) {
        return fail(ErrorCode::file_format, fmt::format("{} holds no candles", in_quotes(arguments.file)));
    }
    const CandleInterval own = channel->interval;
    const CandleInterval wanted = candle_interval_named(arguments.timeframe).value_or(own);
    if (wanted < own) {
        return fail(ErrorCode::argument,
                    fmt::format("--timeframe {} is shorter than the file's {}: give {} or longer",
                                name_of(wanted), name_of(own), name_of(own)));
    }
    if (wanted.ms % own.ms != 0) {
        return fail(ErrorCode::argument,
                    fmt::format("--timeframe {} cannot be made of the file's {}: give a multiple",
                                name_of(wanted), name_of(own)));
    }
    return IndicatorRun(own, wanted, arguments.csv);
}

Result<void> print_indicators(const Arguments& arguments) {
    const auto recording = open_candles(arguments);
    if (!recording) {
        return std::unexpected(recording.error());
    }
    std::optional<IndicatorRun> run;
    auto printed = read_records(**recording, arguments.file, [&](const RawRecord& record) -> Result<void> {
        if (!run) {
            auto begun = begin_run(record, arguments);
            if (!begun) {
                return std::unexpected(begun.error());
            }
            run = *begun;
            print_header(arguments.csv, run->rolled());
        }
        const auto row = archive::row_value(archive::RowKind::candles, record.frame.text());
        if (!row) {
            return std::unexpected(row.error());
        }
        run->feed(std::get<Candle>(*row));
        return check_output();
    });
    if (!printed) {
        return printed;
    }
    for (const auto& notice : (*recording)->notices()) {
        note(fmt::format("{}: {}", arguments.file, notice));
    }
    if (run && !run->notice().empty()) {
        note(fmt::format("{}: {}", arguments.file, run->notice()));
    }
    return {};
}

int run_indicators(const Arguments& arguments) {
    const auto printed = print_indicators(arguments);
    return printed ? exit_ok : report(printed.error());
}

}  // namespace

void add_indicators(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand("indicators", "Print candle indicators, one row per closed candle");
    command.option("CANDLES", arguments->file, "Candle file (`virtuoso formats`)").required();
    command
        .option("--timeframe", arguments->timeframe,
                "Interval of the rows: the file's own or longer; default: the file's own")
        .one_of(candle_intervals());
    command.flag("--csv", arguments->csv, "Comma-separated, with all digits");
    command.runs([arguments] { return run_indicators(*arguments); });
}

}  // namespace virtuoso::app
