// What is offered: the L2 book.
#pragma once

#include "analysis/component.hpp"
#include "indicators/book_flow.hpp"
#include "indicators/depth_history.hpp"
#include "indicators/spoof_detector.hpp"

#include <optional>

namespace virtuoso {

/// METHODOLOGY §5. A book that is invalid or stale makes the whole component absent.
class OrderbookComponent final : public Component {
  public:
    static constexpr std::int64_t stale_after_ms = 10'000;

    void update(const AnalysisInputs& inputs, const StateChange& change) override;
    [[nodiscard]] ComponentResult evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const override;
    [[nodiscard]] std::size_t bytes() const noexcept override { return spoofs_.bytes(); }

  private:
    void write_manipulation(ComponentResult& result, const FlowBins& flow, ExchangeTime as_of) const;

    BookFlow flow_;
    DepthHistory depth_;
    SpoofDetector spoofs_;
};

}  // namespace virtuoso
