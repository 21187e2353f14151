// How much is held against how much is traded.
#pragma once

#include "indicators/robust_scale.hpp"
#include "market/symbol_state.hpp"

#include <cstdint>
#include <optional>

namespace virtuoso {

/// Open interest over the turnover of the 24 h before, both in quote currency, at every point of the
/// open-interest history, and the robust z of the newest among them (METHODOLOGY §7). The turnover is that of
/// 24 whole 1h candles, so that past and present are measured alike; a point that they do not cover counts
/// for nothing. Computed when a point or an hour arrives, in either order: O(points + hours).
class Leverage {
  public:
    struct Now {
        double ratio = 0;
        double z = 0;
    };

    void update(const SymbolState& state, bool interest_changed);
    [[nodiscard]] const std::optional<Now>& now() const noexcept { return now_; }
    [[nodiscard]] std::size_t samples() const noexcept { return samples_; }

  private:
    std::uint64_t hours_ = 0;  ///< closed 1h candles when it was computed, and the series' revision
    std::uint64_t revision_ = 0;
    std::size_t samples_ = 0;
    std::optional<Now> now_;
};

}  // namespace virtuoso
