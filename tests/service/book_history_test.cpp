// What a book was, second by second, against the books themselves.
#include "service/book_history.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

namespace virtuoso {
namespace {

constexpr std::int64_t unit = decimal_scale;

/// A book around a price, in steps of a tick.
struct Market {
    explicit Market(std::int64_t tick, std::int64_t levels, unsigned seed = 1)
        : tick_units(tick), levels_a_side(levels), random(seed) {}

    BookView book(std::int64_t middle_ticks) {
        std::vector<BookLevel> bids;
        std::vector<BookLevel> asks;
        for (std::int64_t i = 1; i <= levels_a_side; ++i) {
            bids.push_back({Price{(middle_ticks - i) * tick_units}, size()});
            asks.push_back({Price{(middle_ticks + i) * tick_units}, size()});
        }
        EXPECT_FALSE(state.apply(
            BookSnapshot{.time = {1}, .update_id = ++id, .depth = 200, .bids = bids, .asks = asks}));
        return *state.view();
    }
    Size size() {
        return {1 + static_cast<std::int64_t>(std::exp2(std::uniform_real_distribution(0.0, 45.0)(random)))};
    }

    std::int64_t tick_units;
    std::int64_t levels_a_side;
    std::mt19937 random;
    OrderBook state;
    std::uint64_t id = 0;
};

std::map<std::int64_t, double> by_bin(const BookView& book, Price step) {
    std::map<std::int64_t, double> sizes;
    const auto add = [&](Price price, Size size) {
        sizes[price.units / step.units] += size.value();
        return true;
    };
    book.walk_bids(add);
    book.walk_asks(add);
    return sizes;
}

TEST(BookHistory, KeepsEveryLevelInItsBin) {
    for (const std::int64_t tick : {std::int64_t{1}, unit / 1'000, unit / 10, 5 * unit, 100 * unit}) {
        Market market(tick, 150, static_cast<unsigned>(tick % 1'000));
        BookHistory history;
        for (int second = 0; second < 30; ++second) {
            const std::int64_t middle = 40'000 + second * (second % 2 == 0 ? 3 : -3);
            const BookView book = market.book(middle);
            history.look({1'000'000 + second * 1'000}, book);
            const auto columns = history.columns({});
            ASSERT_EQ(columns.size(), static_cast<std::size_t>(second) + 1);
            const auto& column = columns.back();
            EXPECT_EQ(column.bid, book.best_bid()->price);
            const auto truth = by_bin(book, history.step());
            for (const auto& [bin, size] : truth) {
                const std::int64_t place = bin - column.first_bin;
                ASSERT_TRUE(place >= 0 && place < static_cast<std::int64_t>(BookHistory::bins))
                    << tick << ": a level of the feed is not shown";
                EXPECT_NEAR(column.sizes[static_cast<std::size_t>(place)] / size, 1, 0.0005) << tick;
            }
            double kept = 0;
            double there = 0;
            for (const double size : column.sizes) {
                kept += size;
            }
            for (const auto& [bin, size] : truth) {
                there += size;
            }
            EXPECT_NEAR(kept / there, 1, 0.0005) << "nothing where nothing is";
        }
    }
}

TEST(BookHistory, LooksOnceASecondAndKeepsAQuarterOfAnHour) {
    Market market(unit, 50);
    BookHistory history;
    for (std::int64_t ms = 0; ms < 1'000 * 1'000; ms += 250) {
        history.look({ms}, market.book(10'000));
    }
    const auto columns = history.columns({});
    ASSERT_EQ(columns.size(), BookHistory::seconds_max);
    EXPECT_EQ(columns.front().time.ms, 100'000);
    EXPECT_EQ(columns.back().time.ms, 999'000);
    EXPECT_EQ(history.columns({990'000}).size(), 10U);
    EXPECT_LT(history.bytes(), std::size_t{256} << 10);
}

TEST(BookHistory, AGridLastsUntilAnotherOneIsNeeded) {
    Market market(unit / 10, 100);
    BookHistory history;
    history.look({1'000}, market.book(100'000));
    const Price step = history.step();
    for (std::int64_t second = 2; second < 100; ++second) {
        history.look({second * 1'000}, market.book(100'000 + second * 900));
        EXPECT_EQ(history.step(), step);
    }
    EXPECT_EQ(history.size(), 99U);
    history.look({100'000}, market.book(210'000));
    EXPECT_EQ(history.size(), 1U) << "the price has doubled";
}

TEST(BookHistory, AOneSidedBookIsPassedOver) {
    OrderBook book;
    const BookLevel bid{Price{unit}, Size{unit}};
    ASSERT_FALSE(book.apply(BookSnapshot{.time = {1}, .update_id = 1, .depth = 50, .bids = {&bid, 1}}));
    BookHistory history;
    history.look({1'000}, *book.view());
    EXPECT_EQ(history.size(), 0U);
}

}  // namespace
}  // namespace virtuoso
