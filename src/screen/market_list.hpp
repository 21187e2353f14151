// The rows of the market: which are shown, which is chosen.
#pragma once

#include "screen/cells.hpp"
#include "screen/frame.hpp"
#include "screen/key.hpp"
#include "screen/row_order.hpp"
#include "screen/symbol_row.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace virtuoso::screen {

/// The choice stays with its symbol, whatever the order becomes; at the top, where it begins, it stays at the
/// top.
class MarketList {
  public:
    static constexpr std::size_t search_max = 40;  ///< letters

    explicit MarketList(Glyphs glyphs) noexcept : glyphs_(glyphs) {}

    /// The rows there are from now on, the most traded first. O(n log n).
    void show(std::vector<SymbolRow> rows);
    /// Moves, sorts or searches. False: the key means nothing here.
    [[nodiscard]] bool press(const Key& key);

    /// A heading, where there is room for it, and the rows around the chosen one. O(rows).
    [[nodiscard]] std::vector<Line> lines(ScreenSize size);

    /// Empty when no row is shown.
    [[nodiscard]] std::string chosen() const;
    /// What is typed is searched for.
    [[nodiscard]] bool searching() const noexcept { return searching_; }
    [[nodiscard]] const std::string& search() const noexcept { return search_; }
    /// "score", "score, reversed"
    [[nodiscard]] std::string order_text() const;
    /// "3/560", of those that are shown.
    [[nodiscard]] std::string place_text() const;

  private:
    void arrange();
    void choose(std::size_t place);
    void type(const Key& key);
    [[nodiscard]] std::vector<Line> nothing_to_show(ScreenSize size) const;

    Glyphs glyphs_;
    std::vector<SymbolRow> rows_;
    std::vector<std::size_t> order_;
    std::size_t longest_symbol_ = 0;
    bool with_state_ = false;
    SortKey sort_ = SortKey::traded;
    bool reversed_ = false;
    std::string search_;
    bool searching_ = false;
    std::string chosen_;  ///< empty: whatever is first
    std::size_t place_ = 0;
    std::size_t top_ = 0;
    std::size_t page_ = 1;
};

}  // namespace virtuoso::screen
