#include "sim/price_process.hpp"

#include "base/deterministic_math.hpp"
#include "base/seeded_random.hpp"

#include <cmath>

namespace virtuoso::sim {

namespace {

double standard(std::uint64_t seed, std::uint64_t who, std::int64_t minute) {
    SeededRandom random(seed ^ who * 0x9e3779b97f4a7c15 ^
                        static_cast<std::uint64_t>(minute) * 0xd1b54a32d192ed03);
    static_cast<void>(random.next());
    const double u1 = random.uniform();
    const double u2 = random.uniform();
    const double u3 = random.uniform();
    const double u4 = random.uniform();
    return fat_normal(u1, u2, u3, u4, random.uniform());
}

double noise_at(std::uint64_t seed, std::uint64_t who, std::int64_t time_ms, std::int64_t period_ms) {
    const std::int64_t cell = time_ms / period_ms;
    const double share = static_cast<double>(time_ms % period_ms) / static_cast<double>(period_ms);
    const auto at = [&](std::int64_t c) {
        return 2 * hash_uniform(seed, who, static_cast<std::uint64_t>(c),
                                static_cast<std::uint64_t>(period_ms)) -
               1;
    };
    const double smooth = share * share * (3 - 2 * share);
    return at(cell) * (1 - smooth) + at(cell + 1) * smooth;
}

}  // namespace

double hash_uniform(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
    SeededRandom random(a ^ b * 0x9e3779b97f4a7c15 ^ c * 0xd1b54a32d192ed03 ^ d * 0xaef17502108ef2d9);
    static_cast<void>(random.next());
    return random.uniform();
}

double fat_normal(double u1, double u2, double u3, double u4, double u5) {
    // Four uniforms have variance 1/3; one draw in twelve is stretched 2.6 times.
    const double base = (u1 + u2 + u3 + u4 - 2) * 1.732;
    return (u5 < 1.0 / 12 ? 2.6 * base : base) / 1.22;
}

double Volatility::at(std::int64_t minute) {
    bool moved = false;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        const std::int64_t cell = minute / periods[i];
        if (cell == cells_[i]) {
            continue;
        }
        moved = true;
        cells_[i] = cell;
        const double u = hash_uniform(seed_, who_, static_cast<std::uint64_t>(cell),
                                      static_cast<std::uint64_t>(periods[i]));
        squares_[i] = u < 0.5 ? 0.55 : 1.45;
    }
    if (moved) {
        double square = 1;
        for (const double factor : squares_) {
            square *= factor;
        }
        value_ = std::sqrt(square);
    }
    return value_;
}

PastReturns::PastReturns(std::uint64_t seed, const SimInstrument& instrument)
    : seed_(seed), instrument_(&instrument), market_(seed, market_identity), own_(seed, instrument.index) {}

double PastReturns::at(std::int64_t minute) {
    const double market_level = market_.at(minute);
    const double market = standard(seed_, market_identity, minute) * market_level;
    const double common = instrument_->market_beta * market_volatility * market;
    const double own = standard(seed_, instrument_->index, minute);
    volatility_ = instrument_->minute_volatility * own_.at(minute);
    const double common_part = instrument_->market_beta * market_volatility * market_level;
    const double own_part = 0.8 * volatility_;
    whole_ = std::sqrt(common_part * common_part + own_part * own_part);
    if (instrument_->index == 0) {
        return common + 0.4 * market_volatility * own;
    }
    return common + 0.8 * volatility_ * own;
}

double interest_wave(std::uint64_t seed, std::uint64_t who, std::int64_t time_ms) {
    return 1 + 0.15 * slow_noise(seed, who, time_ms, ms_per_day);
}

double past_interest(std::uint64_t seed, std::uint64_t who, std::int64_t time_ms) {
    constexpr std::int64_t step_ms = 5 * ms_per_minute;
    constexpr int steps = 24;
    const double kept = exponential(-static_cast<double>(step_ms) / static_cast<double>(interest_memory_ms));
    // Uniform numbers in (−1, 1) have variance 1/3.
    double weight = interest_unrest * std::sqrt(3 * (1 - kept * kept));
    double unrest = 0;
    for (int i = 0; i < steps; ++i, weight *= kept) {
        unrest +=
            weight *
            (2 * hash_uniform(seed, who + 7'000, static_cast<std::uint64_t>(time_ms / step_ms - i)) - 1);
    }
    return interest_wave(seed, who, time_ms) + unrest;
}

double funding_wave(std::uint64_t seed, std::uint64_t who, std::int64_t time_ms) {
    return 1e-4 + 1.5e-4 * slow_noise(seed, who + 5'000, time_ms, ms_per_day);
}

double slow_noise(std::uint64_t seed, std::uint64_t who, std::int64_t time_ms, std::int64_t period_ms) {
    return 0.7 * noise_at(seed, who, time_ms, period_ms) + 0.3 * noise_at(seed, who, time_ms, period_ms / 5);
}

}  // namespace virtuoso::sim
