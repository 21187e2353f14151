// One sentence per sub-indicator, made from its reading and the raw values that decided it.
#pragma once

#include "analysis/component.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// What a present sub-indicator says. Every template lives in one of the functions behind this one. Ends
/// without a full stop. Precondition: `sub` has a lean and belongs to the component.
[[nodiscard]] std::string sentence(ComponentId component, const SubScore& sub, std::string_view quote);

/// The parts `sentence` chooses from, by the kind of input; empty for a name that is not theirs.
[[nodiscard]] std::string orderflow_sentence(const SubScore& sub, std::string_view quote);
[[nodiscard]] std::string orderbook_sentence(const SubScore& sub, std::string_view quote);
[[nodiscard]] std::string sentiment_sentence(const SubScore& sub, std::string_view quote);
[[nodiscard]] std::string volume_sentence(const SubScore& sub);
[[nodiscard]] std::string price_structure_sentence(const SubScore& sub);
[[nodiscard]] std::string technical_sentence(const SubScore& sub);

}  // namespace virtuoso
