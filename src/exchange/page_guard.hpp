// Following the cursors of a list that comes in pages, to an end.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace virtuoso {

/// An exchange may give a cursor for ever. A list has at most so many pages, and no cursor occurs twice.
class PageGuard {
  public:
    static constexpr std::size_t cursor_length_max = 512;

    /// `pages_max`: with the first one, which has no cursor.
    explicit PageGuard(std::size_t pages_max) : pages_max_(pages_max) {}

    /// Call before the page behind `cursor` is asked for. Error: field_value, for cursors that came before,
    /// that are no text or too long, or that lead beyond the last page. O(log pages).
    [[nodiscard]] Result<void> follow(std::string_view cursor);
    /// No page is wanted behind those that were asked for.
    [[nodiscard]] bool is_last() const noexcept { return followed_.size() + 1 >= pages_max_; }

  private:
    std::size_t pages_max_;
    std::set<std::string, std::less<>> followed_;
};

}  // namespace virtuoso
