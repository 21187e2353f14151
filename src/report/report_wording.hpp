// How a report writes numbers and times.
#pragma once

#include "base/time.hpp"
#include "present/mebibytes.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace virtuoso::report {

/// "2026-11-27 16:43 UTC"
[[nodiscard]] inline std::string time_text(std::int64_t ms) {
    const std::string iso = iso_text(ExchangeTime{ms});
    return fmt::format("{} {} UTC", iso.substr(0, 10), iso.substr(11, 5));
}

/// "1 signal", "3 signals"
[[nodiscard]] inline std::string count_text(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// "+1.20 %"
[[nodiscard]] inline std::string percent_text(double share, int digits = 2) {
    return fmt::format("{:+.{}f} %", share * 100, digits);
}

/// "381.2 MiB"
[[nodiscard]] inline std::string mib_text(std::int64_t bytes) {
    return fmt::format("{:.1f} MiB", mib_of(bytes));
}

}  // namespace virtuoso::report
