// Faults of every kind, at random.
#pragma once

#include "base/seeded_random.hpp"
#include "sim/faults.hpp"

#include <array>
#include <cstdint>

namespace virtuoso::test {

/// One random fault: often for a few frames, sometimes for seconds, with a probability that leaves something
/// to recover with.
inline sim::Fault random_fault(SeededRandom& random, std::int64_t now_ms) {
    using sim::FaultKind;
    const auto kinds = sim::all_fault_kinds();
    sim::Fault fault{.kind = kinds[random.below(kinds.size())]};
    fault.until_ms = now_ms + 1'000 + static_cast<std::int64_t>(random.below(15'000));
    constexpr std::array probabilities{0.002, 0.02, 0.2};
    fault.probability = probabilities[random.below(probabilities.size())];
    fault.value = 20 + static_cast<std::int64_t>(random.below(4'000));
    switch (fault.kind) {
        case FaultKind::disconnect:
        case FaultKind::silence:
        case FaultKind::http_403:
            fault.left = 1;
            fault.value *= 5;
            break;
        case FaultKind::refuse:
        case FaultKind::tls:
        case FaultKind::stale_snapshot:
            fault.probability = 0.5;
            break;
        default:
            break;
    }
    return fault;
}

}  // namespace virtuoso::test
