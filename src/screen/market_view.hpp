// The live screen: the market's rows, one symbol's breakdown, notices, help. It knows nothing of terminals.
#pragma once

#include "screen/breakdown.hpp"
#include "screen/cells.hpp"
#include "screen/frame.hpp"
#include "screen/key.hpp"
#include "screen/market_list.hpp"
#include "screen/scrolled_text.hpp"
#include "screen/symbol_row.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::screen {

class MarketView {
  public:
    static constexpr std::size_t notices_max = 100;  ///< the newest are kept

    explicit MarketView(Glyphs glyphs) noexcept : glyphs_(glyphs), list_(glyphs) {}

    /// What is known now. `status`: parts of the first line, by importance.
    void show(std::vector<SymbolRow> rows, const std::vector<std::string>& status);
    /// Of the symbol that is opened; why there is none, else.
    void show(const Result<Breakdown>& breakdown);
    /// It stands on the screen until it was read (`n`) or another one comes. The one before, told again, is
    /// the same.
    void add_notice(std::string_view text);

    /// False: the user wants to leave.
    [[nodiscard]] bool press(const Key& key);
    /// Whose breakdown is wanted; empty: none.
    [[nodiscard]] const std::string& opened() const noexcept { return opened_; }

    /// Its lines are never wider than the screen and never more than its rows. O(rows + text).
    [[nodiscard]] Frame frame(ScreenSize size);

  private:
    enum class Page : std::uint8_t { market, symbol, notices, help };

    void go_to(Page page);
    [[nodiscard]] bool press_letter(const Key& key);
    [[nodiscard]] std::vector<Line> body(ScreenSize size);
    [[nodiscard]] std::vector<Line> text_of_page(std::size_t columns) const;
    [[nodiscard]] std::vector<Line> notice_lines(ScreenSize size) const;
    [[nodiscard]] std::string footer(std::size_t columns) const;

    Glyphs glyphs_;
    Page page_ = Page::market;
    MarketList list_;
    ScrolledText text_;
    std::vector<std::string> status_;
    std::string opened_;
    std::optional<Breakdown> breakdown_;
    std::string why_none_;
    std::deque<std::string> notices_;
    std::size_t unread_ = 0;
};

}  // namespace virtuoso::screen
