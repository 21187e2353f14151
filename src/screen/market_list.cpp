#include "screen/market_list.hpp"

#include "base/unicode.hpp"
#include "screen/market_columns.hpp"
#include "screen/motion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso::screen {

namespace {

void drop_last_letter(std::string& text) {
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.back());
        text.pop_back();
        if ((byte & 0xc0U) != 0x80U) {
            return;
        }
    }
}

LineStyle style_of(const SymbolRow& row) noexcept {
    return row.verdict == Verdict::long_side    ? LineStyle::rising
           : row.verdict == Verdict::short_side ? LineStyle::falling
                                                : LineStyle::plain;
}

}  // namespace

void MarketList::show(std::vector<SymbolRow> rows) {
    rows_ = std::move(rows);
    longest_symbol_ = 0;
    with_state_ = false;
    for (SymbolRow& row : rows_) {
        row.label = shown(row.symbol, glyphs_);
        row.state = shown(row.state, glyphs_);
        longest_symbol_ = std::max(longest_symbol_, cells_in(row.label));
        with_state_ = with_state_ || !row.state.empty();
    }
    arrange();
}

void MarketList::arrange() {
    order_ = ordered(rows_, sort_, reversed_, search_);
    if (chosen_.empty()) {
        place_ = 0;
        return;
    }
    const auto found =
        std::ranges::find_if(order_, [this](std::size_t place) { return rows_[place].symbol == chosen_; });
    place_ = found != order_.end() ? static_cast<std::size_t>(found - order_.begin())
                                   : std::min(place_, order_.empty() ? 0 : order_.size() - 1);
}

void MarketList::choose(std::size_t place) {
    place_ = place;
    chosen_ = place == 0 || place >= order_.size() ? std::string() : rows_[order_[place]].symbol;
}

void MarketList::type(const Key& key) {
    switch (key.kind) {
        case KeyKind::enter:
            searching_ = false;
            break;
        case KeyKind::escape:
            searching_ = false;
            search_.clear();
            break;
        case KeyKind::backspace:
            searching_ = !search_.empty();
            drop_last_letter(search_);
            break;
        case KeyKind::character:
            if (search_.size() < search_max) {
                append_utf8(search_, key.value);
            }
            break;
        default:
            break;
    }
    arrange();
}

bool MarketList::press(const Key& key) {
    const auto motion = motion_of(key);
    if (motion && !(searching_ && key.kind == KeyKind::character)) {
        choose(moved(place_, *motion, page_, order_.size()));
        return true;
    }
    if (searching_) {
        type(key);
        return true;
    }
    if (key.kind == KeyKind::escape && !search_.empty()) {
        search_.clear();
    } else if (key.kind == KeyKind::character && key.value == U'/') {
        search_.clear();
        searching_ = true;
    } else if (key.kind == KeyKind::character && key.value == U's') {
        sort_ = next(sort_);
        reversed_ = false;
    } else if (key.kind == KeyKind::character && key.value == U'r') {
        reversed_ = !reversed_;
    } else {
        return false;
    }
    arrange();
    return true;
}

std::vector<Line> MarketList::nothing_to_show(ScreenSize size) const {
    const std::string text = rows_.empty()
                                 ? "no symbol yet"
                                 : fmt::format("no symbol has \"{}\" in its name", shown(search_, glyphs_));
    std::vector<Line> lines;
    for (auto& line : wrapped(text, size.columns)) {
        if (lines.size() < size.rows) {
            lines.push_back({std::move(line)});
        }
    }
    return lines;
}

std::vector<Line> MarketList::lines(ScreenSize size) {
    const bool with_heading = size.rows >= 3;
    page_ = std::max<std::size_t>(1, size.rows - (with_heading ? 1 : 0));
    if (order_.empty() || size.rows == 0) {
        return nothing_to_show(size);
    }
    top_ = std::min(top_, order_.size() > page_ ? order_.size() - page_ : 0);
    top_ = std::clamp(top_, place_ + 1 > page_ ? place_ + 1 - page_ : 0, place_);
    const auto columns = fit_columns(size.columns, longest_symbol_, with_state_);
    std::vector<Line> lines;
    if (with_heading) {
        lines.push_back({heading_text(columns), LineStyle::heading});
    }
    for (std::size_t i = top_; i < std::min(order_.size(), top_ + page_); ++i) {
        const SymbolRow& row = rows_[order_[i]];
        Line line{row_text(columns, row), style_of(row)};
        if (i == place_) {
            line = {fitted(line.text, size.columns), LineStyle::chosen};
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string MarketList::chosen() const {
    return place_ < order_.size() ? rows_[order_[place_]].symbol : std::string();
}

std::string MarketList::order_text() const {
    return fmt::format("{}{}", name_of(sort_), reversed_ ? ", reversed" : "");
}

std::string MarketList::place_text() const {
    return fmt::format("{}/{}", order_.empty() ? 0 : place_ + 1, order_.size());
}

}  // namespace virtuoso::screen
