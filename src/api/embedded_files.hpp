// The API's files that are part of the program.
#pragma once

#include "base/embedded_file.hpp"

#include <span>

namespace virtuoso {

/// "openapi.json", "docs/page.html" and what it needs.
[[nodiscard]] std::span<const EmbeddedFile> api_files() noexcept;

/// The dashboard: "…/index.html", "…/assets/app.js" and so on.
[[nodiscard]] std::span<const EmbeddedFile> dashboard_files() noexcept;

}  // namespace virtuoso
