// Which of a running service's symbols are watched.
#pragma once

#include "base/error.hpp"
#include "service_symbols.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::app {

/// Those that a user has typed, in any spelling; all when none were.
class ServiceChoice {
  public:
    explicit ServiceChoice(std::vector<std::string> typed) : typed_(std::move(typed)) {}

    [[nodiscard]] bool is_all() const noexcept { return typed_.empty(); }
    /// Leaves in `symbols` what is watched; gives what there is to say of the others, once of each. Error:
    /// unknown_symbol, when the service has symbols, but none of these. O(typed × symbols).
    [[nodiscard]] Result<std::vector<std::string>> apply(ServiceSymbols& symbols);

  private:
    std::vector<std::string> typed_;
    std::set<std::string> told_;
};

}  // namespace virtuoso::app
