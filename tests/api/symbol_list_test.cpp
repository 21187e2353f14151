// Pages of the symbols, whatever they are sorted by.
#include "api/symbol_list.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <set>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, 5> sorts{"turnover", "score", "change", "reliability", "symbol"};
constexpr std::array<std::string_view, 4> sides{"LONG", "SHORT", "NEUTRAL", "NONE"};

/// Many are equal, some are absent, some need many digits.
std::optional<double> awkward(std::size_t number) {
    constexpr std::array values{0.0, -0.0, 1e20, 0.1 + 0.2, -7.0, 5e-324, 1.0 / 3.0};
    return number % 4 == 3 ? std::nullopt : std::optional(values[number % values.size()]);
}

std::vector<ResultPointer> many() {
    std::vector<ResultPointer> results;
    for (std::size_t i = 0; i < 61; ++i) {
        const auto result = std::make_shared<SymbolResult>();
        result->symbol = fmt::format("{}{}USDT", static_cast<char>('A' + i * 7 % 26), i);
        result->turnover_24h = awkward(i);
        result->change_24h = awkward(i + 1);
        result->confluence.score = awkward(i + 2);
        result->confluence.reliability = static_cast<double>(i % 3) / 3;
        if (i % 4 > 0) {
            constexpr std::array verdicts{Verdict::long_side, Verdict::short_side, Verdict::neutral};
            result->confluence.verdict = verdicts[i % 3];
        }
        results.push_back(result);
    }
    return results;
}

SymbolPage page(const std::vector<ResultPointer>& results, const std::string& query) {
    constexpr std::array<std::string_view, 5> known{"sort", "order", "signal", "limit", "cursor"};
    const auto parsed = Query::parse(query, known);
    EXPECT_TRUE(parsed) << query;
    const auto listing = SymbolListing::from(*parsed);
    EXPECT_TRUE(listing) << query << ": " << (listing ? "" : listing.error().message);
    return listing ? page_of(results, *listing) : SymbolPage{};
}

std::vector<std::string> names(const SymbolPage& page) {
    std::vector<std::string> all;
    for (const auto& row : page.rows) {
        all.push_back(row->symbol);
    }
    return all;
}

TEST(SymbolList, PagesByCursorAreTheWholeListInEveryOrder) {
    const auto results = many();
    for (const auto sort : sorts) {
        for (const std::string_view order : {"asc", "desc"}) {
            const std::string query = fmt::format("sort={}&order={}", sort, order);
            const auto whole = names(page(results, query + "&limit=2000"));
            ASSERT_EQ(std::set(whole.begin(), whole.end()).size(), results.size()) << query;
            for (const std::size_t limit : {std::size_t{1}, std::size_t{7}, results.size()}) {
                std::vector<std::string> read;
                std::string cursor;
                do {
                    const auto part = page(results, fmt::format("{}&limit={}{}{}", query, limit,
                                                                cursor.empty() ? "" : "&cursor=", cursor));
                    EXPECT_EQ(part.total, results.size());
                    const auto here = names(part);
                    ASSERT_FALSE(here.empty()) << query << " " << cursor;
                    read.insert(read.end(), here.begin(), here.end());
                    cursor = part.next;
                } while (!cursor.empty() && read.size() <= whole.size());
                EXPECT_EQ(read, whole) << query << " limit " << limit;
            }
        }
    }
}

TEST(SymbolList, SidesShareOutTheSymbols) {
    const auto results = many();
    std::size_t together = 0;
    for (const auto side : sides) {
        const auto part = page(results, fmt::format("signal={}&limit=2000", side));
        EXPECT_EQ(part.total, part.rows.size());
        EXPECT_GT(part.total, 0U) << side;
        together += part.total;
    }
    EXPECT_EQ(together, results.size());
}

TEST(SymbolList, WhatHasNoValueComesLastEitherWay) {
    const auto results = many();
    for (const std::string_view order : {"asc", "desc"}) {
        const auto all = page(results, fmt::format("sort=score&order={}&limit=2000", order));
        const auto has = [](const auto& row) { return row->confluence.score.has_value(); };
        EXPECT_TRUE(std::ranges::is_partitioned(all.rows, has)) << order;
        EXPECT_TRUE(has(all.rows.front()) && !has(all.rows.back())) << order;
    }
}

TEST(SymbolList, ANumberThatIsNoneCountsAsNoValue) {
    auto results = many();
    const auto odd = std::make_shared<SymbolResult>(*results[0]);
    odd->turnover_24h = std::numeric_limits<double>::quiet_NaN();
    results[0] = odd;
    const auto endless = std::make_shared<SymbolResult>(*results[1]);
    endless->turnover_24h = std::numeric_limits<double>::infinity();
    results[1] = endless;
    std::string cursor;
    std::size_t read = 0;
    do {
        const auto part = page(results, "limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor));
        read += part.rows.size();
        cursor = part.next;
    } while (!cursor.empty() && read <= results.size());
    EXPECT_EQ(read, results.size());
}

}  // namespace

}  // namespace virtuoso
