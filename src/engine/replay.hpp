// Driving the pipeline from recordings.
#pragma once

#include "base/clock.hpp"
#include "engine/pipeline.hpp"
#include "journal/recording.hpp"

#include <functional>
#include <string>
#include <vector>

namespace virtuoso {

struct ReplayOptions {
    RecordingOptions recording = {};
    double speed = 0;           ///< times real time; 0: as fast as possible
    std::int64_t every_ms = 0;  ///< time of receipt between evaluations; 0: none
};

struct ReplayObserver {
    /// Called at multiples of `every_ms`, when all that was received by then was fed and nothing else; of
    /// those between one record and the next the first only.
    std::function<void(ExchangeTime)> on_step = {};
    /// Called every few thousand records with the share of the current file that was read.
    std::function<void(double)> on_progress = {};
    /// Asked after every step; its error ends the replay.
    std::function<Result<void>()> go_on = {};
};

/// Feeds the files to the pipeline as one, in the order in which their records were received, whatever order
/// they are given in (`MergedRecording`). A virtual clock follows the records' receive times. Returns notices
/// about the recordings. The first error of a recording ends the replay.
[[nodiscard]] Result<std::vector<std::string>> replay(const std::vector<std::string>& paths,
                                                      Pipeline& pipeline, const ReplayOptions& options,
                                                      const ReplayObserver& observer = {});

}  // namespace virtuoso
