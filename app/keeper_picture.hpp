// A running service's memory keeper in words.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso::app {

/// Of a document of schema "virtuoso.keeper_run/1".
struct KeeperRunNews {
    std::uint64_t number = 0;
    bool over = false;
    bool failed = false;
    std::string line;  ///< what it did; empty until it is over
};
/// Error: file_format when it is no such document.
[[nodiscard]] Result<KeeperRunNews> keeper_run_news(std::string_view document);

/// Of a document of schema "virtuoso.keeper/1": schedule, memory, counts, and a line a run, newest first.
/// Error: file_format.
[[nodiscard]] Result<std::string> keeper_picture(std::string_view document);

}  // namespace virtuoso::app
