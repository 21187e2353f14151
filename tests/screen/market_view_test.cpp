#include "screen/market_view.hpp"

#include "base/seeded_random.hpp"
#include "base/unicode.hpp"
#include "support/random_text.hpp"
#include "support/terminal_model.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace virtuoso::screen {
namespace {

SymbolRow row_of(std::string symbol, double score, double change = 0) {
    SymbolRow row;
    row.symbol = std::move(symbol);
    row.price = 61'201.5;
    row.change_24h = change;
    row.score = score;
    row.verdict = row.raw_verdict = score >= 70   ? Verdict::long_side
                                    : score <= 30 ? Verdict::short_side
                                                  : Verdict::neutral;
    row.components.fill(score);
    row.coverage = 0.96;
    return row;
}

std::vector<SymbolRow> some_rows() {
    return {row_of("BTCUSDT", 46.1, 0.0123), row_of("ETHUSDT", 71.2, -0.2), row_of("SOLUSDT", 22.9),
            row_of("1000PEPEUSDT", 50.0, 12.3)};
}

std::vector<std::string> texts(const Frame& frame) {
    std::vector<std::string> lines;
    for (const auto& line : frame) {
        lines.push_back(line.text.substr(0, line.text.find_last_not_of(' ') + 1));
    }
    return lines;
}

void type(MarketView& view, std::string_view bytes) {
    KeyDecoder decoder;
    auto keys = decoder.feed(bytes);
    std::ranges::copy(decoder.settle(), std::back_inserter(keys));
    for (const Key& key : keys) {
        EXPECT_TRUE(view.press(key));
    }
}

bool shows(MarketView& view, std::string_view part, ScreenSize size = {.columns = 130, .rows = 24}) {
    for (const auto& line : view.frame(size)) {
        if (line.text.find(part) != std::string::npos) {
            return true;
        }
    }
    return false;
}

TEST(MarketView, DrawsWhatFitsByImportance) {
    MarketView view(Glyphs::ascii);
    view.show(some_rows(), {"2026-01-02", "4 symbols, 4 whole", "12 messages/s"});
    EXPECT_EQ(texts(view.frame({.columns = 20, .rows = 5})),
              (std::vector<std::string>{"2026-01-02", "Symbol        Score", "BTCUSDT        46.1",
                                        "ETHUSDT        71.2", "q quit  ? help"}));
    EXPECT_EQ(
        texts(view.frame({.columns = 40, .rows = 4})),
        (std::vector<std::string>{"2026-01-02 - 4 symbols, 4 whole", "BTCUSDT          61201.5  46.1 NEUTRAL",
                                  "ETHUSDT          61201.5  71.2 LONG", "q quit  ? help  s sort  / find"}));
    EXPECT_EQ(texts(view.frame({.columns = 80, .rows = 24}))[1],
              "Symbol            Price   24 h Score Signal   Flow  Book   Vol Struc  Tech Senti");
    EXPECT_EQ(texts(view.frame({.columns = 80, .rows = 24}))[2],
              "BTCUSDT         61201.5 +1.23%  46.1 NEUTRAL  46.1  46.1  46.1  46.1  46.1  46.1");
    EXPECT_EQ(
        texts(view.frame({.columns = 130, .rows = 24}))[5],
        "1000PEPEUSDT     61201.5 +1230%  50.0 NEUTRAL  50.0  50.0  50.0  50.0  50.0  50.0 NEUTRAL  0.96");
    EXPECT_EQ(texts(view.frame({.columns = 20, .rows = 1})),
              (std::vector<std::string>{"BTCUSDT        46.1"}));
    EXPECT_TRUE(view.frame({.columns = 20, .rows = 0}).empty());
}

TEST(MarketView, SaysWhatIsNotWhole) {
    auto rows = some_rows();
    rows[1].state = "book: no snapshot yet";
    MarketView view(Glyphs::unicode);
    view.show(rows, {"now"});
    EXPECT_TRUE(shows(view, "ETHUSDT     !", {.columns = 20, .rows = 24}));
    EXPECT_TRUE(shows(view, "book: no snapshot yet", {.columns = 130, .rows = 24}));
}

TEST(MarketView, ColoursTheSidesUnlessTheyAreNotWanted) {
    MarketView view(Glyphs::ascii);
    view.show(some_rows(), {"now"});
    const Frame frame = view.frame({.columns = 80, .rows = 24});
    EXPECT_EQ(frame[3].style, LineStyle::rising);
    EXPECT_EQ(frame[4].style, LineStyle::falling);
    EXPECT_EQ(frame[5].style, LineStyle::plain);
    EXPECT_NE(paint({}, frame, true, true).find("\x1b[32mETHUSDT"), std::string::npos);
    EXPECT_EQ(paint({}, frame, true, false).find("\x1b[32m"), std::string::npos);
}

TEST(MarketView, ScrollsAndKeepsTheChosenSymbol) {
    std::vector<SymbolRow> rows;
    for (int i = 0; i < 100; ++i) {
        rows.push_back(row_of(fmt::format("S{:02}USDT", i), i));
    }
    MarketView view(Glyphs::ascii);
    view.show(rows, {"now"});
    const ScreenSize size{.columns = 40, .rows = 13};  // ten rows
    const auto chosen = [&] {
        for (const auto& line : view.frame(size)) {
            if (line.style == LineStyle::chosen) {
                return line.text.substr(0, 7);
            }
        }
        return std::string("none");
    };
    EXPECT_EQ(chosen(), "S00USDT");
    type(view, "jj\x1b[B");
    EXPECT_EQ(chosen(), "S03USDT");
    type(view, "k\x1b[A\x1b[6~");
    EXPECT_EQ(chosen(), "S11USDT");
    type(view, "G");
    EXPECT_EQ(chosen(), "S99USDT");
    EXPECT_EQ(view.frame(size)[2].text.substr(0, 7), "S90USDT");
    type(view, "\x1b[5~");
    EXPECT_EQ(chosen(), "S89USDT");
    std::ranges::reverse(rows);
    view.show(rows, {"now"});
    EXPECT_EQ(chosen(), "S89USDT") << "wherever it is now";
    type(view, "\x1b[H");
    EXPECT_EQ(chosen(), "S99USDT");
    std::ranges::reverse(rows);
    view.show(rows, {"now"});
    EXPECT_EQ(chosen(), "S00USDT") << "the top stays the top";
    type(view, "\x1b[F");
    rows.resize(3);
    view.show(rows, {"now"});
    EXPECT_EQ(chosen(), "S02USDT") << "a symbol that is gone";
}

TEST(MarketView, SortsByTheNextKeyAndBackwards) {
    auto rows = some_rows();
    rows[2].score.reset();
    MarketView view(Glyphs::ascii);
    view.show(rows, {"now"});
    const auto first = [&] { return view.frame({.columns = 130, .rows = 10})[2].text.substr(0, 7); };
    EXPECT_TRUE(shows(view, "s sort: most traded"));
    type(view, "s");
    EXPECT_TRUE(shows(view, "s sort: name"));
    EXPECT_EQ(first(), "1000PEP");
    type(view, "s");
    EXPECT_EQ(first(), "ETHUSDT");
    type(view, "r");
    EXPECT_TRUE(shows(view, "s sort: score, reversed"));
    EXPECT_EQ(first(), "BTCUSDT");
    EXPECT_EQ(view.frame({.columns = 130, .rows = 10})[5].text.substr(0, 7), "SOLUSDT") << "no score: last";
    type(view, "s");
    EXPECT_EQ(first(), "ETHUSDT") << "lean";
    type(view, "s");
    EXPECT_EQ(first(), "1000PEP") << "24 h";
}

TEST(MarketView, SearchesWhileItIsTyped) {
    MarketView view(Glyphs::ascii);
    view.show(some_rows(), {"now"});
    type(view, "/pEp");
    EXPECT_TRUE(shows(view, "/pEp_"));
    EXPECT_TRUE(shows(view, "1000PEPEUSDT"));
    EXPECT_FALSE(shows(view, "BTCUSDT"));
    type(view, "q");
    EXPECT_TRUE(shows(view, "no symbol has \"pEpq\" in its name")) << "q is a letter here";
    type(view, "\x7f\r");
    EXPECT_TRUE(shows(view, "Esc ends \"pEp\""));
    type(view, "\x1b");
    EXPECT_TRUE(shows(view, "BTCUSDT"));
    type(view, "/x\x1b");
    EXPECT_TRUE(shows(view, "BTCUSDT"));
}

TEST(MarketView, OpensTheBreakdownOfTheChosenSymbol) {
    MarketView view(Glyphs::ascii);
    view.show(some_rows(), {"now"});
    EXPECT_EQ(view.opened(), "");
    type(view, "j\r");
    EXPECT_EQ(view.opened(), "ETHUSDT");
    EXPECT_TRUE(shows(view, "ETHUSDT: waiting for its breakdown"));
    view.show(Result<Breakdown>(fail(ErrorCode::network, "nobody answers")));
    EXPECT_TRUE(shows(view, "E_NETWORK: nobody answers"));
    Breakdown breakdown;
    breakdown.symbol = "ETHUSDT";
    breakdown.verdict = "Confluence 71.20 LONG";
    breakdown.components.resize(6);
    view.show(Result<Breakdown>(breakdown));
    EXPECT_TRUE(shows(view, "Confluence 71.20 LONG"));
    EXPECT_TRUE(shows(view, "lines below"));
    type(view, "\x1b[F");
    EXPECT_FALSE(shows(view, "lines below"));
    type(view, "\x1b");
    EXPECT_EQ(view.opened(), "");
    EXPECT_TRUE(shows(view, "BTCUSDT"));
    EXPECT_FALSE(view.press({.kind = KeyKind::character, .value = U'q'}));
}

TEST(MarketView, NoticesStandThereUntilTheyAreRead) {
    MarketView view(Glyphs::ascii);
    view.show(some_rows(), {"now"});
    view.add_notice("\"NOPE\" is not a USDT perpetual that is trading on this exchange: is it OPUSDT?");
    EXPECT_TRUE(shows(view, "note: \"NOPE\" is not a USDT"));
    EXPECT_TRUE(shows(view, "note: \"NOPE\" is", {.columns = 20, .rows = 5}));
    view.add_notice("a second one");
    EXPECT_TRUE(shows(view, "note: a second one (1 of 2, n: all)"));
    type(view, "n");
    EXPECT_TRUE(shows(view, "is it OPUSDT?"));
    type(view, "\x1b");
    EXPECT_FALSE(shows(view, "note:"));
    for (int i = 0; i < 1'000; ++i) {
        view.add_notice(fmt::format("number {}", i));
    }
    EXPECT_TRUE(shows(view, "note: number 999 (1 of 100, n: all)"));
}

TEST(MarketView, HelpNamesEveryKey) {
    MarketView view(Glyphs::ascii);
    view.show(some_rows(), {"now"});
    type(view, "?");
    for (const auto* const part :
         {"PgUp", "Enter", "s: sort", "r: ", "/: search", "n: ", "Ctrl-L", "q, Ctrl-C"}) {
        EXPECT_TRUE(shows(view, part)) << part;
    }
    type(view, "?");
    EXPECT_TRUE(shows(view, "BTCUSDT"));
}

SymbolRow random_row(SeededRandom& random) {
    SymbolRow row;
    row.symbol = test::random_text(random, 30);
    row.state = test::random_text(random, random.below(2) == 0 ? 0 : 60);
    const auto value = [&]() -> std::optional<double> {
        constexpr std::array<double, 8> values{0, 100, 50.05, -1e300, 1e300, 1e-9, 99.99, 123'456.789};
        return random.below(4) == 0 ? std::nullopt : std::optional(values[random.below(values.size())]);
    };
    row.price = value();
    row.change_24h = value();
    row.score = value();
    row.components.fill(value());
    row.coverage = random.uniform();
    return row;
}

Breakdown random_breakdown(SeededRandom& random, Glyphs glyphs) {
    const auto text = [&] { return shown(test::random_text(random, 80), glyphs); };
    Breakdown breakdown;
    breakdown.symbol = text();
    breakdown.verdict = text();
    breakdown.figures = {text(), text()};
    breakdown.insights = {text(), text()};
    breakdown.concerns = {text()};
    for (std::uint64_t i = random.below(7); i > 0; --i) {
        breakdown.components.push_back({.title = text(),
                                        .score = random.below(2) == 0 ? std::nullopt : std::optional(1e9),
                                        .impact = random.uniform(),
                                        .sentence = text(),
                                        .subs = {{text(), 50.0, text(), text()}}});
    }
    return breakdown;
}

void press_something(SeededRandom& random, MarketView& view) {
    constexpr std::string_view letters = "jkgG sr/n?bxyzn\r\x1b\x7f";
    constexpr std::array kinds{KeyKind::up,       KeyKind::down,   KeyKind::page_up, KeyKind::page_down,
                               KeyKind::home,     KeyKind::end,    KeyKind::left,    KeyKind::right,
                               KeyKind::enter,    KeyKind::escape, KeyKind::redraw,  KeyKind::unknown,
                               KeyKind::backspace};
    if (random.below(2) == 0) {
        static_cast<void>(view.press({.kind = kinds[random.below(kinds.size())]}));
    } else {
        const auto letter = static_cast<unsigned char>(letters[random.below(letters.size())]);
        static_cast<void>(view.press({.kind = KeyKind::character, .value = letter}));
    }
}

void expect_within(const Frame& frame, ScreenSize size, Glyphs glyphs) {
    EXPECT_LE(frame.size(), size.rows);
    for (const auto& line : frame) {
        EXPECT_LE(cells_in(line.text), size.columns) << line.text;
        EXPECT_EQ(printable(line.text), line.text);
        const bool ascii = std::ranges::all_of(line.text, [](char c) { return c >= ' ' && c <= '~'; });
        EXPECT_TRUE(ascii || glyphs == Glyphs::unicode) << line.text;
    }
}

// Whatever is shown and typed, on screens of every size; and what is sent makes a terminal show just that.
TEST(MarketView, NeverDrawsBeyondTheScreen) {
    SeededRandom random(3);
    for (int turn = 0; turn < 8; ++turn) {
        const auto glyphs = turn % 2 == 0 ? Glyphs::ascii : Glyphs::unicode;
        MarketView view(glyphs);
        test::TerminalModel terminal({});
        Frame before;
        ScreenSize size_before{.columns = 0, .rows = 0};
        terminal.take(enter_screen);
        for (int step = 0; step < 40; ++step) {
            if (step % 5 == 0) {
                std::vector<SymbolRow> rows(random.below(90));
                std::ranges::generate(rows, [&] { return random_row(random); });
                view.show(std::move(rows), {test::random_text(random, 30), test::random_text(random, 30)});
                view.show(Result<Breakdown>(random_breakdown(random, glyphs)));
                view.add_notice(test::random_text(random, 150));
            }
            press_something(random, view);
            constexpr std::array<std::size_t, 7> widths{1, 2, 20, 40, 80, 130, 250};
            const std::size_t columns = widths[random.below(widths.size())];
            for (const std::size_t rows : {0U, 1U, 2U, 3U, 5U, 24U, 60U}) {
                expect_within(view.frame({columns, rows}), {columns, rows}, glyphs);
            }
            const ScreenSize size =
                step % 3 == 0 ? ScreenSize{.columns = 1 + random.below(130), .rows = 1 + random.below(40)}
                : size_before.rows == 0 ? ScreenSize{}
                                        : size_before;
            const Frame frame = view.frame(size);
            if (size != size_before) {
                terminal.resize(size);
            }
            terminal.take(paint(before, frame, size != size_before));
            for (std::size_t row = 0; row < frame.size(); ++row) {
                ASSERT_EQ(terminal.row(row), frame[row].text);
            }
            ASSERT_EQ(terminal.complaint(), "");
            before = frame;
            size_before = size;
        }
    }
}

}  // namespace
}  // namespace virtuoso::screen
