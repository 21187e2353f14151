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

}  // namespace
}  // namespace virtuoso
