// Noticing that an exchange sends what its decoder does not know.
#pragma once

#include "base/error.hpp"
#include "base/padded_frame.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Paths of the frame's fields that are not among `known`, each once, in the order of the frame: "data.k.t",
/// of lists "data[].T". `known`: separated by spaces; what stands under a path that ends in ".*" is known,
/// too. Names are as they stand in the frame, cut at 40 bytes; at most 32 of them. For an operator's check,
/// not for every frame: O(fields · known). Error: json_syntax.
[[nodiscard]] Result<std::vector<std::string>> unknown_fields(PaddedFrame frame, std::string_view known);

}  // namespace virtuoso
