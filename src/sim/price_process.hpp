// Volatility, common factor and back-history of simulated prices, at any time, from the seed alone.
#pragma once

#include "sim/instrument_universe.hpp"

#include <array>
#include <cstdint>

namespace virtuoso::sim {

/// A hash of up to four numbers as a uniform number in (0, 1): randomness that can be asked for any
/// symbol and any minute without what came before it.
[[nodiscard]] double hash_uniform(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d = 0);

/// Near-normal with fat tails: the sum of four uniforms, stretched by a rare factor. Variance about 1.
[[nodiscard]] double fat_normal(double u1, double u2, double u3, double u4, double u5);

/// Volatility as a product of components that switch at different speeds: a Markov-switching multifractal
/// (Calvet, Fisher 2004), which clusters on every scale. Mean square about 1. O(1), cheap for times near
/// the one asked before.
class Volatility {
  public:
    Volatility(std::uint64_t seed, std::uint64_t who) : seed_(seed), who_(who) {}
    [[nodiscard]] double at(std::int64_t minute);

  private:
    static constexpr std::array<std::int64_t, 5> periods{3, 17, 90, 480, 2'880};  ///< minutes

    std::uint64_t seed_;
    std::uint64_t who_;
    std::array<std::int64_t, periods.size()> cells_{-1, -1, -1, -1, -1};
    std::array<double, periods.size()> squares_{};
    double value_ = 1;
};

/// Long-run deviation of the BTC factor over one minute.
inline constexpr double market_volatility = 4e-4;
/// Identity of the BTC factor among the random processes.
inline constexpr std::uint64_t market_identity = 0xb7c;

/// Returns of a symbol, minute by minute, before the simulation began.
class PastReturns {
  public:
    PastReturns(std::uint64_t seed, const SimInstrument& instrument);
    /// Log return over one minute.
    [[nodiscard]] double at(std::int64_t minute);
    /// The symbol's volatility in the minute that was asked for last, of one minute.
    [[nodiscard]] double volatility() const noexcept { return volatility_; }
    /// Deviation of the fair price in that minute with the part of the market.
    [[nodiscard]] double whole_volatility() const noexcept { return whole_; }

  private:
    std::uint64_t seed_;
    const SimInstrument* instrument_;
    Volatility market_;
    Volatility own_;
    double volatility_ = 0;
    double whole_ = 0;
};

/// A slow wave between −1 and 1: sums of interpolated noise over `period_ms` and a fifth of it.
[[nodiscard]] double slow_noise(std::uint64_t seed, std::uint64_t who, std::int64_t time_ms,
                                std::int64_t period_ms);

/// Open interest at `time_ms` as a share of its usual size: a slow wave with a restless part that forgets
/// within half an hour. The live market moves about the same wave in the same way.
[[nodiscard]] double past_interest(std::uint64_t seed, std::uint64_t who, std::int64_t time_ms);
[[nodiscard]] double interest_wave(std::uint64_t seed, std::uint64_t who, std::int64_t time_ms);
inline constexpr std::int64_t interest_memory_ms = 30 * ms_per_minute;
/// Deviation of the restless part.
inline constexpr double interest_unrest = 1.7e-3;

/// The slow part of the funding rate of an interval, past or present.
[[nodiscard]] double funding_wave(std::uint64_t seed, std::uint64_t who, std::int64_t time_ms);

}  // namespace virtuoso::sim
