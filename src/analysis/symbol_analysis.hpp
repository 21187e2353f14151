// The analysis of one symbol: what its components keep, and its confluence.
#pragma once

#include "analysis/candle_tracks.hpp"
#include "analysis/confluence.hpp"

#include <array>
#include <memory>

namespace virtuoso {

/// Follows a SymbolState event by event. `evaluate` only reads, so it may be asked at any time.
class SymbolAnalysis {
  public:
    explicit SymbolAnalysis(const Weights& weights = Weights::standard(),
                            const ConfluenceThresholds& thresholds = {});

    /// Call after every event applied to `state`. O(change).
    void update(const SymbolState& state, const StateChange& change);
    /// The confluence as of `as_of`, which is not before the newest event applied.
    /// `market` is what the other symbols do, where it is known.
    [[nodiscard]] Confluence evaluate(const SymbolState& state, ExchangeTime as_of,
                                      const MarketBreadth* market = nullptr) const;
    /// `SymbolState::give_up_history` was called: what was read of it is gone here too. Flow and book go on.
    void forget_history(const SymbolState& state);
    /// What cannot be made again from the state, and back: `load` takes what was saved with this state, into
    /// an analysis that has seen nothing. The state's histories are read with the next `update`.
    void save(ArchiveWriter& archive) const;
    void load(ArchiveReader& archive);
    [[nodiscard]] const CandleTracks& candles() const noexcept { return candles_; }
    /// Gives back memory that holds nothing; returns the bytes. Nothing that is evaluated changes.
    std::size_t shrink();
    [[nodiscard]] const FlowBins& flow() const noexcept { return flow_; }
    [[nodiscard]] std::size_t bytes() const noexcept;

  private:
    void begin();
    void begin_histories();
    void read_histories(const SymbolState& state, std::uint32_t liquidations_to_come);
    [[nodiscard]] std::unique_ptr<Component>& at(ComponentId id) noexcept {
        return components_[static_cast<std::size_t>(id)];
    }

    Weights weights_;
    ConfluenceThresholds thresholds_;
    bool unread_ = false;  ///< the state that it was loaded with
    FlowBins flow_;
    CandleTracks candles_;
    std::array<std::unique_ptr<Component>, component_count> components_;
};

}  // namespace virtuoso
