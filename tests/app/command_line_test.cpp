// The program as its users meet it: exit codes, messages, repeatable output.
#include "support/shared_file.hpp"
#include "support/socket_server.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>

namespace virtuoso {
namespace {

using test::Outcome;
using test::quoted;
using test::run;

const std::string demo = quoted(test::source_path("tests/fixtures/demo.jsonl.gz"));

TEST(CommandLine, AnalyzesTheDemonstration) {
    const auto table = run("analyze " + demo);
    EXPECT_EQ(table.code, 0) << table.text;
    EXPECT_NE(table.text.find("║ Orderflow       ║"), std::string::npos) << table.text;
    const auto json = run("analyze --json " + demo);
    EXPECT_EQ(json.code, 0);
    EXPECT_TRUE(json.text.find("\"schema\":\"virtuoso.confluence/1\"") != std::string::npos) << json.text;
}

TEST(CommandLine, ReplaysTheSameBytesTwiceAndFromAJournal) {
    const test::TemporaryDirectory folder;
    const std::string journal = folder.file("demo.journal");
    const auto imported = run("import " + demo + " -o " + journal);
    ASSERT_EQ(imported.code, 0) << imported.text;
    const auto replayed = [](const std::string& file) {
        return run("replay --json " + file, "2>/dev/null").text;
    };
    const auto first = replayed(journal);
    EXPECT_GT(first.size(), 1'000U);
    EXPECT_EQ(first, replayed(journal));
    EXPECT_EQ(first, replayed(demo));
}

TEST(CommandLine, SaysWhatAllSixComponentsMean) {
    const auto table = run("analyze " + demo).text;
    for (const std::string part :
         {"What it says", "What would change it", "Sellers hit", "Orderbook  ", "Technical  "}) {
        EXPECT_NE(table.find(part), std::string::npos) << part;
    }
    EXPECT_EQ(table.find("is absent:"), std::string::npos) << "6 of 6";
}

TEST(CommandLine, EvaluatesHistoriesAsTableJsonAndPage) {
    const auto candles = test::shared_path("data/candles/btcusdt_spot_1m_202604.csv.gz");
    VIRTUOSO_NEED_FILE(candles);
    const test::TemporaryDirectory folder;
    const std::string page = folder.file("report.html");
    const auto table = run("evaluate --walk-forward --html " + page + " " + quoted(candles));
    ASSERT_EQ(table.code, 0) << table.text;
    EXPECT_NE(table.text.find("absent throughout: orderflow, orderbook"), std::string::npos) << table.text;
    EXPECT_NE(table.text.find("no edge"), std::string::npos) << table.text;
    const auto html = test::read_text(page);
    EXPECT_EQ(html.find("<script src"), std::string::npos) << "nothing is loaded from elsewhere";
    EXPECT_EQ(html.find("<link"), std::string::npos);
    EXPECT_NE(html.find("virtuoso.evaluation/1"), std::string::npos);
    const auto json = run("evaluate --json --walk-forward " + quoted(candles), "2>/dev/null");
    EXPECT_EQ(json.text, run("evaluate --json --walk-forward " + quoted(candles), "2>/dev/null").text);
}

TEST(CommandLine, WeightsFilesAreCheckedAndWritten) {
    const test::TemporaryDirectory folder;
    const std::string weights = folder.file("w.toml");
    std::ofstream(weights) << "[components]\ntechnical = 1.0\n";
    const auto outcome = run("analyze --weights " + weights + " " + demo);
    EXPECT_EQ(outcome.code, 0);
    EXPECT_NE(outcome.text.find("weight 1.00"), std::string::npos) << outcome.text;
    std::ofstream(weights) << "[components]\ntechnical = 0.5\n";
    for (const std::string command : {"analyze", "replay", "evaluate"}) {
        const auto refused = run(command + " --weights " + weights + " " + demo);
        EXPECT_EQ(refused.code, 4);
        EXPECT_NE(refused.text.find("line 1: [components] adds up to 0.5"), std::string::npos)
            << refused.text;
    }
}

TEST(CommandLine, ExitCodesTellWhatWentWrong) {
    const test::TemporaryDirectory folder;
    EXPECT_EQ(run("--help").code, 0);
    EXPECT_EQ(run("--version").code, 0);
    EXPECT_EQ(run("").code, 2);
    EXPECT_EQ(run("analyze").code, 2);
    EXPECT_EQ(run("analyze --at yesterday " + demo).code, 2);
    EXPECT_EQ(run("analyze /nonexistent").code, 3);
    const std::string noise = folder.file("noise");
    std::ofstream(noise) << "hello\n";
    EXPECT_EQ(run("analyze " + noise).code, 4);
    EXPECT_EQ(run("import " + demo + " -o /nonexistent/a.journal").code, 6);
    EXPECT_EQ(run("import " + demo + " -o /dev/full/x").code, 6);
}

bool acts_on_a_terminal(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
        const bool direction = text.substr(i).starts_with("\xe2\x80\xae");
        if ((byte < 0x20 && byte != '\n') || byte == 0x7f || (byte == 0xc2 && next < 0xa0) || direction) {
            return true;
        }
    }
    return false;
}

TEST(CommandLine, NothingFromOutsideActsOnTheTerminal) {
    const test::TemporaryDirectory folder;
    const std::string file = folder.file("hostile\x1b[31m\xe2\x80\xae.jsonl");
    std::ofstream(file)
        << R"({"topic":"tickers.BTCUSDT","type":"snapshot","ts":1700000000000,"data":{"symbol":"BTCUSDT","lastPrice":"2"}})"
        << '\n'
        << R"({"success":false,"ret_msg":"no \u001b[2J\u202e\u009b \"x\" )"
        << "\x7f\xc2\x9b\xe2\x80\xae"
        << R"(","op":"subscribe"})" << '\n'
        << R"({"topic":"tickers.\u001b[31mBTC","type":"snapshot","ts":1700000000000,"data":{"symbol":"x"}})"
        << '\n'
        << R"({"topic":"\u202eevil","ts":1700000000000})" << '\n'
        << "{\"topic\":\"a\x1b[2J\xff\"}" << '\n';
    for (const std::string command :
         {"analyze ", "analyze --json ", "replay ", "replay --json ", "evaluate "}) {
        for (const std::string ending : {"", "x"}) {
            const auto outcome = run(command + quoted(file + ending));
            EXPECT_FALSE(outcome.text.empty());
            EXPECT_FALSE(acts_on_a_terminal(outcome.text)) << command << outcome.text;
        }
    }
    const auto table = run("analyze " + quoted(file));
    EXPECT_EQ(table.code, 0) << table.text;
    EXPECT_NE(table.text.find("BTCUSDT"), std::string::npos) << table.text;
}

TEST(CommandLine, NamesAreUnderstoodOrTheNearestIsOffered) {
    const std::string live = "watch --exchange sim --sim-symbols 5 --duration 4 --json --top 1 ";
    const auto unknown = run(live + "--symbols 'nosuchcoin/usdt'");
    EXPECT_EQ(unknown.code, 5) << unknown.text;
    const auto offered = unknown.text.find(": is it ");
    ASSERT_NE(offered, std::string::npos) << unknown.text;
    const auto begin = offered + 8;
    std::string name = unknown.text.substr(begin, unknown.text.find('?', begin) - begin);
    ASSERT_TRUE(name.ends_with("USDT")) << name;
    const std::string listed = name;
    name.replace(name.size() - 4, 4, "/usdt:usdt");
    const auto known = run(live + "--symbols ' " + name + " '");
    EXPECT_EQ(known.code, 0) << known.text;
    EXPECT_NE(known.text.find("is taken as " + listed), std::string::npos) << known.text;
}

TEST(CommandLine, AnUnknownSymbolListsThoseThereAre) {
    const auto outcome = run("analyze --symbol NOSUCH " + demo);
    EXPECT_EQ(outcome.code, 5);
    EXPECT_NE(outcome.text.find("E_UNKNOWN_SYMBOL"), std::string::npos) << outcome.text;
    EXPECT_NE(outcome.text.find("USDT"), std::string::npos) << outcome.text;
}

TEST(CommandLine, ReadsTheSimulatedAccount) {
    const auto table = run("account --exchange sim --sim-symbols 6");
    EXPECT_EQ(table.code, 0) << table.text;
    EXPECT_NE(table.text.find("BTCUSDT          LONG"), std::string::npos) << table.text;
    const auto json = run("account --exchange sim --sim-symbols 6 --json");
    EXPECT_NE(json.text.find("\"schema\": \"virtuoso.account/1\""), std::string::npos) << json.text;
}

TEST(CommandLine, KeysComeFromTheEnvironmentOrAFileOfTheirOwner) {
    const test::TemporaryDirectory folder;
    const std::string file = folder.file("key");
    std::ofstream(file) << "key = virtuoso-simulated\nsecret = guess\n";
    const std::string account = "account --exchange sim --sim-symbols 2";
    ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
    EXPECT_EQ(run(account + " --key-file " + file).code, 3);
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    const auto wrong = run(account + " --key-file " + file);
    EXPECT_EQ(wrong.code, 4);
    EXPECT_NE(wrong.text.find("10004"), std::string::npos) << wrong.text;
    EXPECT_EQ(wrong.text.find("guess"), std::string::npos) << wrong.text;
    const auto half = run("account", "2>&1");
    EXPECT_EQ(half.code, 2) << half.text;
    EXPECT_NE(half.text.find("VIRTUOSO_BYBIT_API_KEY"), std::string::npos);
}

TEST(CommandLine, OnlyRecordingsOfOneExchangeAreServed) {
    const auto text = run("sim " + quoted(test::source_path("README.md")) + " --port 0 --tls-port 0");
    EXPECT_EQ(text.code, 4) << text.text;
    EXPECT_EQ(run("sim /nonexistent --port 0 --tls-port 0").code, 3);
}

/// An exchange that answers everything alike.
class OneAnswer final : public ServerHandler {
  public:
    explicit OneAnswer(HttpAnswer answer) : answer_(std::move(answer)) {}
    [[nodiscard]] ServerAnswer answer(const ServerRequest&) override { return {.http = answer_}; }
    [[nodiscard]] bool streams_at(std::string_view) const noexcept override { return false; }
    void join(ServerPeer&, std::string_view) override {}
    void leave(ServerPeer&) override {}
    void receive(ServerPeer&, std::string_view) override {}

