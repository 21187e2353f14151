// Weights from a TOML file.
#pragma once

#include "analysis/weights.hpp"
#include "base/error.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// A table per component and one named `components`, each with the weights of its members:
///
///     [components]
///     orderflow = 0.30
///     …
///     [technical]
///     rsi = 0.20
///     …
///
/// Tables that are left out keep the standard weights. Within a table every name has to be known, every
/// weight must lie in 0…1, and together they add up to 1 (± 1e-6); names left out count as 0. Errors:
/// weights, naming `source` and the line.
[[nodiscard]] Result<Weights> parse_weights(std::string_view text, std::string_view source);

/// Errors: file_open, and those of `parse_weights`.
[[nodiscard]] Result<Weights> read_weights_file(const std::string& path);

/// The text that `parse_weights` reads back as the same weights.
[[nodiscard]] std::string weights_text(const Weights& weights);

}  // namespace virtuoso
