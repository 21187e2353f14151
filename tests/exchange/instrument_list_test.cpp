// The instrument list against listings that change, fail, and answer late.
#include "exchange/instrument_list.hpp"

#include "base/seeded_random.hpp"
#include "exchange/bybit/dialect.hpp"
#include "support/fake_rest.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace virtuoso {
namespace {

using test::FakeRest;

/// An exchange that lists contracts in pages; turnover grows with the number in a symbol's name.
class Listing final : public InstrumentList::Listener {
  public:
    explicit Listing(InstrumentList::Choice choice, std::uint64_t seed = 1)
        : partition(choice.partition),
          random(seed),
          list({dialect, rest,
                [this](std::int64_t ms, std::function<void()> call) {
                    waits.push_back(ms);
                    timers.push_back(std::move(call));
                },
                *this},
               std::move(choice)) {}

    static std::string symbol(std::size_t number) { return fmt::format("C{:02}USDT", number); }
    static std::string gained(std::size_t number) { return fmt::format("+C{:02}USDT", number); }
    static std::string lost(std::size_t number) { return fmt::format("-C{:02}USDT", number); }

    void on_added(const std::string& name, std::uint32_t rank) override {
        EXPECT_TRUE(now.insert(name).second) << name << " was added twice";
        EXPECT_TRUE(partition.owns(name));
        EXPECT_TRUE(!partition.whole() || rank == now.size() - 1);
        ranks[name] = rank;
    }
    void on_dropped(const std::string& name, bool trading) override {
        EXPECT_EQ(now.erase(name), 1U) << name << " was dropped twice";
        const bool listed = std::ranges::any_of(
            traded, [&](std::size_t number) { return symbol(number) == name && number % 7 != 6; });
        EXPECT_EQ(trading, listed) << name;
    }
    void on_listing(const std::string& name, bool listed) override {
        EXPECT_TRUE(partition.owns(name));
        listings.push_back(fmt::format("{}{}", listed ? '+' : '-', name));
    }
    void on_changed(const std::string& name) override { changed.push_back(name); }
    void on_notice(std::string_view text) override { notices.emplace_back(text); }

    /// Answers the oldest open question from what is traded now.
    void answer() {
        const std::string target = rest.open.front().target;
        if (target == dialect.tickers_target()) {
            answer_tickers();
            return;
        }
        const auto cut = target.find("&cursor=");
        const std::size_t begin = cut == std::string::npos ? 0 : std::stoul(target.substr(cut + 8));
        InstrumentPage page;
        for (std::size_t i = begin; i < std::min(traded.size(), begin + page_size); ++i) {
            const std::string name = symbol(traded[i]);
            if (unread.contains(name)) {
                page.skipped.add(unread_named ? name : "", {ErrorCode::field_value, "tickSize"});
                continue;
            }
            page.instruments.push_back(
                {.symbol = name,
                 .quote_coin = "USDT",
                 .contract_type = "LinearPerpetual",
                 .status = traded[i] % 7 == 6 ? "PreLaunch" : "Trading",
                 .tick_size = {ticks.contains(name) ? ticks[name] : 10},
                 .quantity_step = {10},
                 .asset_class = classes.contains(name) ? classes[name] : AssetClass::crypto});
        }
        page.next_cursor = begin + page_size < traded.size() ? std::to_string(begin + page_size) : "";
        if (endless) {
            page.next_cursor = std::to_string(page_size * (1 + *endless * pages_given++ % 40));
        }
        rest.answer(0, page);
    }
    void refuse(ErrorCode code = ErrorCode::network) { rest.answer(0, fail(code, "no answer")); }
    void answer_all() {
        while (!rest.open.empty()) {
            answer();
        }
    }
    void run_timers() {
        for (auto& call : std::exchange(timers, {})) {
            call();
        }
    }
    /// The most traded of what is listed and chosen.
    [[nodiscard]] std::vector<std::string> expected(const InstrumentList::Choice& choice) const {
        std::vector<std::size_t> numbers = traded;
        std::ranges::sort(numbers, std::greater{});
        std::vector<std::string> names;
        for (const std::size_t number : numbers) {
            const std::string name = symbol(number);
            if (number % 7 != 6 && (choice.symbols.empty() || std::ranges::count(choice.symbols, name) > 0)) {
                names.push_back(name);
            }
        }
        if (choice.symbols_max > 0 && names.size() > choice.symbols_max) {
            names.resize(choice.symbols_max);
        }
        return names;
    }
    [[nodiscard]] std::vector<std::string> followed_sorted() const {
        std::vector<std::string> names = list.followed();
        std::ranges::sort(names);
        return names;
    }
    void change() {
        traded.clear();
        for (std::size_t number = 0; number < 20; ++number) {
            if (random.uniform() < 0.7) {
                traded.push_back(number);
            }
        }
    }

