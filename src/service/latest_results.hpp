// The newest result of every symbol.
#pragma once

#include "base/name_index.hpp"
#include "service/symbol_result.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// A result with what a reader wants to know about it.
struct KeptResult {
    ResultPointer result;
    std::uint64_t reads = 0;  ///< of this symbol's results, with this one
};

/// The breakdown in words. Equal results have equal words, so they are made when they are asked for.
struct BreakdownWords {
    std::array<std::string, component_count> interpretations;
    std::vector<std::string> insights;
    std::vector<std::string> turning_points;
};
[[nodiscard]] BreakdownWords words_of(const SymbolResult& result);

/// Written by one thread, read by any. A reader gets a whole result that does not change.
class LatestResults {
  public:
    static constexpr std::size_t symbols_max = 8'192;

    /// Gives the result that this one replaces; null when there is none. A symbol beyond the bound is left
    /// out.
    ResultPointer put(ResultPointer result);
    void remove(std::string_view symbol);

    /// Counts as read. Null when there is none of that symbol.
    [[nodiscard]] KeptResult read(std::string_view symbol);
    /// The same without counting.
    [[nodiscard]] ResultPointer look(std::string_view symbol) const;
    /// By name, not counted as read. O(symbols).
    [[nodiscard]] std::vector<ResultPointer> all() const;
    [[nodiscard]] std::size_t size() const;

  private:
    mutable std::mutex mutex_;
    std::map<std::string, KeptResult, std::less<>> results_;
    NameIndex<KeptResult*> by_name_;  ///< the same: every evaluation asks for one
};

}  // namespace virtuoso
