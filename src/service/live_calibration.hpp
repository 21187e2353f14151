// What followed scores, from the outcomes in the store and those that come.
#pragma once

#include "analysis/evaluation/calibration.hpp"
#include "service/symbol_result.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace virtuoso {

struct MarketOverview;

/// From any thread; a reader waits for no more than one row.
class LiveCalibration {
  public:
    /// Older outcomes are of other markets, and of other weights.
    static constexpr std::int64_t age_days_max = 90;

    /// A row of `outcomes`. Those of plans, those that are open and those without a return are passed over.
    void note(const StoreRow& row);
    /// Notes all that the store has of this exchange and of the last 90 days. Errors: those of
    /// `Store::select`; nothing was noted then.
    [[nodiscard]] Result<void> read(Store& store, const std::string& exchange, std::int64_t now_ms);

    /// What followed scores like this one. nullopt without a side, and below 30 samples. `overview`: null
    /// when it is not known.
    [[nodiscard]] std::optional<CalibrationAnswer> answer(const SymbolResult& result,
                                                          const MarketOverview* overview) const;

  private:
    mutable std::mutex mutex_;
    Calibration calibration_;
};

}  // namespace virtuoso