    SymbolPartition partition;
    bybit::BybitDialect dialect;
    FakeRest rest;
    SeededRandom random;
    std::vector<std::function<void()>> timers;
    std::vector<std::string> notices;
    std::vector<std::int64_t> waits;
    std::vector<std::string> changed;
    std::set<std::string> unread;  ///< their elements cannot be read
    bool unread_named = true;
    std::map<std::string, std::int64_t> ticks;
    std::map<std::string, AssetClass> classes;
    std::optional<std::size_t> endless;  ///< there is always a next cursor, so many pages on
    std::size_t pages_given = 0;
    std::vector<std::size_t> traded{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
    std::size_t page_size = 6;
    std::set<std::string> now;
    std::map<std::string, std::uint32_t> ranks;
    std::vector<std::string> listings;
    std::function<double(std::size_t)> turnover = [](std::size_t number) {
        return static_cast<double>(number);
    };
    InstrumentList list;

  private:
    void answer_tickers() {
        std::deque<std::string> names;
        std::vector<MarketEvent> events;
        for (std::size_t number = 0; number < 20; ++number) {
            names.push_back(symbol(number));
            events.push_back(
                {.symbol = names.back(), .payload = TickerUpdate{.turnover_24h = turnover(number)}});
        }
        rest.answer(0, MarketReply{events, {}});
    }
};

std::vector<std::string> sorted(std::vector<std::string> names) {
    std::ranges::sort(names);
    return names;
}

const std::vector<InstrumentList::Choice> choices{
    {},
    {.symbols_max = 5, .hysteresis = 0},
    {.symbols = {Listing::symbol(3), Listing::symbol(12), "NONEUSDT"}}};

std::string message_of(const Listing& listing) {
    return listing.list.trouble() ? listing.list.trouble()->message : std::string();
}

TEST(InstrumentList, FollowsWhatIsListedThroughAnyChange) {
    for (const auto& choice : choices) {
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            Listing listing(choice, seed);
            listing.list.read();
            listing.answer_all();
            EXPECT_EQ(listing.list.followed(), listing.expected(choice)) << "most traded first";
            for (int reading = 0; reading < 10; ++reading) {
                listing.change();
                listing.list.read();
                if (listing.random.uniform() < 0.2) {
                    const auto before = listing.list.followed();
                    listing.refuse();
                    EXPECT_EQ(listing.list.followed(), before) << "a listing that fails changes nothing";
                    continue;
                }
                const auto before = listing.followed_sorted();
                listing.answer_all();
                const auto expected = sorted(listing.expected(choice));
                EXPECT_EQ(listing.followed_sorted(), expected.empty() ? before : expected) << seed;
                EXPECT_EQ(std::vector<std::string>(listing.now.begin(), listing.now.end()),
                          listing.followed_sorted());
            }
            EXPECT_TRUE(listing.timers.empty()) << "retries are for the beginning";
        }
    }
}

// While requests are held back for minutes, readings pile up: their answers must not be taken for one.
TEST(InstrumentList, ReadingsThatOverlapDoNotMix) {
    for (const auto& choice : choices) {
        for (std::uint64_t seed = 1; seed <= 100; ++seed) {
            Listing listing(choice, seed);
            listing.list.read();
            listing.answer_all();
            const auto whole = listing.followed_sorted();
            for (int step = 0; step < 60; ++step) {
                if (listing.random.uniform() < 0.4) {
                    listing.list.read();
                } else if (!listing.rest.open.empty()) {
                    listing.answer();
                }
                ASSERT_EQ(listing.followed_sorted(), whole) << seed << " at " << step;
            }
        }
    }
}

// A contract that comes or goes while pages are read moves the others from one page to the next.
TEST(InstrumentList, AContractOnTwoPagesIsOne) {
    Listing listing({.symbols_max = 19});
    listing.page_size = 20;
    listing.traded.insert(listing.traded.end(), {19, 18, 17, 16});
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.list.followed().size(), 18U) << "all that are trading";
}

