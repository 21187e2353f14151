// What subscribers of a running candle series are told, whatever the exchange calls it.
#pragma once

#include "sim/topic.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace virtuoso::sim {

/// What was open at the last message and is closed now comes first, confirmed; then the open candle, if it
/// has changed.
class CandleTopic : public SimTopic {
  public:
    /// `interval`: a position in `sim_intervals`.
    CandleTopic(std::string name, SymbolMarket& market, std::int64_t every_ms, std::size_t interval)
        : SimTopic(std::move(name), market, every_ms, turn_of_candles), interval_(interval) {}

    [[nodiscard]] std::string snapshot(std::int64_t) final { return {}; }
    /// O(candles that are kept).
    void publish(std::int64_t now_ms, std::vector<std::string>& frames) final;

  protected:
    [[nodiscard]] virtual std::string frame(const SimCandle& candle, bool confirmed,
                                            std::int64_t now_ms) const = 0;
    std::size_t interval_;

  private:
    std::int64_t open_ms_ = 0;
    std::int64_t told_steps_ = -1;
};

}  // namespace virtuoso::sim
