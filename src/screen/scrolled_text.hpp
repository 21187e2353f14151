// A text of more lines than the screen has rows.
#pragma once

#include "screen/frame.hpp"
#include "screen/key.hpp"

#include <cstddef>
#include <vector>

namespace virtuoso::screen {

class ScrolledText {
  public:
    /// Moves it. False: the key means nothing here.
    [[nodiscard]] bool press(const Key& key);
    void to_top() noexcept { top_ = 0; }
    /// The lines that are seen, at most `rows`. O(rows).
    [[nodiscard]] std::vector<Line> window(const std::vector<Line>& text, std::size_t rows);
    /// Lines below what was seen last.
    [[nodiscard]] std::size_t below() const noexcept { return below_; }

  private:
    std::size_t top_ = 0;
    std::size_t rows_ = 1;
    std::size_t below_ = 0;
};

}  // namespace virtuoso::screen