TEST(InstrumentList, TriesUntilItStartsAndSaysWhatIsTheMatter) {
    Listing listing({.symbols_max = 5});
    listing.list.read();
    for (int attempt = 1; attempt <= 5; ++attempt) {
        EXPECT_EQ(listing.rest.open.size(), 1U);
        listing.refuse();
        EXPECT_FALSE(listing.list.started());
        EXPECT_EQ(message_of(listing), "no answer");
        EXPECT_EQ(listing.notices.size(), static_cast<std::size_t>(attempt));
        EXPECT_EQ(listing.timers.size(), 1U);
        listing.run_timers();
    }
    listing.answer_all();
    EXPECT_TRUE(listing.list.started());
    EXPECT_FALSE(listing.list.trouble());
    EXPECT_EQ(listing.list.followed(), listing.expected({.symbols_max = 5}));
}

TEST(InstrumentList, KeepsTheCauseOfEachTrouble) {
    for (const ErrorCode code : {ErrorCode::network, ErrorCode::json_syntax, ErrorCode::field_missing,
                                 ErrorCode::exchange_refused, ErrorCode::tls}) {
        Listing listing({.symbols_max = 5});
        listing.list.read();
        listing.refuse(code);
        EXPECT_EQ(listing.list.trouble()->code, code);
        listing.run_timers();
        while (listing.rest.open.front().target != listing.dialect.tickers_target()) {
            listing.answer();
        }
        listing.refuse(code);
        EXPECT_EQ(listing.list.trouble()->code, code) << "of the turnovers";
    }
}

TEST(InstrumentList, WithoutTheTurnoverItDoesNotGuessWhichAreTheMostTraded) {
    Listing listing({.symbols_max = 5});
    listing.list.read();
    while (listing.rest.open.front().target != listing.dialect.tickers_target()) {
        listing.answer();
    }
    listing.refuse();
    EXPECT_FALSE(listing.list.started());
    EXPECT_TRUE(listing.list.followed().empty());
    listing.run_timers();
    listing.answer_all();
    EXPECT_EQ(listing.list.followed(), listing.expected({.symbols_max = 5}));
}

TEST(InstrumentList, NamesWhatIsNotListedAndWaitsForIt) {
    Listing listing({.symbols = {"NONEUSDT"}});
    listing.list.read();
    listing.answer_all();
    EXPECT_FALSE(listing.list.started());
    const std::string expected =
        "\"NONEUSDT\" is not a USDT perpetual that is trading on this exchange: is it C00USDT?";
    EXPECT_EQ(message_of(listing), expected);
    EXPECT_EQ(listing.list.trouble()->code, ErrorCode::unknown_symbol);
    EXPECT_EQ(listing.notices, std::vector<std::string>{expected});
    EXPECT_EQ(listing.timers.size(), 1U);
}

TEST(InstrumentList, WhatIsExcludedIsNotFollowed) {
    Listing listing({.symbols = {Listing::symbol(3), Listing::symbol(4)}, .excluded = {Listing::symbol(4)}});
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.list.followed(), std::vector<std::string>{Listing::symbol(3)});
    ASSERT_EQ(listing.notices.size(), 1U);
    EXPECT_NE(listing.notices[0].find("excluded"), std::string::npos);
    Listing most({.symbols_max = 2, .excluded = {Listing::symbol(19)}});
    most.list.read();
    most.answer_all();
    EXPECT_EQ(most.list.followed(), (std::vector<std::string>{Listing::symbol(18), Listing::symbol(17)}));
}

