// An account as JSON.
#pragma once

#include "market/account.hpp"
#include "present/json.hpp"

#include <functional>
#include <string>

namespace virtuoso {

/// `virtuoso.account/1` of docs/schema.md. `annotate` may add to what is told of a position. O(coins +
/// positions).
[[nodiscard]] Json account_object(const Account& account,
                                  const std::function<void(const Position&, Json&)>& annotate = {});
/// The same as text, one object over several lines.
[[nodiscard]] std::string account_json(const Account& account);

}  // namespace virtuoso
