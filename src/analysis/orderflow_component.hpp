// What takers do: the tape and open interest.
#pragma once

#include "analysis/component.hpp"
#include "analysis/open_interest_reading.hpp"
#include "indicators/vpin.hpp"

namespace virtuoso {

/// METHODOLOGY §4. Reads one-second flow bins; windows end with the second of the evaluation.
class OrderflowComponent final : public Component {
  public:
    void update(const AnalysisInputs& inputs, const StateChange& change) override;
    [[nodiscard]] ComponentResult evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const override;
    void save(ArchiveWriter& archive) const override;
    void load(ArchiveReader& archive) override;

  private:
    OpenInterestReading open_interest_;
    Vpin vpin_;
};

}  // namespace virtuoso
