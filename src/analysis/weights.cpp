#include "analysis/weights.hpp"

namespace virtuoso {

const Weights& Weights::standard() noexcept {
    static const Weights weights = [] {
        Weights result;
        for (const auto& spec : all_components()) {
            const auto id = static_cast<std::size_t>(spec.id);
            result.component[id] = spec.weight;
            for (std::size_t i = 0; i < spec.sub_indicators.size(); ++i) {
                result.sub[id][i] = spec.sub_indicators[i].weight;
            }
        }
        return result;
    }();
    return weights;
}

}  // namespace virtuoso
