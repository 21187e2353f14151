// Loading what a symbol's analysis looks back on.
#pragma once

#include "exchange/call_guard.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace virtuoso {

class RestAsker;
struct HistoryRequest;

/// The histories of one symbol: each is read page after page as far as it is wanted or goes. A page that
/// cannot be had ends its history; what came before it was handed on. Answers may come in any order.
class HistoryLoader {
  public:
    /// `rank`: of the symbol by turnover; lower ones are loaded first.
    HistoryLoader(RestAsker& rest, std::uint32_t rank) : rest_(rest), rank_(rank) {}

    void load(const std::vector<HistoryRequest>& requests);

    /// Histories that are not read to their end yet.
    [[nodiscard]] int waiting() const noexcept { return waiting_; }
    /// Histories that ended with an error.
    [[nodiscard]] int failed() const noexcept { return failed_; }
    void add_concerns(std::vector<std::string>& reasons) const;

  private:
    void load_page(const std::string& base, const std::string& cursor, int pages_left);

    RestAsker& rest_;
    std::uint32_t rank_;
    int waiting_ = 0;
    int failed_ = 0;
    CallGuard guard_;
};

}  // namespace virtuoso
