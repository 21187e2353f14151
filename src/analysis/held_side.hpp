// The side that a symbol's scores have taken and not yet left.
#pragma once

#include "analysis/confluence.hpp"

namespace virtuoso {

/// METHODOLOGY §9. LONG or SHORT is entered at its threshold with enough reliability, and held until the
/// score has left it by the hysteresis; a score that becomes insufficient ends it.
class HeldSide {
  public:
    explicit HeldSide(const ConfluenceThresholds& thresholds = {}, Verdict held = Verdict::neutral)
        : thresholds_(thresholds), side_(held) {}

    /// Call with every evaluation. The same evaluation again changes nothing; one of an earlier time is not
    /// heard.
    Verdict update(const Confluence& confluence) noexcept;
    [[nodiscard]] Verdict side() const noexcept { return side_; }

    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.last_);
        archive.choice(self.side_, 3);
    }

  private:
    ConfluenceThresholds thresholds_;
    ExchangeTime last_;
    Verdict side_ = Verdict::neutral;
};

}  // namespace virtuoso
