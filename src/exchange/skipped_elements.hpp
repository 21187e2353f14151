// Elements of a REST answer's list that were left out because they could not be read.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// One bad element costs itself, not its list. Counted all, told apart by symbol and kind of error up to a
/// bound.
class SkippedElements {
  public:
    static constexpr std::size_t kinds_max = 64;
    static constexpr std::size_t name_length_max = 40;

    struct Kind {
        std::string symbol;  ///< empty when it could not be told
        Error first;         ///< of the first element of this kind
        std::uint64_t count = 0;
    };

    /// Symbols longer than a name can be count as untold. O(kinds).
    void add(std::string_view symbol, Error error);
    void clear() noexcept {
        kinds_.clear();
        count_ = 0;
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] const std::vector<Kind>& kinds() const noexcept { return kinds_; }
    /// Elements beyond the kinds that are told apart.
    [[nodiscard]] std::uint64_t untold() const noexcept;
    /// An element of this symbol was left out, or one that may have been of it.
    [[nodiscard]] bool may_concern(std::string_view symbol) const noexcept;

  private:
    std::uint64_t count_ = 0;
    std::vector<Kind> kinds_;
};

}  // namespace virtuoso
