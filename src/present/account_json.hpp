// An account as JSON.
#pragma once

#include "market/account.hpp"

#include <string>

namespace virtuoso {

/// One object over several lines, `virtuoso.account/1` of docs/schema.md. O(coins + positions).
[[nodiscard]] std::string account_json(const Account& account);

}  // namespace virtuoso
