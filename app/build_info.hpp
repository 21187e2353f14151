// What this program was built from. Its definitions are written by cmake/BuildInfo.cmake.
#pragma once

#include <span>
#include <string_view>

namespace virtuoso::app {

struct Library {
    std::string_view name;
    std::string_view version;
};

/// Of the source's repository, with "-dirty" behind it where files had been changed since; "unknown" outside
/// one.
[[nodiscard]] std::string_view source_commit() noexcept;
/// When that was made, "2026-11-27"; empty outside a repository.
[[nodiscard]] std::string_view source_date() noexcept;

/// Those that it was built with, by name.
[[nodiscard]] std::span<const Library> libraries_used() noexcept;

}  // namespace virtuoso::app
