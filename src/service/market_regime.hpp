// What the market as a whole is doing, in one word, with the rule that says so.
#pragma once

#include "service/realised_volatility.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

enum class MarketRegime : std::uint8_t { bullish, bearish, ranging, volatile_market };

/// "bullish", "bearish", "ranging", "volatile"
[[nodiscard]] std::string_view name_of(MarketRegime regime) noexcept;

/// What the rules look at.
struct RegimeInputs {
    std::size_t gainers = 0;
    std::size_t losers = 0;
    std::size_t total = 0;
    double mean_change = 0;  ///< share
    double dispersion = 0;   ///< share
    std::optional<RealisedVolatility> bitcoin;
};

/// Each pair: to enter a regime, and to stay in it. The first rule that holds decides:
///
/// 1. bullish: at least 60 % of the contracts rose (to stay: 55 %) and the mean change is at least +1 %
///    (+0.5 %); bearish: the mirror. A direction that most share comes first: a crash is a bearish market.
/// 2. volatile: bitcoin's realised volatility above the 95th percentile of 30 days (90th), or the dispersion
///    at least 12 % (10 %).
/// 3. ranging.
struct RegimeLimits {
    double share_enter = 0.60;
    double share_stay = 0.55;
    double mean_enter = 0.010;
    double mean_stay = 0.005;
    double percentile_enter = 0.95;
    double percentile_stay = 0.90;
    double dispersion_enter = 0.12;
    double dispersion_stay = 0.10;
    std::size_t symbols_min = 10;  ///< below it nothing is said
};

/// Keeps the regime, so that it does not flicker: inputs that move by less than the distance between entering
/// and staying change it once at most. A function of the inputs it was given, in their order.
class RegimeTracker {
  public:
    explicit RegimeTracker(const RegimeLimits& limits = {}) : limits_(limits) {}

    /// nullopt, and nothing is kept, while too few contracts are known.
    std::optional<MarketRegime> update(const RegimeInputs& inputs);
    /// The rule that fired last, with its numbers; empty at first.
    [[nodiscard]] const std::string& rule() const noexcept { return rule_; }

  private:
    [[nodiscard]] bool follows(const RegimeInputs& inputs, MarketRegime side);
    [[nodiscard]] bool is_volatile(const RegimeInputs& inputs);

    RegimeLimits limits_;
    std::optional<MarketRegime> regime_;
    std::string rule_;
};

}  // namespace virtuoso
