// Arguments that cannot be understood: the word is named, the nearest one offered, numbers have short ranges.
#include "support/virtuoso_command.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace virtuoso {
namespace {

using test::run;

struct Mistake {
    std::string words;
    std::string told;  ///< a part of the message
};

TEST(Usage, NamesTheWordAndWhatWasMeant) {
    const std::vector<Mistake> mistakes{
        {"wach", "\"wach\" is no command: is it watch?"},
        {"confg show", "\"confg\" is no command: is it config?"},
        {"config shw", "\"shw\" is no command: is it show?"},
        {"watch --duratoin 1", "\"--duratoin\" is no option of watch: is it --duration?"},
        {"record --simbols X", "\"--simbols\" is no option of record: is it --symbols?"},
        {"watch --refresh=1 --durration=2", "\"--durration\" is no option of watch: is it --duration?"},
        {"watch --exchange binance", "\"binance\" is none of bybit, binance-usdm, sim: is it binance-usdm?"},
        {"watch --depth 51", "\"51\" is none of 1, 50, 200, 1000"},
        {"config show --nothing", "`virtuoso config show --help` lists them"},
        {"record --exchange sim", "--out is required"},
        {"", "see `virtuoso --help`"},
    };
    for (const auto& [words, told] : mistakes) {
        const auto outcome = run(words);
        EXPECT_EQ(outcome.code, 2) << words;
        EXPECT_NE(outcome.text.find(told), std::string::npos) << words << ": " << outcome.text;
        EXPECT_LE(outcome.text.size(), 400U) << words << ": " << outcome.text;
    }
}

TEST(Usage, WhatStandsForAValueIsNoMistypedOption) {
    EXPECT_NE(run("watch --symbols -- --duratoin").text.find("E_ARGUMENT"), std::string::npos);
    EXPECT_EQ(run("watch --help").code, 0);
    EXPECT_EQ(run("config --help").code, 0);
    EXPECT_EQ(run("sim --sim-seed -1 --duratoin").text.find("\"-1\" is no"), std::string::npos);
}

TEST(Usage, NumbersThatAreNoneOfTheirRangeAreRefusedInAFewWords) {
    for (const std::string option : {"watch --duration ", "watch --refresh ", "watch --connection-lifetime ",
                                     "record --out /tmp/x --duration ", "record --out /tmp/x --rotate-mb ",
                                     "doctor --wait ", "replay --speed ", "sim --connection-lifetime ",
                                     "analyze --equity ", "analyze --risk ", "watch --sim-symbols "}) {
        for (const std::string value : {"nan", "inf", "-inf", "-1", "0", "1e99", "1e400", "12x", "x", "''"}) {
            const auto outcome = run(option + value);
            EXPECT_EQ(outcome.code, 2) << option << value << ": " << outcome.text;
            EXPECT_NE(outcome.text.find("E_ARGUMENT: --"), std::string::npos)
                << option << value << outcome.text;
            EXPECT_LE(outcome.text.size(), 200U) << option << value << ": " << outcome.text;
        }
    }
}

TEST(Usage, APasswordInAnAddressIsNeverPrinted) {
    for (const std::string words :
         {"watch --rest-url https://me:geheim@example.org --stream-url wss://me:geheim@example.org",
          "watch --rest-url https://example.org --stream-url wss://geheim@example.org/v5",
          "doctor --rest-url https://me:geheim@example.org", "run --rest-url geheim://me:geheim@example.org",
          "watch --url http://me:geheim@127.0.0.1:1", "db check --store postgresql://me:geheim@127.0.0.1:1/x",
          "db check --store mysql://me:geheim@127.0.0.1:1/x",
          "account --rest-url https://me:geheim@127.0.0.1:1"}) {
        const auto outcome = run(words + " </dev/null");
        EXPECT_NE(outcome.code, 0) << words;
        EXPECT_EQ(outcome.text.find(":geheim"), std::string::npos) << words << ": " << outcome.text;
        EXPECT_EQ(outcome.text.find("geheim@"), std::string::npos) << words << ": " << outcome.text;
    }
}

TEST(Usage, TheRestOfOneExchangeWithTheStreamOfAnotherIsRefused) {
    for (const std::string words :
         {"watch --rest-url http://127.0.0.1:1", "watch --stream-url ws://127.0.0.1:1",
          "watch --exchange sim --rest-url http://127.0.0.1:1 --stream-url ws://127.0.0.1:1",
          "record --out /tmp/x --rest-url http://127.0.0.1:1"}) {
        const auto outcome = run(words);
        EXPECT_EQ(outcome.code, 2) << words << ": " << outcome.text;
        EXPECT_NE(outcome.text.find("-url"), std::string::npos) << words << ": " << outcome.text;
    }
}

}  // namespace
}  // namespace virtuoso