TEST(InstrumentList, WhatIsExcludedIsUnderstoodAsWhatIsChosen) {
    Listing listing({.symbols_max = 2, .excluded = {"c19usdt", "C18/USDT:USDT", "C17", "NONEUSDT"}});
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.list.followed(), (std::vector<std::string>{Listing::symbol(16), Listing::symbol(15)}));
    EXPECT_EQ(listing.notices, std::vector<std::string>{"\"NONEUSDT\" is to be excluded, but is not listed"});
    EXPECT_FALSE(listing.list.follows_all());
}

TEST(InstrumentList, SaysWhyNothingIsLeft) {
    Listing excluded({.symbols = {"c04usdt"}, .excluded = {"C04/USDT"}});
    excluded.list.read();
    excluded.answer_all();
    EXPECT_EQ(excluded.list.trouble()->code, ErrorCode::unknown_symbol);
    EXPECT_NE(message_of(excluded).find("asked for and excluded"), std::string::npos);
    Listing unread({.symbols = {"C05"}});
    unread.unread = {Listing::symbol(5)};
    unread.list.read();
    unread.answer_all();
    EXPECT_NE(message_of(unread).find("cannot be read: tickSize"), std::string::npos) << message_of(unread);
    Listing other({.symbols = {"C04-USDT-PERP"}});
    other.classes[Listing::symbol(4)] = AssetClass::commodity;
    other.list.read();
    other.answer_all();
    EXPECT_NE(message_of(other).find("asset class commodity"), std::string::npos) << message_of(other);
}

TEST(InstrumentList, CountsWhatIsOnNoCoin) {
    Listing listing({});
    listing.classes[Listing::symbol(3)] = AssetClass::stock;
    listing.classes[Listing::symbol(4)] = AssetClass::stock;
    listing.classes[Listing::symbol(7)] = AssetClass::forex;
    listing.list.read();
    listing.answer_all();
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.notices,
              std::vector<std::string>{"contracts that are on no coin are left out (2 stock, 1 "
                                       "forex): --asset-class follows them"});
    EXPECT_FALSE(listing.now.contains(Listing::symbol(7)));
    EXPECT_TRUE(listing.list.follows_all()) << "of its class";
}

TEST(InstrumentList, OtherAssetClassesAreFollowedWhenTheyAreAskedFor) {
    for (const bool asked : {false, true}) {
        Listing listing({.symbols = {Listing::symbol(3), Listing::symbol(4)},
                         .classes = asked ? std::vector{AssetClass::crypto, AssetClass::stock}
                                          : std::vector{AssetClass::crypto}});
        listing.classes[Listing::symbol(4)] = AssetClass::stock;
        listing.list.read();
        listing.answer_all();
        EXPECT_EQ(listing.list.followed().size(), asked ? 2U : 1U);
        EXPECT_EQ(listing.notices.size(), asked ? 0U : 1U);
        EXPECT_TRUE(asked || listing.notices[0].find("add it to --asset-class") != std::string::npos);
    }
}

// An element that cannot be read is no reason to drop what is followed, and none to begin with it.
TEST(InstrumentList, AnElementThatCannotBeReadChangesNothing) {
    for (const bool named : {true, false}) {
        Listing listing({});
        listing.unread = {Listing::symbol(5)};
        listing.list.read();
        listing.answer_all();
        EXPECT_FALSE(listing.now.contains(Listing::symbol(5)));
        EXPECT_TRUE(listing.now.contains(Listing::symbol(4)));
        listing.unread = {Listing::symbol(8)};
        listing.unread_named = named;
        std::erase(listing.traded, 9U);
        listing.list.read();
        listing.answer_all();
        EXPECT_TRUE(listing.now.contains(Listing::symbol(8))) << "followed before";
        EXPECT_TRUE(listing.now.contains(Listing::symbol(5))) << "readable now";
        EXPECT_EQ(listing.now.contains(Listing::symbol(9)), !named)
            << "gone, unless it may be the unread one";
    }
}

