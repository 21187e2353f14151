#include "sim/account_service.hpp"

#include "exchange/rest_reply.hpp"
#include "sim/bybit_envelope.hpp"
#include "sim/wire_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace virtuoso::sim {

namespace {

constexpr double deposit = 50'000;  ///< USDT
constexpr double maintenance_rate = 0.005;
constexpr std::size_t page_max = 200;
constexpr std::int64_t clock_ahead_max_ms = 1'000;

struct Opened {
    std::size_t index;
    bool is_long;
    double value;        ///< quote currency
    double entry_shift;  ///< of the entry from the price at the start
    int leverage;
};
constexpr Opened opened[] = {
    {0, true, 20'000, -0.012, 5}, {1, false, 8'000, 0.004, 3}, {4, true, 3'000, 0.02, 10}};

std::string_view header_of(const ServerRequest& request, std::string_view name) {
    return header_named(request.headers, name);
}

std::int64_t integer_of(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Bybit's code and message of what is wrong with the signature, code 0 when nothing is.
std::pair<int, std::string> refusal_of(const ServerRequest& request, const bybit::ApiKey& key,
                                       std::int64_t clock_ms) {
    const auto given = header_of(request, "X-BAPI-API-KEY");
    const auto stamp = header_of(request, "X-BAPI-TIMESTAMP");
    const auto window = header_of(request, "X-BAPI-RECV-WINDOW");
    if (given != key.key) {
        return {10003, "API key is invalid."};
    }
    const std::int64_t age_ms = clock_ms - integer_of(stamp);
    const std::int64_t allowed_ms = window.empty() ? bybit::receive_window_ms : integer_of(window);
    if (age_ms > allowed_ms || age_ms < -clock_ahead_max_ms) {
        return {10002,
                fmt::format("invalid request, please check your server timestamp or recv_window param. "
                            "req_timestamp[{}],server_timestamp[{}],recv_window[{}]",
                            integer_of(stamp), clock_ms, allowed_ms)};
    }
    const auto question = request.target.find('?');
    const auto query =
        question == std::string_view::npos ? std::string_view{} : request.target.substr(question + 1);
    const std::string signed_text = fmt::format("{}{}{}{}", stamp, given, window, query);
    if (bybit::signature(key.secret, signed_text) != header_of(request, "X-BAPI-SIGN")) {
        return {10004, "error sign! origin_string[hidden]"};
    }
    return {0, "OK"};
}

}  // namespace

AccountService::AccountService(MarketModel& model) : model_(model), opened_ms_(model.now_ms()) {
    for (const Opened& position : opened) {
        if (position.index >= model.size()) {
            continue;
        }
        const SymbolMarket& market = model.market(position.index);
        const SimInstrument& instrument = market.instrument();
        const double price = market.index_price();
        const double step = static_cast<double>(instrument.step_units) / 1e8;
        held_.push_back({instrument.symbol, position.is_long,
                         std::max(1.0, std::round(position.value / price / step)) * step,
                         price * (1 + position.entry_shift), position.leverage});
    }
}

bool AccountService::serves(std::string_view target) noexcept {
    return target.starts_with("/v5/account/") || target.starts_with("/v5/position/");
}

double AccountService::mark(const Held& held) {
    return model_.find(held.symbol)->mark_price();
}

double AccountService::profit(const Held& held) {
    return (mark(held) - held.entry) * held.quantity * (held.is_long ? 1 : -1);
}

HttpAnswer AccountService::answer(const ServerRequest& request, std::int64_t clock_ms) {
    const RestRequest asked(request.target);
    if (asked.path() != "/v5/account/wallet-balance" && asked.path() != "/v5/position/list") {
        return page_not_found();
    }
    if (const auto [code, message] = refusal_of(request, key(), clock_ms); code != 0) {
        return bybit_answer(code, message, {}, clock_ms);
    }
    if (asked.path() == "/v5/position/list") {
        const auto category = asked.parameter("category");
        if (category != "linear" ||
            (asked.parameter("settleCoin").empty() && asked.parameter("symbol").empty())) {
            return bybit_answer(10001, "params error: category linear and settleCoin or symbol are needed",
                                {}, clock_ms);
        }
        return bybit_answer(0, "OK", positions(request), clock_ms);
    }
    if (asked.parameter("accountType") != "UNIFIED") {
        return bybit_answer(10001, "accountType only support UNIFIED.", {}, clock_ms);
    }
    return bybit_answer(0, "OK", wallet(), clock_ms);
}

std::string AccountService::wallet() {
    double unrealised = 0;
    double initial = 0;
    double maintenance = 0;
    for (const Held& held : held_) {
        const double value = mark(held) * held.quantity;
        unrealised += profit(held);
        initial += value / held.leverage;
        maintenance += value * maintenance_rate;
    }
    const double equity = deposit + unrealised;
    return fmt::format(
        R"({{"list":[{{"totalEquity":"{0:.8f}","accountIMRate":"{1:.4f}","totalMarginBalance":"{0:.8f}",)"
        R"("totalInitialMargin":"{2:.8f}","accountType":"UNIFIED","totalAvailableBalance":"{3:.8f}",)"
        R"("accountMMRate":"{4:.4f}","totalPerpUPL":"{5:.8f}","totalWalletBalance":"{6:.8f}",)"
        R"("accountLTV":"0","totalMaintenanceMargin":"{7:.8f}","coin":[{{"availableToBorrow":"",)"
        R"("bonus":"0","accruedInterest":"0","availableToWithdraw":"","totalOrderIM":"0","equity":"{0:.8f}",)"
        R"("totalPositionMM":"{7:.8f}","usdValue":"{0:.8f}","unrealisedPnl":"{5:.8f}",)"
        R"("collateralSwitch":true,"spotHedgingQty":"0","borrowAmount":"0","totalPositionIM":"{2:.8f}",)"
        R"("walletBalance":"{6:.8f}","cumRealisedPnl":"0","locked":"0","marginCollateral":true,)"
        R"("coin":"USDT"}}]}}]}})",
        equity, initial / equity, initial, equity - initial, maintenance / equity, unrealised, deposit,
        maintenance);
}

std::string AccountService::positions(const ServerRequest& request) {
    const RestRequest asked(request.target);
    const auto limit_text = asked.parameter("limit");
    const std::size_t limit = std::clamp<std::size_t>(
        static_cast<std::size_t>(limit_text.empty() ? 20 : integer_of(limit_text)), 1, page_max);
    auto from = static_cast<std::size_t>(std::max<std::int64_t>(0, integer_of(asked.parameter("cursor"))));
    std::string list;
    std::size_t count = 0;
    for (; from < held_.size() && count < limit; ++from) {
        const Held& held = held_[from];
        if (!asked.parameter("symbol").empty() && asked.parameter("symbol") != held.symbol) {
            continue;
        }
        const SimInstrument& instrument = model_.find(held.symbol)->instrument();
        const double side = held.is_long ? 1 : -1;
        const double liquidation = held.entry * (1 - side * (1.0 / held.leverage - maintenance_rate));
        list += fmt::format(
            R"({}{{"positionIdx":0,"riskId":1,"riskLimitValue":"2000000","symbol":"{}","side":"{}",)"
            R"("size":"{:.{}f}","avgPrice":"{:.10g}","positionValue":"{:.8f}","tradeMode":0,"leverage":"{}",)"
            R"("markPrice":"{}","liqPrice":"{}","bustPrice":"","positionIM":"{:.8f}",)"
            R"("positionMM":"{:.8f}","takeProfit":"","stopLoss":"","unrealisedPnl":"{:.8f}",)"
            R"("cumRealisedPnl":"0","seq":1,"positionStatus":"Normal","createdTime":"{}","updatedTime":"{}"}})",
            count > 0 ? "," : "", held.symbol, held.is_long ? "Buy" : "Sell", held.quantity,
            instrument.quantity_decimals, held.entry, held.entry * held.quantity, held.leverage,
            computed_price_text(instrument, mark(held)), computed_price_text(instrument, liquidation),
            mark(held) * held.quantity / held.leverage, mark(held) * held.quantity * maintenance_rate,
            profit(held), opened_ms_, opened_ms_);
        ++count;
    }
    return fmt::format(R"({{"category":"linear","nextPageCursor":"{}","list":[{}]}})",
                       from < held_.size() ? std::to_string(from) : "", list);
}

}  // namespace virtuoso::sim
