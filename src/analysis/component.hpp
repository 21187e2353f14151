// A component of the confluence: its sub-indicators, their weights and its result.
#pragma once

#include "analysis/market_breadth.hpp"
#include "analysis/reading.hpp"
#include "analysis/weights.hpp"
#include "indicators/flow_bins.hpp"
#include "market/symbol_state.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace virtuoso {

class ArchiveReader;
class ArchiveWriter;
class CandleTracks;

/// Why something has no score. Absent is not neutral.
enum class Absence : std::uint8_t {
    none,
    no_data,       ///< nothing of this input was ever received
    warming_up,    ///< too few samples yet
    flat,          ///< nothing moved: the measure is undefined
    book_invalid,  ///< the book lost its sequence, crossed or never had a snapshot
    book_stale,    ///< no book update for more than 10 s
    trades_stale   ///< candles tell of trades in a minute of which none was received
};

[[nodiscard]] std::string_view name_of(Absence absence) noexcept;

/// A number behind a score; the name carries the unit.
struct RawValue {
    std::string_view name;
    double value = 0;
};

struct SubScore {
    static constexpr std::size_t raw_max = 16;

    std::string_view name;
    double weight = 0;
    std::optional<double> lean;  ///< −1…1
    std::optional<double>
        pulse;  ///< the same of this moment, where the lean averages over half a minute or more
    Absence absence = Absence::no_data;
    Reading reading = Reading::neutral;
    /// Of those blended, the one that weighs most on the side of the lean: the reading and the raw values
    /// without a timeframe in their name are its own.
    std::optional<Timeframe> timeframe;
    std::uint64_t samples = 0;
    std::int64_t age_ms = -1;  ///< of the newest input; −1 when there is none
    std::array<RawValue, raw_max> raw{};
    std::size_t raw_count = 0;

    [[nodiscard]] std::optional<double> score() const noexcept {
        return lean ? std::optional(50.0 * (1.0 + *lean)) : std::nullopt;
    }
    void add_raw(std::string_view raw_name, double value);
    /// nullopt when there is no raw value of this name.
    [[nodiscard]] std::optional<double> raw_value(std::string_view raw_name) const noexcept;
    /// lean = tanh(strength)
    void set_strength(double strength);
    void set_lean(double value);
    void set_absent(Absence why);
};

/// Result of one component. `score` is absent when all of its sub-indicators are.
struct ComponentResult {
    ComponentId id = ComponentId::orderflow;
    double weight = 0;  ///< of the component within the whole
    std::array<SubScore, sub_indicators_max> subs{};
    std::size_t sub_count = 0;
    std::optional<double> score;
    double coverage = 0;               ///< Σ weights present / Σ weights
    double divergence_adjustment = 0;  ///< points added to the score by agreement of timeframes
    std::optional<double> pulse;       ///< score of the sub-indicators that have one, unaveraged
    double reliability = 1;            ///< multiplier from signs of manipulation

    explicit ComponentResult(ComponentId component = ComponentId::orderflow,
                             const Weights& weights = Weights::standard());
    [[nodiscard]] std::span<const SubScore> sub_scores() const noexcept { return {subs.data(), sub_count}; }
    [[nodiscard]] SubScore& sub(std::string_view name);
    [[nodiscard]] const SubScore& sub(std::string_view name) const;
    [[nodiscard]] double lean() const noexcept { return (*score - 50.0) / 50.0; }
    /// Points towards the whole: component weight × score.
    [[nodiscard]] double impact() const noexcept { return weight * *score; }

    /// Why there is no score: nothing was received only where no sub-indicator received anything.
    [[nodiscard]] Absence absence() const noexcept;
    void set_all_absent(Absence why);
    /// Computes score and coverage from the sub-indicators and the adjustment.
    void combine();
};

/// What every component may read.
struct AnalysisInputs {
    const SymbolState& state;
    const FlowBins& flow;
    const CandleTracks& candles;
    const Weights& weights;
    const MarketBreadth* market = nullptr;  ///< null: only this symbol is known
};

/// Keeps what it needs between events and reads it when asked. `update` is O(change), `evaluate`
/// changes nothing. One instance serves one symbol on one thread.
class Component {
  public:
    virtual ~Component() = default;
    virtual void update(const AnalysisInputs& inputs, const StateChange& change);
    [[nodiscard]] virtual ComponentResult evaluate(const AnalysisInputs& inputs,
                                                   ExchangeTime as_of) const = 0;
    /// Heap memory held.
    [[nodiscard]] virtual std::size_t bytes() const noexcept { return 0; }
    /// Gives back memory that holds nothing; returns the bytes.
    virtual std::size_t shrink() { return 0; }
    /// What it keeps that cannot be made again from the state, and back.
    virtual void save(ArchiveWriter& archive) const { static_cast<void>(archive); }
    virtual void load(ArchiveReader& archive) { static_cast<void>(archive); }
};

}  // namespace virtuoso