TEST(InstrumentList, AListingWithoutEndIsLeft) {
    for (const std::size_t step : {0U, 1U, 3U}) {
        Listing listing({});
        listing.endless = step;
        listing.list.read();
        std::size_t answers = 0;
        for (; !listing.rest.open.empty(); ++answers) {
            listing.answer();
        }
        EXPECT_LE(answers, InstrumentList::pages_max) << step;
        EXPECT_FALSE(listing.list.started());
        EXPECT_NE(message_of(listing).find("has no end"), std::string::npos) << message_of(listing);
        EXPECT_EQ(listing.waits, std::vector<std::int64_t>{InstrumentList::endless_retry_ms});
    }
}

bool asks_turnover(const Listing& listing) {
    return std::ranges::any_of(listing.rest.open, [&](const RestQuestion& question) {
        return question.target == listing.dialect.tickers_target();
    });
}

// While only the most traded are followed, their turnovers are asked for anew, and the border has a width.
TEST(InstrumentList, TheMostTradedAreRankedAnew) {
    Listing listing({.symbols_max = 3, .hysteresis = 0.1});
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.list.followed(),
              (std::vector{Listing::symbol(19), Listing::symbol(18), Listing::symbol(17)}));
    listing.turnover = [](std::size_t number) { return number == 5 ? 18.6 : static_cast<double>(number); };
    listing.list.read();
    listing.answer_all();
    listing.list.rerank();
    listing.answer_all();
    EXPECT_EQ(listing.now.count(Listing::symbol(5)), 0U) << "not by a tenth more than the weakest";
    listing.turnover = [](std::size_t number) { return number == 5 ? 18.8 : static_cast<double>(number); };
    listing.list.read();
    EXPECT_FALSE(asks_turnover(listing));
    listing.answer_all();
    EXPECT_EQ(listing.now.count(Listing::symbol(5)), 0U) << "a listing alone ranks nothing anew";
    listing.list.rerank();
    listing.answer_all();
    EXPECT_EQ(listing.list.followed(),
              (std::vector{Listing::symbol(19), Listing::symbol(5), Listing::symbol(18)}))
        << "most traded first";
    EXPECT_TRUE(listing.listings.empty()) << "nothing was listed or delisted";
}

TEST(InstrumentList, WithoutNewTurnoversTheRanksStayAndAreAskedForAgain) {
    Listing listing({.symbols_max = 3, .hysteresis = 0});
    listing.list.read();
    listing.answer_all();
    const auto before = listing.list.followed();
    listing.turnover = [](std::size_t number) { return 100.0 - static_cast<double>(number); };
    listing.list.rerank();
    while (!asks_turnover(listing)) {
        listing.answer();
    }
    std::erase(listing.traded, 18U);
    listing.refuse();
    EXPECT_EQ(listing.list.followed(), before);
    EXPECT_TRUE(listing.timers.empty());
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.list.followed(),
              (std::vector{Listing::symbol(0), Listing::symbol(1), Listing::symbol(2)}));
}

TEST(InstrumentList, WhatLeavesTheListingGivesItsPlaceToTheNext) {
    Listing listing({.symbols_max = 3});
    listing.list.read();
    listing.answer_all();
    std::erase(listing.traded, 18U);
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.list.followed(),
              (std::vector{Listing::symbol(19), Listing::symbol(17), Listing::symbol(16)}));
    EXPECT_EQ(listing.listings, std::vector<std::string>{Listing::lost(18)});
}

TEST(InstrumentList, TheMostTradedHaveAMinimumAndThoseThatAreChosenWhateverTheyAreWorth) {
    Listing listing({.symbols_max = 5, .included = {"c02/usdt", "C99"}, .turnover_min = 17});
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.list.followed(), (std::vector{Listing::symbol(19), Listing::symbol(18),
                                                    Listing::symbol(17), Listing::symbol(2)}));
    ASSERT_EQ(listing.notices.size(), 1U);
    EXPECT_NE(listing.notices[0].find("\"C99\" is not a USDT perpetual"), std::string::npos)
        << listing.notices[0];
}

