#include "exchange/symbol_choice.hpp"

#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace virtuoso {
namespace {

const std::vector<std::string> listed{"1000PEPEUSDT", "BTCUSDT", "ETHUSDT",
                                      "ETHBTCUSDT",   "SOLUSDT", "币安人生USDT"};

TEST(SymbolChoice, UnderstandsHowOthersWriteIt) {
    for (const std::string_view typed :
         {"BTCUSDT", "btcusdt", "BtcUsdt", " BTCUSDT", "btcusdt ", "BTC/USDT", "BTC/USDT:USDT",
          "btc/usdt:usdt", "BTC-USDT", "BTC_USDT", "BTC-USDT-PERP", "BTC-USDT-SWAP", "BTCUSDT.P",
          "BTCUSDT_PERP", "BINANCE:BTCUSDT.P", "BYBIT:BTCUSDT", "BTC / USDT", "BTC", "btc"}) {
        EXPECT_EQ(meant_symbol(typed, listed), "BTCUSDT") << typed;
    }
    EXPECT_EQ(meant_symbol("币安人生usdt", listed), "币安人生USDT");
    EXPECT_EQ(meant_symbol("eth/btc/usdt", listed), "ETHBTCUSDT");
    for (const std::string_view typed :
         {"", " ", "PEPEUSDT", "BTCUSD", "BTC/EUR", "XRPUSDT", "USDT", "-", "/", ":", "BTC:"}) {
        EXPECT_FALSE(meant_symbol(typed, listed) && typed != "BTC:") << typed;
    }
}

TEST(SymbolChoice, OffersTheNearest) {
    EXPECT_EQ(nearest_symbol("PEPEUSDT", listed), "1000PEPEUSDT");
    EXPECT_EQ(nearest_symbol("pepe", listed), "1000PEPEUSDT");
    EXPECT_EQ(nearest_symbol("BTCUSD", listed), "BTCUSDT");
    EXPECT_EQ(nearest_symbol("SLOUSDT", listed), "SOLUSDT");
    EXPECT_EQ(nearest_symbol("x", {}), "");
}

TEST(SymbolChoice, GivesListedNamesOnlyWhateverIsTyped) {
    SeededRandom random(3);
    constexpr std::string_view letters = "BTCUSDTbtcusdt/-_:. 1000PEPE\x1b\xff";
    for (int round = 0; round < 3'000; ++round) {
        std::string typed;
        for (auto left = random.below(30); left > 0; --left) {
            typed += letters[random.below(letters.size())];
        }
        const auto meant = meant_symbol(typed, listed);
        EXPECT_TRUE(!meant || std::ranges::find(listed, *meant) != listed.end()) << typed;
        EXPECT_TRUE(std::ranges::find(listed, nearest_symbol(typed, listed)) != listed.end()) << typed;
    }
}

}  // namespace
}  // namespace virtuoso
