// The account: keys, signatures, and the client against the simulated exchange.
#include "exchange/bybit/account_client.hpp"
#include "exchange/bybit/account_codec.hpp"
#include "sim/account_service.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/shared_file.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <deque>
#include <filesystem>
#include <fstream>

namespace virtuoso {
namespace {

using bybit::AccountClient;
using bybit::ApiKey;

TEST(Signature, IsHmacSha256) {
    // RFC 4231, test case 2.
    EXPECT_EQ(bybit::signature("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(ApiKeyFile, ReadsTwoLinesAndIgnoresComments) {
    const auto key = bybit::parse_api_key("# read-only\nkey = abc\r\n\n secret=xyz==\n", "file");
    ASSERT_TRUE(key) << key.error().text();
    EXPECT_EQ(key->key, "abc");
    EXPECT_EQ(key->secret, "xyz==");
}

TEST(ApiKeyFile, ErrorsNameTheLineAndNeverTheContent) {
    for (const std::string text : {"key = abc\nsecrte = topsecret\n", "key = abc\n", "topsecret\n",
                                   "key = abc\nsecret = top secret\n", "secret =\nkey = topsecret"}) {
        const auto key = bybit::parse_api_key(text, "file");
        ASSERT_FALSE(key) << text;
        EXPECT_EQ(key.error().code, ErrorCode::file_format);
        EXPECT_EQ(key.error().message.find("secret\n"), std::string::npos);
        EXPECT_EQ(key.error().message.find("topsecret"), std::string::npos) << key.error().message;
    }
}

TEST(ApiKeyFile, IsRefusedWhenOthersMayReadIt) {
    const auto path = std::filesystem::temp_directory_path() / "virtuoso_api_key_test";
    std::ofstream(path) << "key = abc\nsecret = xyz\n";
    chmod(path.c_str(), 0644);
    const auto open = bybit::load_api_key(path);
    ASSERT_FALSE(open);
    EXPECT_NE(open.error().message.find("chmod 600"), std::string::npos);
    chmod(path.c_str(), 0600);
    EXPECT_TRUE(bybit::load_api_key(path));
    std::filesystem::remove(path);
    EXPECT_EQ(bybit::load_api_key(path).error().code, ErrorCode::file_open);
}

class AccountTest : public ::testing::Test {
  protected:
    static constexpr std::int64_t start_ms = 1'795'564'800'000;

    Result<Account> load(const ApiKey& key) {
        std::optional<Result<Account>> loaded;
        AccountClient client(network, key, 1);
        client.load([&](Result<Account> account) { loaded = std::move(account); });
        network.run(60'000);
        return loaded ? std::move(*loaded) : fail(ErrorCode::network, "no answer");
    }

    sim::SimulatedExchange exchange{{.symbols = 6, .seed = 1, .start = {start_ms}}};
    test::VirtualNetwork network{exchange, 5};
};

TEST_F(AccountTest, WalletAndPositionsAddUp) {
    const auto account = load(sim::AccountService::key());
    ASSERT_TRUE(account) << account.error().text();
    ASSERT_EQ(account->positions.size(), 3U);
    double unrealised = 0;
    for (const auto& position : account->positions) {
        const double side = position.side == PositionSide::long_position ? 1 : -1;
        EXPECT_NEAR(position.unrealised_profit,
                    side * (position.mark_price.value() - position.entry_price) * position.size.value(),
                    position.value * 1e-3)
            << position.symbol;
        ASSERT_TRUE(position.liquidation_price);
        EXPECT_GT(side * (position.entry_price - *position.liquidation_price), 0);
        unrealised += position.unrealised_profit;
    }
    const Wallet& wallet = account->wallet;
    EXPECT_EQ(wallet.account_type, "UNIFIED");
    EXPECT_NEAR(wallet.unrealised_profit, unrealised, std::abs(unrealised) * 0.05 + 1);
    EXPECT_NEAR(wallet.equity, wallet.wallet_balance + wallet.unrealised_profit, 1e-6);
    EXPECT_NEAR(wallet.available_balance, wallet.margin_balance - wallet.initial_margin, 1e-6);
    ASSERT_EQ(wallet.coins.size(), 1U);
    EXPECT_EQ(wallet.coins[0].coin, "USDT");
}

TEST_F(AccountTest, RefusalsSayWhatToDoAndHideTheKey) {
    const ApiKey right = sim::AccountService::key();
    const auto wrong_secret = load({right.key, "guess"});
    ASSERT_FALSE(wrong_secret);
    EXPECT_EQ(wrong_secret.error().code, ErrorCode::exchange_refused);
    EXPECT_NE(wrong_secret.error().message.find("secret does not belong"), std::string::npos);
    EXPECT_EQ(wrong_secret.error().message.find(right.key), std::string::npos);
    const auto wrong_key = load({"nobody", "guess"});
    ASSERT_FALSE(wrong_key);
    EXPECT_NE(wrong_key.error().message.find("10003"), std::string::npos);
    EXPECT_EQ(wrong_key.error().message.find("nobody"), std::string::npos);
}

TEST_F(AccountTest, TheExchangesClockCounts) {
    exchange.faults().add(*sim::Fault::parse("clock-skew:value=3600000", start_ms));
    EXPECT_TRUE(load(sim::AccountService::key()));
}

TEST_F(AccountTest, PassingFaultsAreSignedAnew) {
    exchange.faults().add(*sim::Fault::parse("500:p=1,count=2", start_ms));
    exchange.faults().add(*sim::Fault::parse("slow-body:p=1,value=7000,count=1", start_ms));
    const auto account = load(sim::AccountService::key());
    EXPECT_TRUE(account) << account.error().text();
}

TEST_F(AccountTest, UnsignedRequestsAreRefused) {
    const auto answer = exchange.answer({.target = "/v5/account/wallet-balance?accountType=UNIFIED"});
    EXPECT_TRUE(answer.http.body.starts_with(R"({"retCode":10003,)")) << answer.http.body;
    EXPECT_EQ(exchange.answer({.target = "/v5/order/create"}).http.status, 404);
}

TEST(AccountCodec, ReadsTheReferencePayloads) {
    const auto payload = [](const std::string& name) {
        return test::read_text(test::shared_path("golden/bybit/rest/" + name + ".json"));
    };
    VIRTUOSO_NEED_FILE(test::shared_path("golden/bybit/rest/nt_positions.json"));
    FrameBuffer buffer;
    bybit::AccountCodec codec;
    const auto positions = codec.positions(buffer.assign(payload("nt_positions")));
    ASSERT_TRUE(positions) << positions.error().text();
    ASSERT_EQ(positions->positions.size(), 2U);
    EXPECT_EQ(positions->positions[0].symbol, "BTCUSDT");
    EXPECT_EQ(positions->positions[0].side, PositionSide::long_position);
    EXPECT_EQ(to_text(positions->positions[0].size), "0.5");
    EXPECT_EQ(positions->positions[0].liquidation_price, 45'000.0);
    EXPECT_EQ(positions->positions[1].side, PositionSide::short_position);
    const auto without = codec.positions(buffer.assign(payload("nt_positions_with_open_time")));
    ASSERT_TRUE(without) << without.error().text();
    EXPECT_FALSE(without->positions[0].liquidation_price);
    const auto wallet = codec.wallet(buffer.assign(payload("nt_wallet_balance")));
    ASSERT_TRUE(wallet) << wallet.error().text();
    EXPECT_DOUBLE_EQ(wallet->equity, 3.31216591);
    EXPECT_DOUBLE_EQ(wallet->available_balance, 3.00326056);
    ASSERT_EQ(wallet->coins.size(), 3U);
    EXPECT_DOUBLE_EQ(wallet->coins[1].wallet_balance, 1'000.5);
    const auto borrowed = codec.wallet(buffer.assign(payload("nt_wallet_balance_spot_short")));
    ASSERT_TRUE(borrowed) << borrowed.error().text();
    EXPECT_DOUBLE_EQ(borrowed->coins[0].usd_value, -191.31);
    EXPECT_TRUE(codec.wallet(buffer.assign(payload("nt_wallet_balance_with_spot_borrow"))));
}

TEST(AccountCodec, RefusesByField) {
    FrameBuffer buffer;
    bybit::AccountCodec codec;
    const auto refusal = [&](std::string_view body) {
        const auto page = codec.positions(buffer.assign(body));
        return page ? std::string("accepted") : page.error().text();
    };
    const auto listed = [](std::string_view position) {
        return fmt::format(R"({{"retCode":0,"retMsg":"OK","result":{{"list":[{}]}},"time":1}})", position);
    };
    EXPECT_EQ(refusal(listed(R"({"symbol":"BTCUSDT","side":"","size":"0","liqPrice":""})")), "accepted");
    EXPECT_NE(refusal(listed(R"({"symbol":"BTCUSDT","side":"Long","size":"1"})")).find("side"),
              std::string::npos);
    EXPECT_NE(refusal(listed(R"({"symbol":"BTCUSDT","side":"Buy","size":"-1"})")).find("size"),
              std::string::npos);
    EXPECT_NE(refusal(R"({"retCode":0,"retMsg":"OK"})").find("result"), std::string::npos);
    EXPECT_NE(refusal(R"({"result":{}})").find("retCode"), std::string::npos);
    EXPECT_NE(refusal("{").find("E_JSON_SYNTAX"), std::string::npos);
}

TEST(AccountCodec, AnAccountThatIsNotToldIsNoEmptyOne) {
    bybit::AccountCodec codec;
    FrameBuffer buffer;
    const auto without = [&](const char* body) {
        const auto wallet = codec.wallet(buffer.assign(body));
        const auto positions = codec.positions(buffer.assign(body));
        EXPECT_FALSE(wallet) << body;
        EXPECT_FALSE(positions) << body;
    };
    without(R"({"retCode":0,"retMsg":"OK","result":{},"time":1736899200000})");
    without(R"({"retCode":0,"retMsg":"OK","result":{"list":null},"time":1736899200000})");
    without(R"({"retCode":0,"retMsg":"OK","result":{"list":[]}})");
    without(R"({"retCode":0,"retMsg":"OK"})");
    EXPECT_TRUE(codec.positions(
        buffer.assign(R"({"retCode":0,"retMsg":"OK","result":{"list":[]},"time":1736899200000})")));
    EXPECT_FALSE(codec.wallet(
        buffer.assign(R"({"retCode":0,"retMsg":"OK","result":{"list":[]},"time":1736899200000})")));
}

TEST(ApiKey, WhatCannotBeOneIsRefusedAndNotRepeated) {
    for (const std::string& bad :
         {std::string(), std::string("abc def ghi"), std::string("abc\r\nX-Evil: 1"),
          std::string("abc\x1b[31m"), std::string("ключключ"), std::string("\"quoted99\""),
          std::string(bybit::key_length_max + 1, 'a')}) {
        for (const ApiKey& key : {ApiKey{bad, "secret-of-it"}, ApiKey{"key-of-it", bad}}) {
            const auto checked = bybit::check_api_key(key, "environment");
            ASSERT_FALSE(checked) << bad;
            EXPECT_TRUE(bad.empty() || checked.error().message.find(bad.substr(0, 8)) == std::string::npos)
                << checked.error().message;
            EXPECT_EQ(checked.error().message.find("secret-of-it"), std::string::npos);
        }
    }
    EXPECT_TRUE(bybit::check_api_key({"XXXXXXXXXXXXXXXXXX", std::string(36, 'b')}, "file"));
}

TEST(ApiKey, IsHiddenWholeOrCut) {
    const ApiKey key{"AbCdEfGhIjKlMnOpQr", "0123456789abcdefghijklmnopqrstuvwxyz"};
    EXPECT_EQ(bybit::redacted("key AbCdEfGhIjKlMnOpQr, again AbCdEfGhIjKlMnOpQr", key), "key ***, again ***");
    EXPECT_EQ(bybit::redacted("cut 0123456789abcd…", key), "cut ***…");
    EXPECT_EQ(bybit::redacted("nothing", key), "nothing");
}

/// Gives positions for ever, or repeats what it was sent.
class RogueExchange final : public Transport {
  public:
    [[nodiscard]] LocalTime now() const override {
        return {1'736'899'200'000'000'000 + asked * 1'000'000'000LL};
    }
    void get(HttpRequest request, OnAnswer on_answer) override {
        ++asked;
        std::string headers;
        for (const auto& header : request.headers) {
            headers += fmt::format("{} ", header.value);
        }
        waiting.push_back([this, target = request.target, headers, done = std::move(on_answer)] {
            const bool is_signed = target.find("/v5/market/time") != 0;
            done(
                HttpAnswer{.status = is_signed ? status : 200, .headers = {}, .body = body(target, headers)});
        });
    }
    std::unique_ptr<StreamConnection> connect(std::string_view, StreamListener&) override { return nullptr; }
    void after(std::int64_t, std::function<void()> call) override { waiting.push_back(std::move(call)); }
    void run() {
        for (int i = 0; i < 20'000 && !waiting.empty(); ++i) {
            const auto call = std::move(waiting.front());
            waiting.pop_front();
            call();
        }
    }
    [[nodiscard]] std::string body(const std::string& target, const std::string& headers) {
        if (target.find("/v5/market/time") == 0) {
            return R"({"retCode":0,"retMsg":"OK","result":{"timeNano":"1736899200000000000"},"time":1736899200000})";
        }
        if (!echo.empty()) {
            return fmt::format(fmt::runtime(echo), headers);
        }
        if (target.find("wallet") != std::string::npos) {
            return R"({"retCode":0,"retMsg":"OK","result":{"list":[{"accountType":"UNIFIED"}]},"time":1736899200000})";
        }
        return fmt::format(
            R"({{"retCode":0,"retMsg":"OK","result":{{"list":[],"nextPageCursor":"{}"}},"time":1736899200000}})",
            repeats ? std::string("again") : fmt::format("c{}", asked));
    }

    std::int64_t asked = 0;
    int status = 200;
    bool repeats = true;
    std::string echo;
    std::deque<std::function<void()>> waiting;
};

TEST(AccountClient, PositionsWithoutEndAreRefused) {
    for (const bool repeats : {true, false}) {
        RogueExchange rogue;
        rogue.repeats = repeats;
        AccountClient client(rogue, {"AbCdEfGhIjKlMnOpQr", "0123456789abcdefghijklmnopqrstuvwxyz"}, 1);
        std::optional<Result<Account>> loaded;
        client.load([&](Result<Account> account) { loaded = std::move(account); });
        rogue.run();
        ASSERT_TRUE(loaded);
        ASSERT_FALSE(*loaded);
        EXPECT_NE(loaded->error().message.find("has no end"), std::string::npos) << loaded->error().message;
        EXPECT_LE(rogue.asked, 2 + static_cast<std::int64_t>(AccountClient::position_pages_max));
    }
}

// Refusals that are tried again are told while it lasts.
TEST(AccountClient, NoLastErrorRepeatsTheKey) {
    const ApiKey key{"AbCdEfGhIjKlMnOpQr", "0123456789abcdefghijklmnopqrstuvwxyz"};
    for (const int status : {200, 400, 401, 403, 404, 429, 500, 503}) {
        RogueExchange rogue;
        rogue.status = status;
        rogue.echo = R"({{"retCode":10006,"retMsg":"{0}","result":{{}},"time":1736899200000}})";
        AccountClient client(rogue, key, 1);
        std::optional<Result<Account>> loaded;
        client.load([&](Result<Account> account) { loaded = std::move(account); });
        rogue.run();
        EXPECT_EQ(client.last_error().message.find(key.key.substr(0, 8)), std::string::npos)
            << status << client.last_error().message;
        EXPECT_TRUE(!loaded || *loaded ||
                    loaded->error().message.find(key.key.substr(0, 8)) == std::string::npos)
            << status << loaded->error().message;
    }
}

// Whatever a peer does with the key it was sent, no error repeats it, not even a part.
TEST(AccountClient, NoErrorRepeatsTheKey) {
    const ApiKey key{"AbCdEfGhIjKlMnOpQr", "0123456789abcdefghijklmnopqrstuvwxyz"};
    const std::string long_text = "a long text before it that makes the message be cut within ";
    for (const bool padded : {false, true}) {
        const std::string quoted = fmt::format("\"{}{{}}\"", padded ? long_text : "");
        const std::vector<std::string> forms{
            fmt::format(R"({{{{"retCode":10001,"retMsg":{},"result":{{{{}}}},"time":1736899200000}}}})",
                        quoted),
            fmt::format(
                R"({{{{"retCode":0,"result":{{{{"list":[{{{{"totalEquity":{}}}}}]}}}},"time":1736899200000}}}})",
                quoted),
            fmt::format(R"({{{{"retCode":0,"result":{{{{{}:)", quoted),
            fmt::format(R"({{{{"retCode":0,{}}}}})", quoted)};
        for (const std::string& form : forms) {
            RogueExchange rogue;
            rogue.echo = form;
            AccountClient client(rogue, key, 1);
            std::optional<Result<Account>> loaded;
            client.load([&](Result<Account> account) { loaded = std::move(account); });
            rogue.run();
            ASSERT_TRUE(loaded) << form;
            ASSERT_FALSE(*loaded) << form;
            EXPECT_EQ(loaded->error().message.find(key.key.substr(0, 8)), std::string::npos)
                << loaded->error().message;
            EXPECT_EQ(loaded->error().message.find(key.secret.substr(0, 8)), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace virtuoso
