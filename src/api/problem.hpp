// What a request is told that cannot be answered: RFC 9457.
#pragma once

#include "net/transport.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// `detail` names the field, the value and the remedy.
[[nodiscard]] HttpAnswer problem(int status, std::string_view title, const std::string& detail);

}  // namespace virtuoso
