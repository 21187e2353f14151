#include "recording_arguments.hpp"

namespace virtuoso::app {

void RecordingArguments::add_files_to(Subcommand& command) {
    command
        .option("FILE", files, "Journals, captures, archives or candle files, joined by the time of receipt")
        .required();
}

void RecordingArguments::add_to(Subcommand& command) {
    command.option("--format", format, "Format of the files; default: found out from their first lines")
        .one_of({"journal", "binance-usdm", "binance-spot", "bybit", "candles"});
    command.option("--timeframe", timeframe, "Interval of candle files; default: from their first rows")
        .one_of({"1m", "5m", "15m", "30m", "1h", "4h", "1d"});
}

RecordingOptions RecordingArguments::options() const {
    RecordingOptions result;
    result.format = recording_format_named(format);
    result.timeframe = timeframe_named(timeframe);
    result.symbol = file_symbol;
    return result;
}

}  // namespace virtuoso::app
