#include "screen/market_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace virtuoso::screen {

namespace {

constexpr std::string_view separator = " · ";

/// As many parts as fit, the first in any case, cut.
std::string joined(std::span<const std::string> parts, std::string_view between, std::size_t columns) {
    std::string line;
    for (const auto& part : parts) {
        const std::string longer = line.empty() ? part : fmt::format("{}{}{}", line, between, part);
        if (!line.empty() && cells_in(longer) > columns) {
            break;
        }
        line = longer;
    }
    return cut(line, columns);
}

constexpr std::array help_texts{
    std::string_view("up, down, k, j: one row; PgUp, PgDn, b, space: one page; Home, End, g, G: first, last"),
    std::string_view("Enter: why the symbol's score is what it is; Esc: back"),
    std::string_view(
        "s: sort by the next of most traded, name, score, lean (distance from 50), 24 h, coverage"),
    std::string_view("r: the other way round"),
    std::string_view("/: search for a part of a name; Enter keeps it, Esc ends it"),
    std::string_view("n: all notices, which are read with it"),
    std::string_view("Ctrl-L: draw the screen anew"),
    std::string_view("q, Ctrl-C: leave"),
    std::string_view("Green: LONG, red: SHORT, of the signal"),
    std::string_view("! behind a symbol: its data is not whole; its breakdown or a wider screen says why"),
    std::string_view(
        "A score above 50 leans to rising prices, below to falling ones; Flow, Book, Vol, Struc, Tech and "
        "Senti are its six components. A dash: the data do not suffice. Columns that do not fit are left "
        "out, the least important first.")};

bool is_letter(const Key& key, char32_t letter) noexcept {
    return key.kind == KeyKind::character && key.value == letter;
}

}  // namespace

void MarketView::show(std::vector<SymbolRow> rows, const std::vector<std::string>& status) {
    list_.show(std::move(rows));
    status_.clear();
    for (const auto& part : status) {
        status_.push_back(shown(part, glyphs_));
    }
}

void MarketView::show(const Result<Breakdown>& breakdown) {
    if (breakdown) {
        breakdown_ = *breakdown;
    } else {
        breakdown_.reset();
        why_none_ = shown(breakdown.error().text(), glyphs_);
    }
}

void MarketView::add_notice(std::string_view text) {
    std::string notice = shown(text, glyphs_);
    if (!notices_.empty() && notices_.back() == notice) {
        return;
    }
    notices_.push_back(std::move(notice));
    if (notices_.size() > notices_max) {
        notices_.pop_front();
    }
    unread_ = page_ == Page::notices ? 0 : std::min(unread_ + 1, notices_max);
}

void MarketView::go_to(Page page) {
    page_ = page;
    text_.to_top();
    if (page == Page::market) {
        opened_.clear();
    } else if (page == Page::notices) {
        unread_ = 0;
    } else if (page == Page::symbol) {
        opened_ = list_.chosen();
        breakdown_.reset();
        why_none_ = fmt::format("{}: waiting for its breakdown", shown(opened_, glyphs_));
    }
}

bool MarketView::press_letter(const Key& key) {
    if (is_letter(key, U'?')) {
        go_to(page_ == Page::help ? Page::market : Page::help);
    } else if (is_letter(key, U'n')) {
        go_to(page_ == Page::notices ? Page::market : Page::notices);
    } else {
        return false;
    }
    return true;
}

bool MarketView::press(const Key& key) {
    if (key.kind == KeyKind::quit) {
        return false;
    }
    if (page_ == Page::market && list_.searching()) {
        static_cast<void>(list_.press(key));
        return true;
    }
    if (is_letter(key, U'q')) {
        return false;
    }
    if (press_letter(key)) {
        return true;
    }
    if (page_ != Page::market) {
        const bool back = key.kind == KeyKind::escape || key.kind == KeyKind::enter ||
                          key.kind == KeyKind::backspace || key.kind == KeyKind::left;
        if (back) {
            go_to(Page::market);
        } else {
            static_cast<void>(text_.press(key));
        }
    } else if (key.kind == KeyKind::enter || key.kind == KeyKind::right) {
        if (!list_.chosen().empty()) {
            go_to(Page::symbol);
        }
    } else {
        static_cast<void>(list_.press(key));
    }
    return true;
}

