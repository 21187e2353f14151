// `virtuoso watch`: of an exchange, and of a running service.
#pragma once

#include "live_connection.hpp"
#include "pipeline_notes.hpp"
#include "present/market_table.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace virtuoso::app {

struct WatchArguments {
    LiveArguments live;
    std::size_t top = 0;  ///< 0: see shown_rows
    double refresh_seconds = 1;
    bool json = false;
    std::string url;
    std::string token_file;
    ScoringArguments scoring;

    static constexpr std::size_t all_rows = 2'000;  ///< as many as a service tells at once

    /// Rows of a picture: `top`, else so many as are read at a glance, or on the live screen all.
    [[nodiscard]] std::size_t shown_rows(bool on_screen) const noexcept {
        constexpr std::size_t at_a_glance = 15;
        return top > 0 ? top : on_screen ? all_rows : at_a_glance;
    }
};

/// Rows as lines, and one below them: as wide as the terminal where the standard output is one, else whole.
[[nodiscard]] std::string lines_of(const std::vector<MarketRow>& rows, const std::string& below);

/// What it ends with when nothing went wrong.
[[nodiscard]] int exit_code_of_watching(bool shown);
/// Each gives the exit code.
[[nodiscard]] int watch_exchange(const WatchArguments& arguments);
[[nodiscard]] int watch_service(const WatchArguments& arguments);

}  // namespace virtuoso::app
