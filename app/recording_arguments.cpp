#include "recording_arguments.hpp"

namespace virtuoso::app {

std::vector<std::string> candle_intervals() {
    return {"1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d"};
}

void RecordingArguments::add_files_to(Subcommand& command) {
    command
        .option("FILE", files,
                "Journals, captures, archives or tables (`virtuoso formats`), joined by the time of receipt")
        .required();
}

void RecordingArguments::add_to(Subcommand& command) {
    command.option("--format", format, "Format of the files; default: found out from their first lines")
        .one_of({"journal", "binance-usdm", "binance-spot", "bybit", "candles"});
    command.option("--timeframe", timeframe, "Interval of candle files; default: from their rows")
        .one_of(candle_intervals());
    command.option("--symbol-name", file_symbol, "Symbol of files that do not name theirs");
}

RecordingOptions RecordingArguments::options() const {
    RecordingOptions result;
    result.format = recording_format_named(format);
    result.interval = candle_interval_named(timeframe);
    result.symbol = file_symbol;
    return result;
}

}  // namespace virtuoso::app
