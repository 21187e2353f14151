// `virtuoso config` as its users meet it.
#include "support/shared_file.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace virtuoso {
namespace {

using test::quoted;
using test::run;

/// What this machine's user has configured says nothing here.
class ConfigCommand : public testing::Test {
  protected:
    ConfigCommand() { ::setenv("XDG_CONFIG_HOME", place_.file("xdg").c_str(), 1); }
    ~ConfigCommand() override { ::unsetenv("XDG_CONFIG_HOME"); }
    ConfigCommand(const ConfigCommand&) = delete;
    ConfigCommand& operator=(const ConfigCommand&) = delete;

    [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(place_.file(name)) << text;
        return place_.file(name);
    }
    test::TemporaryDirectory place_;
};

TEST_F(ConfigCommand, WhatInitWritesPassesCheckAndIsNotOverwritten) {
    const std::string path = place_.file("a/b.toml");
    EXPECT_EQ(run("config init " + quoted(path)).code, 0);
    const auto checked = run("config check " + quoted(path));
    EXPECT_EQ(checked.code, 0) << checked.text;
    EXPECT_NE(checked.text.find("no errors"), std::string::npos) << checked.text;
    const auto again = run("config init " + quoted(path));
    EXPECT_EQ(again.code, 6) << again.text;
    EXPECT_NE(again.text.find("it is there already"), std::string::npos) << again.text;
    EXPECT_EQ(run("config init -", "2>/dev/null").text, test::read_text(path));
    EXPECT_EQ(run("config init").code, 0);
    EXPECT_EQ(test::read_text(place_.file("xdg/virtuoso/config.toml")), test::read_text(path));
}

TEST_F(ConfigCommand, CheckTellsEverythingAtOnceAndExitsWithFour) {
    const std::string path = write("bad.toml", "[engine]\nshard = 2\nshards = 0\n[log]\nlevel = \n");
    const auto outcome = run("config check " + quoted(path));
    EXPECT_EQ(outcome.code, 4);
    for (const std::string part : {"bad.toml:2: [engine] has no key \"shard\"; is it shards?",
                                   "bad.toml:3: [engine] shards = 0 is too small; allowed: 1 to 64",
                                   "bad.toml:5: ", "(at \"level\")", "3 errors", "E_CONFIG"}) {
        EXPECT_NE(outcome.text.find(part), std::string::npos) << part << "\n" << outcome.text;
    }
    EXPECT_EQ(run("config check /nonexistent").code, 3);
    EXPECT_EQ(run("config check /").code, 3);
    EXPECT_EQ(run("config check " + quoted(test::virtuoso_binary())).code, 4);
    EXPECT_EQ(run("config check").code, 2);
    EXPECT_EQ(run("config").code, 2);
}

TEST_F(ConfigCommand, ShowTellsWhatIsInEffectAndWhatSetIt) {
    const std::string path =
        write("c.toml", "[universe]\ndeep = 20\nrerank_s = 60\n[log]\nlevel = \"debug\"\n");
    ASSERT_EQ(::setenv("VIRTUOSO_UNIVERSE_RERANK_S", "30", 1), 0);
    const auto shown =
        run("config show --config " + quoted(path) + " --log-level warning --symbols BTCUSDT,ETHUSDT");
    const auto json = run("config show --json --config " + quoted(path));
    ::unsetenv("VIRTUOSO_UNIVERSE_RERANK_S");
    EXPECT_EQ(shown.code, 0) << shown.text;
    const auto line = [&](const std::string& key) {
        const auto begin = shown.text.find("\n" + key + " = ");
        return shown.text.substr(begin + 1, shown.text.find('\n', begin + 1) - begin - 1);
    };
    EXPECT_TRUE(line("deep").ends_with("# " + path + ":2")) << line("deep");
    EXPECT_TRUE(line("rerank_s").starts_with("rerank_s = 30 ")) << line("rerank_s");
    EXPECT_TRUE(line("rerank_s").ends_with("# VIRTUOSO_UNIVERSE_RERANK_S")) << line("rerank_s");
    EXPECT_TRUE(line("level").starts_with("level = \"warning\"")) << line("level");
    EXPECT_TRUE(line("level").ends_with("# flag --log-level")) << line("level");
    EXPECT_TRUE(line("only").starts_with("only = [\"BTCUSDT\", \"ETHUSDT\"]")) << line("only");
    EXPECT_TRUE(line("shards").ends_with("# default")) << line("shards");
    EXPECT_EQ(json.code, 0);
    for (const std::string part :
         {"\"schema\": \"virtuoso.config/1\"", "\"name\": \"VIRTUOSO_UNIVERSE_RERANK_S\"", "\"line\": 2",
          "\"value\": 20"}) {
        EXPECT_NE(json.text.find(part), std::string::npos) << part << "\n" << json.text;
    }
    EXPECT_EQ(json.text.find("\\\"\\\""), std::string::npos)
        << "a secret that is not set is an empty text: " << json.text;
}

TEST_F(ConfigCommand, WithoutConfigTheUsersFileIsRead) {
    EXPECT_EQ(run("config init").code, 0);
    const auto shown = run("config show");
    EXPECT_NE(shown.text.find("xdg/virtuoso/config.toml\""), std::string::npos) << shown.text.substr(0, 200);
    const auto other = run("config show --config /dev/null");
    EXPECT_EQ(other.code, 0) << other.text;
    EXPECT_NE(other.text.find("deep = 50                                # default"), std::string::npos);
    EXPECT_EQ(run("config show --config /nonexistent").code, 3) << "what was named has to be there";
}

TEST_F(ConfigCommand, FlagsThatAreWrongAreWrongUsage) {
    for (const std::string arguments :
         {"--shards 0", "--shards two", "--log-level warn", "--listen 80", "--deep ''",
          "--exchange binance-usdm --region nl", "--thresholds 40/60", "--nosuch 1"}) {
        const auto outcome = run("config show " + arguments);
        EXPECT_EQ(outcome.code, 2) << arguments << outcome.text;
        EXPECT_NE(outcome.text.find(arguments.substr(0, arguments.find(' '))), std::string::npos)
            << outcome.text;
    }
    ASSERT_EQ(::setenv("VIRTUOSO_ENGINE_SHARD", "2", 1), 0);
    const auto outcome = run("config show");
    ::unsetenv("VIRTUOSO_ENGINE_SHARD");
    EXPECT_EQ(outcome.code, 4);
    EXPECT_NE(outcome.text.find("is it VIRTUOSO_ENGINE_SHARDS?"), std::string::npos) << outcome.text;
}

TEST_F(ConfigCommand, FaultsOfTheSimulatedExchangeKeepTheirCommas) {
    const auto shown =
        run("config show --exchange sim --sim-fault drop:p=0.01,match=orderbook --sim-fault silence");
    EXPECT_EQ(shown.code, 0) << shown.text;
    EXPECT_NE(shown.text.find("sim_faults = [\"drop:p=0.01,match=orderbook\", \"silence\"]"),
              std::string::npos)
        << shown.text;
}

TEST_F(ConfigCommand, ThePageIsTheOneInTheDocumentation) {
    EXPECT_EQ(run("config page", "2>/dev/null").text,
              test::read_text(test::source_path("docs/configuration.md")));
}

}  // namespace
}  // namespace virtuoso
