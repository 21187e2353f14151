#include "command.hpp"
#include "exchange/archive/candle_csv.hpp"
#include "indicators/candle_indicators.hpp"
#include "journal/channel.hpp"
#include "journal/recording.hpp"
#include "market/candle_rollup.hpp"
#include "output.hpp"

#include <fmt/format.h>

#include <memory>

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

void print_header(bool csv) {
    std::string line = csv ? "time_ms" : fmt::format("{:<13}", "time_ms");
    for (const auto& column : columns) {
        line += csv ? fmt::format(",{}", column.name) : fmt::format(" {:>12}", column.name);
    }
    print("{}\n", line);
}

void print_row(const CandleIndicators& indicators, bool csv) {
    std::string line = fmt::format("{}", indicators.last().open_time.ms);
    for (const auto& column : columns) {
        const auto value = column.value(indicators);
        if (csv) {
            line += value ? fmt::format(",{}", *value) : ",";
        } else {
            line += value ? fmt::format(" {:>12.6g}", *value) : fmt::format(" {:>12}", "");
        }
    }
    print("{}\n", line);
}

/// Feeds candles of the file's interval, as they are or rolled up to a longer one.
class IndicatorRun {
  public:
    IndicatorRun(Timeframe file_timeframe, Timeframe timeframe, bool csv)
        : file_timeframe_(file_timeframe), rollup_(timeframe), csv_(csv) {}

    void feed(const Candle& candle) {
        if (file_timeframe_ == rollup_.timeframe()) {
            take(candle);
            return;
        }
        rollup_.add(candle, interval_ms(file_timeframe_), [this](const Candle& closed) {
            if (!closed.partial) {
                take(closed);
            }
        });
    }

  private:
    void take(const Candle& candle) {
        indicators_.update(Bar::of(candle));
        print_row(indicators_, csv_);
    }

    Timeframe file_timeframe_;
    CandleRollup rollup_;
    bool csv_;
    CandleIndicators indicators_;
};

Result<std::unique_ptr<Recording>> open_candles(const Arguments& arguments) {
    RecordingOptions options{.format = RecordingFormat::candles};
    auto recording = open_recording(arguments.file, options);
    if (!recording && recording.error().code == ErrorCode::file_format) {
        options.timeframe = timeframe_named(arguments.timeframe);
        if (options.timeframe) {  // too few rows to tell: believe the user
            recording = open_recording(arguments.file, options);
        }
    }
    return recording;
}

/// The interval of the file that the record is from. Errors: file_format, argument.
Result<Timeframe> file_timeframe(const RawRecord& record, const Arguments& arguments) {
    const auto channel = Channel::parse(record.channel);
    if (!channel || channel->kind != Channel::Kind::candles) {
        return fail(ErrorCode::file_format, fmt::format("{} holds no candles", in_quotes(arguments.file)));
    }
    const auto wanted = timeframe_named(arguments.timeframe).value_or(channel->timeframe);
    if (interval_ms(wanted) < interval_ms(channel->timeframe)) {
        return fail(ErrorCode::argument,
                    fmt::format("--timeframe {} is shorter than the file's {}: give {} or longer",
                                name_of(wanted), name_of(channel->timeframe), name_of(channel->timeframe)));
    }
    return channel->timeframe;
}

Result<void> print_indicators(const Arguments& arguments) {
    const auto recording = open_candles(arguments);
    if (!recording) {
        return std::unexpected(recording.error());
    }
    std::optional<IndicatorRun> run;
    std::optional<archive::CandleCsv> csv;
    print_header(arguments.csv);
    auto printed = read_records(**recording, arguments.file, [&](const RawRecord& record) -> Result<void> {
        if (!run) {
            const auto timeframe = file_timeframe(record, arguments);
            if (!timeframe) {
                return std::unexpected(timeframe.error());
            }
            run.emplace(*timeframe, timeframe_named(arguments.timeframe).value_or(*timeframe), arguments.csv);
            csv = archive::CandleCsv::headerless(*timeframe);
        }
        const auto candle = csv->line(record.frame.text());
        if (!candle) {
            return std::unexpected(candle.error());
        }
        run->feed(**candle);
        return {};
    });
    if (!printed) {
        return printed;
    }
    for (const auto& notice : (*recording)->notices()) {
        note(fmt::format("{}: {}", arguments.file, notice));
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
    command.option("CANDLES", arguments->file, "Candle file (CSV, gzipped or not)").required();
    command
        .option("--timeframe", arguments->timeframe,
                "Interval of the rows: the file's own or longer; default: the file's own")
        .one_of({"1m", "5m", "15m", "30m", "1h", "4h", "1d"});
    command.flag("--csv", arguments->csv, "Comma-separated, with all digits");
    command.runs([arguments] { return run_indicators(*arguments); });
}

}  // namespace virtuoso::app
