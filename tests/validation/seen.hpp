// What a healthy service tells in twelve minutes.
#pragma once

#include "validation/observations.hpp"

namespace virtuoso::test {

struct HealthyService {
    int minutes = 12;
    /// 6 symbols, the first three of them deep.
    [[nodiscard]] validation::Observations seen() const;
};

/// The page of metrics of its nth look.
[[nodiscard]] std::string metrics_of(double look);

}  // namespace virtuoso::test