std::vector<Line> MarketView::text_of_page(std::size_t columns) const {
    if (page_ == Page::symbol && breakdown_) {
        return breakdown_lines(*breakdown_, columns);
    }
    std::vector<Line> lines;
    const auto add = [&](std::string_view text, std::size_t indent) {
        for (auto& line : wrapped(shown(text, glyphs_), columns, indent)) {
            lines.push_back({std::move(line)});
        }
    };
    if (page_ == Page::symbol) {
        add(why_none_, 0);
    } else if (page_ == Page::help) {
        for (const auto text : help_texts) {
            add(text, 2);
        }
    } else if (notices_.empty()) {
        add("no notice", 0);
    } else {
        for (auto notice = notices_.rbegin(); notice != notices_.rend(); ++notice) {
            add(fmt::format("· {}", *notice), 2);
        }
    }
    return lines;
}

std::vector<Line> MarketView::body(ScreenSize size) {
    return page_ == Page::market ? list_.lines(size) : text_.window(text_of_page(size.columns), size.rows);
}

std::vector<Line> MarketView::notice_lines(ScreenSize size) const {
    constexpr std::size_t rows_for_one = 5;
    constexpr std::size_t rows_for_three = 16;
    if (unread_ == 0 || notices_.empty() || size.rows < rows_for_one) {
        return {};
    }
    const std::string more = unread_ > 1 ? fmt::format(" (1 of {}, n: all)", unread_) : "";
    auto texts = wrapped(fmt::format("note: {}{}", notices_.back(), more), size.columns, 2);
    const std::size_t room = size.rows < rows_for_three ? 1 : 3;
    if (texts.size() > room) {
        texts.resize(room);
        texts.back() = cut(fmt::format("{} …", cut(texts.back(), size.columns > 2 ? size.columns - 2 : 0)),
                           size.columns);
    }
    std::vector<Line> lines;
    lines.reserve(texts.size());
    for (auto& text : texts) {
        lines.push_back({std::move(text), LineStyle::notice});
    }
    return lines;
}

std::string MarketView::footer(std::size_t columns) const {
    constexpr std::size_t columns_for_order = 72;
    std::vector<std::string> hints;
    if (page_ == Page::market && list_.searching()) {
        hints = {fmt::format("/{}_", shown(list_.search(), glyphs_)), "Enter keep", "Esc end"};
    } else if (page_ == Page::market) {
        const bool with_order = columns >= columns_for_order;
        hints = {"q quit",
                 "? help",
                 with_order ? fmt::format("s sort: {}", list_.order_text()) : "s sort",
                 with_order ? "/ search" : "/ find",
                 "Enter why",
                 "r reverse",
                 list_.place_text(),
                 "n notices"};
        if (!list_.search().empty()) {
            hints.insert(hints.begin() + 2, fmt::format("Esc ends \"{}\"", shown(list_.search(), glyphs_)));
        }
    } else {
        hints = {"q quit", "Esc back"};
        if (text_.below() > 0) {
            hints.push_back(fmt::format("{} lines below", text_.below()));
        }
        hints.emplace_back("up, down, PgUp, PgDn scroll");
    }
    return joined(hints, "  ", columns);
}

Frame MarketView::frame(ScreenSize size) {
    const std::size_t columns = std::max<std::size_t>(size.columns, 1);
    const bool with_status = size.rows >= 4;
    const bool with_footer = size.rows >= 2 || (page_ == Page::market && list_.searching());
    const auto notices = notice_lines({columns, size.rows});
    const std::size_t bars = (with_status ? 1 : 0) + (with_footer ? 1 : 0) + notices.size();
    const std::size_t rows = size.rows > bars ? size.rows - bars : 0;
    Frame frame;
    if (with_status) {
        frame.push_back({joined(status_, separator, columns), LineStyle::plain});
    }
    auto lines = body({columns, rows});
    lines.resize(std::min(lines.size(), rows));
    std::ranges::move(lines, std::back_inserter(frame));
    frame.resize((with_status ? 1 : 0) + rows);
    std::ranges::copy(notices, std::back_inserter(frame));
    if (with_footer) {
        frame.push_back({footer(columns), LineStyle::faint});
    }
    frame.resize(std::min(frame.size(), size.rows));
    // Whatever stands in a line, this is what no line breaks.
    for (Line& line : frame) {
        line.text = shown(cut(line.text, columns), glyphs_);
    }
    return frame;
}

}  // namespace virtuoso::screen
