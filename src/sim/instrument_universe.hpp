// The contracts that the simulated exchange lists.
#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace virtuoso::sim {

/// Static description of one simulated perpetual.
struct SimInstrument {
    std::string symbol{};
    std::string base_coin{};
    std::uint32_t index = 0;      ///< rank by activity, 0 the most active
    std::int64_t tick_units = 1;  ///< price step in 1e-8
    std::int64_t step_units = 1;  ///< quantity step in 1e-8
    int price_decimals = 0;
    int quantity_decimals = 0;
    std::int64_t start_tick = 0;   ///< price at the start of the simulation
    double minute_volatility = 0;  ///< standard deviation of a one-minute log return, long-run
    double market_beta = 1;        ///< share of the BTC factor
    double events_per_second = 1;  ///< book events without excitation
    double activity = 1;           ///< times the usual events, in that number
    double lot_steps = 100;        ///< usual size of an order, in steps
    int funding_minutes = 480;
    ExchangeTime launch{};
    bool trading = true;

    [[nodiscard]] double price_of(std::int64_t tick) const noexcept {
        return static_cast<double>(tick) * static_cast<double>(tick_units) / 1e8;
    }
    [[nodiscard]] double quantity_of(std::int64_t steps) const noexcept {
        return static_cast<double>(steps) * static_cast<double>(step_units) / 1e8;
    }
};

/// `count` contracts: well-known names first, then made-up ones; activity falls with rank as a power law.
/// The same seed lists the same contracts.
/// `activity`: so many times the usual events.
[[nodiscard]] std::vector<SimInstrument> make_universe(std::size_t count, std::uint64_t seed,
                                                       ExchangeTime start, double activity = 1);

/// Days of history before the start: every contract was launched then.
inline constexpr std::int64_t history_days = 30;

}  // namespace virtuoso::sim
