// Options of every command that reads recordings.
#pragma once

#include "journal/recording.hpp"
#include "subcommand.hpp"

#include <string>
#include <vector>

namespace virtuoso::app {

/// What `--timeframe` takes for the candles of a file.
[[nodiscard]] std::vector<std::string> candle_intervals();

struct RecordingArguments {
    std::vector<std::string> files;
    std::string format;
    std::string timeframe;
    std::string file_symbol;

    /// The files, for commands that read them as one history.
    void add_files_to(Subcommand& command);
    /// What the user may know better than the files.
    void add_to(Subcommand& command);

    [[nodiscard]] RecordingOptions options() const;
};

}  // namespace virtuoso::app
