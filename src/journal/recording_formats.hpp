// The files that are read, with examples: `virtuoso formats`.
#pragma once

#include <string_view>
#include <vector>

namespace virtuoso {

struct RecordingExample {
    std::string_view name;
    std::string_view what;
    std::string_view example;  ///< lines that are read; empty for what is no text
};

/// Frames first, then every table of `archive::table_formats`.
[[nodiscard]] std::vector<RecordingExample> recording_examples();
/// Tables that are known and hold nothing that is used; `example` tells why.
[[nodiscard]] std::vector<RecordingExample> unused_tables();

}  // namespace virtuoso
