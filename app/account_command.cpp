#include "account_key.hpp"
#include "command.hpp"
#include "exchange/bybit/account_client.hpp"
#include "live_connection.hpp"
#include "output.hpp"
#include "present/account_json.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>

namespace virtuoso::app {

namespace {

constexpr std::int64_t answer_limit_ms = 30'000;

struct Arguments {
    LiveArguments live;
    std::string key_file;
    bool json = false;
};

void print_table(const Account& account) {
    const Wallet& wallet = account.wallet;
    print("{} account at {}\n\n", wallet.account_type, iso_text(account.time));
    print(
        "equity {:.2f} · wallet {:.2f} · available {:.2f} · margin used {:.2f} · unrealised {:+.2f} USD\n\n",
        wallet.equity, wallet.wallet_balance, wallet.available_balance, wallet.initial_margin,
        wallet.unrealised_profit);
    print("{:<8} {:>18} {:>18} {:>16} {:>16}\n", "coin", "wallet", "equity", "USD", "unrealised");
    for (const auto& coin : wallet.coins) {
        if (coin.wallet_balance == 0 && coin.equity == 0 && coin.usd_value == 0) {
            continue;  // coins that were held once
        }
        print("{:<8} {:>18.8g} {:>18.8g} {:>16.2f} {:>+16.2f}\n", coin.coin, coin.wallet_balance, coin.equity,
              coin.usd_value, coin.unrealised_profit);
    }
    if (account.positions.empty()) {
        print("\nno open positions\n");
        return;
    }
    print("\n{:<16} {:<6} {:>14} {:>14} {:>14} {:>14} {:>6} {:>14} {:>12}\n", "position", "side", "size",
          "entry", "mark", "liquidation", "lev", "value", "unrealised");
    for (const auto& position : account.positions) {
        print("{:<16} {:<6} {:>14} {:>14.8g} {:>14} {:>14} {:>5}x {:>14.2f} {:>+12.2f}\n", position.symbol,
              position.side == PositionSide::long_position ? "LONG" : "SHORT", to_text(position.size),
              position.entry_price, to_text(position.mark_price),
              position.liquidation_price ? fmt::format("{:.8g}", *position.liquidation_price) : "–",
              position.leverage, position.value, position.unrealised_profit);
    }
}

int run_account(const Arguments& arguments) {
    keep_memory_private();
    const auto key = account_key(arguments.key_file, arguments.live.exchange);
    if (!key) {
        return report(key.error());
    }
    if (!*key) {
        return report({ErrorCode::argument,
                       fmt::format("no key of the account: set {} and {}, or give --key-file with the two "
                                   "lines key = … and secret = … (chmod 600); a read-only key is enough",
                                   account_key_variable, account_secret_variable)});
    }
    std::unique_ptr<EmbeddedExchange> embedded;
    auto addresses = transport_options(arguments.live, embedded);
    if (!addresses) {
        return report(addresses.error());
    }
    if (!addresses->rest.tls && arguments.live.exchange != "sim") {
        note(fmt::format("{} is not encrypted: others on the way can read what is asked",
                         arguments.live.rest_url));
    }
    const SystemClock clock;
    const auto transport = AsioTransport::create(*addresses, clock);
    if (!transport) {
        return report(transport.error());
    }
    const LocalTime begun = clock.now();
    bybit::AccountClient client(**transport, **key, static_cast<std::uint64_t>(begun.ns));
    std::optional<Result<Account>> account;
    client.load([&](Result<Account> loaded) { account = std::move(loaded); });
    while (!account && clock.now() - begun < answer_limit_ms * 1'000'000) {
        (*transport)->run_for(10);
    }
    if (!account) {
        const Error last = client.last_error();
        return report({last.code, fmt::format("{}; `virtuoso doctor` checks each step",
                                              last.message.empty() ? "the exchange did not answer within 30 s"
                                                                   : last.message)});
    }
    if (!*account) {
        return report(account->error());
    }
    if (arguments.json) {
        print_text(account_json(**account) + "\n");
    } else {
        print_table(**account);
    }
    return exit_ok;
}

}  // namespace

void add_account(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command =
        line.subcommand("account", "Wallet and open positions, read with a read-only key; places no orders");
    arguments->live.add_addresses_to(command);
    command.option(
        "--key-file", arguments->key_file,
        fmt::format("File with key = … and secret = …, mode 0600; default: {} and {} of the environment",
                    account_key_variable, account_secret_variable));
    command.flag("--json", arguments->json, "One JSON object, see docs/schema.md");
    command.runs([arguments] { return run_account(*arguments); });
}

}  // namespace virtuoso::app
