// The commands that try alerts, as operators run them.
#include "support/places.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace virtuoso {
namespace {

using test::quoted;
using test::run;

class AlertCommand : public testing::Test {
  protected:
    void SetUp() override {
        std::ofstream(config_)
            << "[alerts]\n"
               "sinks = [\"console: console\", \"team: discord url=env:HOOK_OF_TEST\"]\n"
               "rules = [\"all: to=console\", \"begins: phase=begin digest=1h to=console\"]\n";
    }
    [[nodiscard]] std::string config() const { return " --config " + quoted(config_); }

    test::TemporaryDirectory folder_;
    std::string config_ = folder_.file("c.toml");
};

TEST_F(AlertCommand, TriesRulesOverARecording) {
    const auto tried = run(
        "alert try " + quoted(test::source_path("tests/fixtures/demo.jsonl.gz")) + config(), "2>/dev/null");
    EXPECT_EQ(tried.code, 0) << tried.text;
    EXPECT_TRUE(tried.text.starts_with(
        "2024-06-01T08:40:40.005Z -> console: warning: liquidation_cascade DEMOUSDT | DEMOUSDT: a cascade of "
        "long "
        "liquidations: 12 positions of 19.2 K USDT in five minutes, where 0.4 are usual\n"))
        << tried.text;
    EXPECT_NE(tried.text.find("\n2024-06-01T09:41:01.000Z -> console: "), std::string::npos)
        << "an hour later, with the next record";
    EXPECT_NE(
        tried.text.find("6 alerts; of 4 occurrences 0 matched no rule, 0 were held back by cooldowns, 0 by "
                        "sinks\n"),
        std::string::npos)
        << tried.text;
    EXPECT_EQ(tried.text,
              run("alert try " + quoted(test::source_path("tests/fixtures/demo.jsonl.gz")) + config(),
                  "2>/dev/null")
                  .text);
}

TEST_F(AlertCommand, SendsOneToASink) {
    const auto sent = run("alert test --sink console" + config());
    EXPECT_EQ(sent.code, 0);
    EXPECT_EQ(sent.text,
              "info: test | This is a test: alerts of Virtuoso arrive here.\nconsole: delivered (written)\n");
    const auto unknown = run("alert test --sink tema" + config());
    EXPECT_EQ(unknown.code, 2);
    EXPECT_NE(unknown.text.find("there are: console, team"), std::string::npos) << unknown.text;
}

TEST_F(AlertCommand, SaysWhyNothingArrivesAndNoSecret) {
    const auto unset = run("alert test --sink team" + config());
    EXPECT_EQ(unset.code, 4);
    EXPECT_NE(unset.text.find("HOOK_OF_TEST"), std::string::npos) << unset.text;
    ::setenv("HOOK_OF_TEST", "http://127.0.0.1:1/S3CR3T-S3CR3T", 1);
    const auto refused = run("alert test --sink team" + config());
    ::unsetenv("HOOK_OF_TEST");
    EXPECT_EQ(refused.code, 7) << refused.text;
    EXPECT_NE(refused.text.find("team: not delivered: no answer"), std::string::npos) << refused.text;
    EXPECT_EQ(refused.text.find("S3CR3T"), std::string::npos) << refused.text;
}

}  // namespace
}  // namespace virtuoso
