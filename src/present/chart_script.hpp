// Chart.js, for pages that need nothing from elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace virtuoso {

[[nodiscard]] std::string_view chart_script() noexcept;
/// JSON that may stand in a script: a name that comes from outside neither ends it nor begins a comment
/// there.
[[nodiscard]] std::string in_script(std::string json);

}  // namespace virtuoso
