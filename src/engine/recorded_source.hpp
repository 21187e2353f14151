// Recordings as the simulated exchange reads them.
#pragma once

#include "journal/recording.hpp"
#include "sim/recorded_market.hpp"

#include <string>
#include <vector>

namespace virtuoso {

/// The records of the files in the order in which they were received. Errors name the file.
[[nodiscard]] sim::OpenRecords records_of(std::vector<std::string> paths, RecordingOptions options = {});

}  // namespace virtuoso