TEST(InstrumentList, ListingsAreToldOnceWhetherTheyAreFollowedOrNot) {
    for (const std::size_t most : {0U, 2U}) {
        Listing listing({.symbols_max = most, .excluded = {Listing::symbol(3)}});
        std::erase_if(listing.traded, [](std::size_t number) { return number < 5; });
        listing.list.read();
        listing.answer_all();
        EXPECT_TRUE(listing.listings.empty()) << "the first time it is no news";
        listing.traded.insert(listing.traded.end(), {1, 3, 4});
        std::erase(listing.traded, 10U);
        for (int reading = 0; reading < 3; ++reading) {
            listing.list.read();
            listing.answer_all();
        }
        EXPECT_EQ(listing.listings,
                  (std::vector<std::string>{Listing::gained(1), Listing::gained(4), Listing::lost(10)}));
        listing.unread = {Listing::symbol(11)};
        listing.list.read();
        listing.answer_all();
        EXPECT_EQ(listing.listings.size(), 3U) << "what cannot be read is not gone";
        listing.unread.clear();
        std::erase(listing.traded, 11U);
        listing.list.read();
        listing.answer_all();
        EXPECT_EQ(listing.listings.back(), Listing::lost(11));
    }
}

// Each contract is followed by one part, with the rank it has among all, through any change of the listing.
TEST(InstrumentList, PartsFollowEverythingOnce) {
    for (const std::uint32_t count : {2U, 3U, 8U}) {
        for (const std::size_t most : {0U, 7U}) {
            InstrumentList::Choice choice{.symbols_max = most, .hysteresis = 0.2};
            std::vector<std::unique_ptr<Listing>> parts;
            for (std::uint32_t index = 0; index < count; ++index) {
                choice.partition = {index, count};
                parts.push_back(std::make_unique<Listing>(choice, 5));
            }
            choice.partition = {};
            Listing whole(choice, 5);
            for (int reading = 0; reading < 20; ++reading) {
                std::vector<std::string> together;
                for (const auto& part : parts) {
                    part->list.rerank();
                    part->answer_all();
                    together.insert(together.end(), part->list.followed().begin(),
                                    part->list.followed().end());
                    EXPECT_FALSE(part->list.follows_all());
                    EXPECT_TRUE(part->list.started());
                }
                whole.list.rerank();
                whole.answer_all();
                std::ranges::sort(together);
                EXPECT_EQ(together, whole.followed_sorted());
                for (const auto& part : parts) {
                    for (const auto& name : part->list.followed()) {
                        EXPECT_EQ(part->ranks[name], whole.ranks[name]);
                    }
                    part->change();
                }
                whole.change();
            }
        }
    }
}

TEST(SymbolPartition, OwnsEveryNameOnceAndEvenly) {
    SeededRandom random(11);
    std::set<std::string> names;
    while (names.size() < 4'000) {
        std::string name;
        for (std::uint64_t letters = 1 + random.below(8); letters > 0; --letters) {
            name += static_cast<char>('A' + random.below(26));
        }
        names.insert(name + "USDT");
    }
    for (std::uint32_t count = 1; count <= 16; ++count) {
        std::vector<std::size_t> owned(count);
        for (const auto& name : names) {
            std::size_t owners = 0;
            for (std::uint32_t index = 0; index < count; ++index) {
                if (SymbolPartition{index, count}.owns(name)) {
                    ++owners;
                    ++owned[index];
                }
            }
            ASSERT_EQ(owners, 1U) << name;
        }
        const double even = 4'000.0 / count;
        EXPECT_LT(static_cast<double>(std::ranges::max(owned)), 1.3 * even) << count;
        EXPECT_GT(static_cast<double>(std::ranges::min(owned)), 0.7 * even) << count;
    }
}

TEST(InstrumentList, AnotherTickIsTold) {
    Listing listing({});
    listing.list.read();
    listing.answer_all();
    EXPECT_TRUE(listing.changed.empty());
    listing.ticks[Listing::symbol(7)] = 5;
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.changed, std::vector<std::string>{Listing::symbol(7)});
    EXPECT_EQ(listing.notices,
              std::vector<std::string>{
                  "C07USDT: the tick is 0.00000005 now, was 0.0000001: its histories are read again"});
    listing.list.read();
    listing.answer_all();
    EXPECT_EQ(listing.changed.size(), 1U) << "once";
}

}  // namespace
}  // namespace virtuoso
