#include "exchange/bybit/account_codec.hpp"

#include "exchange/bybit/rest_rules.hpp"

#include <fmt/format.h>

namespace virtuoso::bybit {

namespace {

/// What the owner of a key can do about a refusal.
std::string_view key_remedy(std::int64_t code) {
    switch (code) {
        case 10003:
            return "the key is not one of this exchange: is it of the testnet, or deleted?";
        case 10004:
            return "the secret does not belong to the key";
        case 10005:
            return "the key needs the permissions to read the account and positions";
        case 10010:
            return "the key is bound to other addresses than this machine's";
        case 33004:
            return "the key has expired: make a new one";
        default:
            return "";
    }
}

std::string remedy_of(std::int64_t code) {
    const std::string_view place = place_remedy(code);
    const std::string_view remedy = place.empty() ? key_remedy(code) : place;
    return remedy.empty() ? std::string{} : fmt::format("; {}", remedy);
}

}  // namespace

template <typename ReadElement>
bool AccountCodec::read_list(JsonValue result, ReadElement&& read_element) {
    return for_each_field(reader_, result, "result", [&](JsonKey key, JsonValue value) {
        if (is_key(key, "nextPageCursor")) {
            std::string_view cursor;
            const bool read = reader_.optional_text(value, "nextPageCursor", cursor);
            cursor_ = cursor;
            return read;
        }
        if (!is_key(key, "list")) {
            return true;
        }
        has_list_ = true;
        return for_each_element(reader_, value, "list", read_element);
    });
}

template <typename ReadElement>
bool AccountCodec::read(PaddedFrame body, ReadElement&& read_element) {
    cursor_.clear();
    has_list_ = false;
    if (!read_answer(reader_, body, answer_,
                     [&](JsonValue result) { return read_list(result, read_element); })) {
        return false;
    }
    if (answer_.code == 10004) {
        answer_.message = "error sign";  // the original repeats what was signed, the key in it
    }
    if (answer_.code != 0) {
        return reader_.refuse(ErrorCode::exchange_refused,
                              fmt::format("the exchange answered retCode {}: {}{}", answer_.code,
                                          in_quotes(answer_.message), remedy_of(answer_.code)));
    }
    // An account that was not told is not an empty one.
    return (has_list_ || reader_.refuse_missing("list", "the account's result")) &&
           (answer_.time.ms > 0 || reader_.refuse_missing("time", "the account's answer"));
}

bool AccountCodec::number(JsonValue value, std::string_view field, double& out) {
    std::optional<double> given;
    if (!reader_.optional_real(value, field, given)) {
        return false;
    }
    out = given.value_or(0);
    return true;
}

bool AccountCodec::read_coin(JsonValue value, CoinBalance& coin) {
    return for_each_field(reader_, value, "coin", [&](JsonKey key, JsonValue field) {
        if (is_key(key, "coin")) {
            return reader_.text(field, "coin", coin.coin);
        }
        if (is_key(key, "walletBalance")) {
            return number(field, "walletBalance", coin.wallet_balance);
        }
        if (is_key(key, "equity")) {
            return number(field, "equity", coin.equity);
        }
        if (is_key(key, "usdValue")) {
            return number(field, "usdValue", coin.usd_value);
        }
        return !is_key(key, "unrealisedPnl") || number(field, "unrealisedPnl", coin.unrealised_profit);
    });
}

bool AccountCodec::read_wallet(JsonValue value, Wallet& wallet) {
    struct Total {
        std::string_view name;
        double Wallet::*field;
    };
    static constexpr Total totals[] = {{"totalEquity", &Wallet::equity},
                                       {"totalWalletBalance", &Wallet::wallet_balance},
                                       {"totalMarginBalance", &Wallet::margin_balance},
                                       {"totalAvailableBalance", &Wallet::available_balance},
                                       {"totalInitialMargin", &Wallet::initial_margin},
                                       {"totalMaintenanceMargin", &Wallet::maintenance_margin},
                                       {"totalPerpUPL", &Wallet::unrealised_profit}};
    return for_each_field(reader_, value, "list", [&](JsonKey key, JsonValue field) {
        for (const Total& total : totals) {
            if (is_key(key, total.name)) {
                return number(field, total.name, wallet.*total.field);
            }
        }
        if (is_key(key, "accountType")) {
            return reader_.text(field, "accountType", wallet.account_type);
        }
        return !is_key(key, "coin") || for_each_element(reader_, field, "coin", [&](JsonValue element) {
            return read_coin(element, wallet.coins.emplace_back());
        });
    });
}

bool AccountCodec::read_position(JsonValue value, PositionPage& page) {
    Position position;
    std::string_view side;
    const bool complete = for_each_field(reader_, value, "list", [&](JsonKey key, JsonValue field) {
        if (is_key(key, "symbol")) {
            return reader_.text(field, "symbol", position.symbol);
        }
        if (is_key(key, "side")) {
            return reader_.text(field, "side", side);
        }
        if (is_key(key, "size")) {
            return reader_.size(field, "size", position.size);
        }
        if (is_key(key, "avgPrice")) {
            return number(field, "avgPrice", position.entry_price);
        }
        if (is_key(key, "markPrice")) {
            std::optional<Price> mark;
            const bool read = reader_.optional_price(field, "markPrice", mark);
            position.mark_price = mark.value_or(Price{});
            return read;
        }
        if (is_key(key, "liqPrice")) {
            return reader_.optional_real(field, "liqPrice", position.liquidation_price);
        }
        if (is_key(key, "leverage")) {
            return number(field, "leverage", position.leverage);
        }
        if (is_key(key, "positionValue")) {
            return number(field, "positionValue", position.value);
        }
        if (is_key(key, "unrealisedPnl")) {
            return number(field, "unrealisedPnl", position.unrealised_profit);
        }
        return !is_key(key, "updatedTime") || reader_.time(field, "updatedTime", position.updated);
    });
    if (!complete) {
        return false;
    }
    if (position.size.is_zero()) {
        return true;  // the exchange lists contracts with settings but without a position, too
    }
    if (side != "Buy" && side != "Sell") {
        return reader_.refuse(
            ErrorCode::field_value,
            fmt::format("side of a position is {}: Buy or Sell are known", in_quotes(side)));
    }
    position.side = side == "Buy" ? PositionSide::long_position : PositionSide::short_position;
    page.positions.push_back(std::move(position));
    return true;
}

Result<Wallet> AccountCodec::wallet(PaddedFrame body) {
    Wallet result;
    if (!read(body, [&](JsonValue element) { return read_wallet(element, result); })) {
        return std::unexpected(reader_.take_error());
    }
    if (result.account_type.empty() && result.coins.empty()) {
        return fail(ErrorCode::field_missing,
                    "the wallet's list holds no account: is the key one of a unified trading account?");
    }
    return result;
}

Result<PositionPage> AccountCodec::positions(PaddedFrame body) {
    PositionPage page;
    if (!read(body, [&](JsonValue element) { return read_position(element, page); })) {
        return std::unexpected(reader_.take_error());
    }
    page.next_cursor = cursor_;
    return page;
}

}  // namespace virtuoso::bybit