  private:
    HttpAnswer answer_;
};

TEST(CommandLine, RepeatsWhyAnExchangeRefusesAndWhatToDo) {
    struct Case {
        std::string exchange;
        HttpAnswer answer;
        std::vector<std::string> said;
    };
    const std::vector<Case> cases{
        {"binance-usdm",
         {451, {}, R"({"code":0,"msg":"Service unavailable from a restricted location."})"},
         {"E_RESTRICTED_PLACE", "Service unavailable from a restricted location.",
          "use a machine or a network"}},
        {"bybit",
         {403, {}, "<html><title>ERROR</title>configured to block access from your country</html>"},
         {"E_RESTRICTED_PLACE", "HTTP 403", "--region"}},
        {"binance-usdm",
         {418, {{"Retry-After", "30"}}, R"({"code":-1003,"msg":"IP banned"})"},
         {"E_RATE_LIMIT", "IP banned", "30 s"}}};
    for (const auto& [exchange, answer, said] : cases) {
        OneAnswer handler(answer);
        const test::RunningServer server(handler, {});
        const auto port = server.server->port();
        const auto outcome = run(
            fmt::format("watch --exchange {} --rest-url http://127.0.0.1:{} --stream-url ws://127.0.0.1:{}",
                        exchange, port, port));
        EXPECT_EQ(outcome.code, 7) << outcome.text;
        for (const auto& part : said) {
            EXPECT_NE(outcome.text.find(part), std::string::npos) << part << " in " << outcome.text;
        }
    }
    EXPECT_EQ(run("watch --exchange binance-usdm --region nl").code, 2);
}

TEST(CommandLine, OptionsOfLiveCommandsNameWhatTheyOffer) {
    const auto depth = run("watch --exchange sim --depth 500");
    EXPECT_EQ(depth.code, 2);
    for (const std::string offered : {"50", "200", "1000"}) {
        EXPECT_NE(depth.text.find(offered), std::string::npos) << depth.text;
    }
    const auto asset_class = run("watch --exchange sim --asset-class crypto,bonds");
    EXPECT_EQ(asset_class.code, 2);
    EXPECT_NE(asset_class.text.find("commodity"), std::string::npos) << asset_class.text;
}

TEST(CommandLine, KeysOfTheEnvironmentAreCheckedAndNotRepeated) {
    const auto outcome = run("account --exchange sim", "2>&1; true");
    EXPECT_EQ(outcome.code, 0) << outcome.text;
    ASSERT_EQ(setenv("VIRTUOSO_BYBIT_API_KEY", "abc def\nX: y", 1), 0);
    ASSERT_EQ(setenv("VIRTUOSO_BYBIT_API_SECRET", "topsecret99", 1), 0);
    const auto refused = run("account --exchange sim");
    unsetenv("VIRTUOSO_BYBIT_API_KEY");
    unsetenv("VIRTUOSO_BYBIT_API_SECRET");
    EXPECT_EQ(refused.code, 2) << refused.text;
    EXPECT_NE(refused.text.find("VIRTUOSO_BYBIT_API_KEY"), std::string::npos) << refused.text;
    EXPECT_EQ(refused.text.find("abc def"), std::string::npos) << refused.text;
    EXPECT_EQ(refused.text.find("topsecret"), std::string::npos) << refused.text;
}

// While a key is held, no core file is written of the process.
TEST(CommandLine, TheProcessThatHoldsAKeyIsPrivate) {
    ASSERT_EQ(setenv("VIRTUOSO_BYBIT_API_KEY", "AbCdEfGhIjKlMnOpQr", 1), 0);
    ASSERT_EQ(setenv("VIRTUOSO_BYBIT_API_SECRET", "0123456789abcdefghijklmnop", 1), 0);
    const auto outcome =
        run("account --exchange bybit --rest-url http://127.0.0.1:1 >/dev/null 2>&1 & p=$!; for i in $(seq "
            "100); do "
            "if grep -q 'Max core file size *0 *0' /proc/$p/limits; then echo private; break; fi; sleep 0.1; "
            "done; "
            "kill $p",
            "2>/dev/null");
    unsetenv("VIRTUOSO_BYBIT_API_KEY");
    unsetenv("VIRTUOSO_BYBIT_API_SECRET");
    EXPECT_NE(outcome.text.find("private"), std::string::npos);
}

}  // namespace
}  // namespace virtuoso
