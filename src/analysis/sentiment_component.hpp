// Slow inputs: funding, positioning, liquidations, volatility, the market.
#pragma once

#include "analysis/candle_tracks.hpp"
#include "analysis/component.hpp"
#include "analysis/funding_rates.hpp"
#include "analysis/leverage.hpp"
#include "base/bounded_ring.hpp"
#include "indicators/liquidation_pressure.hpp"
#include "indicators/robust_scale.hpp"
#include "indicators/yang_zhang.hpp"

#include <cstdint>
#include <optional>

namespace virtuoso {

/// METHODOLOGY §7. Scales of the histories are computed when the history changes.
class SentimentComponent final : public Component {
  public:
    SentimentComponent() : volatilities_(volatilities_max) {}

    void update(const AnalysisInputs& inputs, const StateChange& change) override;
    [[nodiscard]] ComponentResult evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const override;
    void save(ArchiveWriter& archive) const override;
    void load(ArchiveReader& archive) override;
    [[nodiscard]] std::size_t bytes() const noexcept override { return volatilities_.bytes(); }
    std::size_t shrink() override { return volatilities_.shrink(); }

  private:
    static constexpr std::size_t volatilities_max = 720;  ///< hours: 30 days
    static constexpr std::size_t volatilities_min = 120;

    /// Of the newest hour among those of 30 days.
    struct Volatility {
        double hourly = 0;  ///< Yang–Zhang, per hour
        double percentile = 0;
        bool rising = false;       ///< above what it was six hours ago by a tenth
        double return_sigmas = 0;  ///< of the last 24 hours
    };

    /// Of the ticker's rate: the interval it names, or else that of the history.
    [[nodiscard]] int interval_of_now(const SymbolState& state) const noexcept {
        return state.ticker().funding_interval_minutes.value_or(funding_minutes_);
    }
    void follow_hours(const CandleSeries& hours);
    void write_funding(SubScore& sub, const SymbolState& state, ExchangeTime as_of) const;
    void write_ratio(SubScore& sub, const SymbolState& state, ExchangeTime as_of) const;
    void write_liquidations(SubScore& sub, const SymbolState& state, ExchangeTime as_of) const;
    void write_volatility(SubScore& sub, ExchangeTime as_of) const;
    void write_risk(SubScore& sub, const SymbolState& state, ExchangeTime as_of) const;

    std::optional<RobustScale> funding_scale_;     ///< of rates normalised to 8 h
    int funding_minutes_ = usual_funding_minutes;  ///< of the newest rate in the history
    std::optional<RobustScale> ratio_scale_;
    Leverage leverage_;
    LiquidationPressure liquidations_;
    std::uint64_t candles_read_ = 0;  ///< their version
    ExchangeTime heard_from_;         ///< the first event, or a liquidation before it
    YangZhang yang_zhang_;
    BoundedRing<double> volatilities_;
    RollingWindow<double, 25> hour_closes_;
    std::optional<Volatility> volatility_;
    ExchangeTime volatility_time_;
    CandleCursor hours_;
};

}  // namespace virtuoso
