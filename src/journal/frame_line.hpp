// One line of a capture.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <optional>
#include <string_view>

namespace virtuoso {

/// A frame, with the time of receipt before it if there is one.
struct FrameLine {
    std::optional<LocalTime> received = {};
    std::string_view url = {};    ///< of an answer over HTTP, where the line tells it
    std::string_view frame = {};  ///< empty when nothing was received: what was sent, what was connected to
};

/// `frame`, `time frame` with a time of any unit and a space, comma or colon behind it, or a line of
/// cryptofeed's captures: `time: frame`, `URL -> time: body`, `URL <- …`. Errors: file_format.
[[nodiscard]] Result<FrameLine> split_frame_line(std::string_view line);

}  // namespace virtuoso
