// What is offered: the L2 book.
#pragma once

#include "analysis/book_moment.hpp"
#include "analysis/component.hpp"
#include "indicators/book_flow.hpp"
#include "indicators/depth_history.hpp"
#include "indicators/held_average.hpp"
#include "indicators/spoof_detector.hpp"

#include <optional>

namespace virtuoso {

/// METHODOLOGY §5. A book that is invalid or stale makes the whole component absent.
class OrderbookComponent final : public Component {
  public:
    static constexpr std::int64_t stale_after_ms = 10'000;
    using MomentAverage = HeldAverage<6>;      ///< in the order of BookMoment's members
    using AbsorptionAverage = HeldAverage<3>;  ///< bids, asks, exhaustion

    void update(const AnalysisInputs& inputs, const StateChange& change) override;
    [[nodiscard]] ComponentResult evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const override;
    void save(ArchiveWriter& archive) const override;
    void load(ArchiveReader& archive) override;

  private:
    void follow_seconds(const BookView& book, const BookTop& top, const FlowBins& flow);
    void write_manipulation(ComponentResult& result, const FlowBins& flow, ExchangeTime as_of) const;

    BookFlow flow_;
    DepthHistory depth_;
    SpoofDetector spoofs_;
    MomentAverage moments_;
    AbsorptionAverage absorptions_;
};

}  // namespace virtuoso
