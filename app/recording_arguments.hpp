// Options of every command that reads recordings.
#pragma once

#include "journal/recording.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace virtuoso::app {

struct RecordingArguments {
    std::string format;
    std::string timeframe;
    std::string file_symbol;

    void add_to(CLI::App& command) {
        command
            .add_option("--format", format, "Format of the files; default: found out from their first lines")
            ->check(CLI::IsMember({"journal", "binance-usdm", "binance-spot", "bybit", "candles"}));
        command
            .add_option("--timeframe", timeframe, "Interval of candle files; default: from their first rows")
            ->check(CLI::IsMember({"1m", "5m", "15m", "30m", "1h", "4h", "1d"}));
    }

    [[nodiscard]] RecordingOptions options() const {
        RecordingOptions result;
        result.format = recording_format_named(format);
        result.timeframe = timeframe_named(timeframe);
        result.symbol = file_symbol;
        return result;
    }
};

}  // namespace virtuoso::app
