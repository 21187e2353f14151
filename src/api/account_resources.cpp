// What belongs to the service's owner: the trading account and the configuration.
#include "api/config_in_force.hpp"
#include "api/problem.hpp"
#include "api/resource.hpp"
#include "present/account_json.hpp"
#include "present/json_values.hpp"

#include <array>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

/// What the score says of a position: whether it agrees is null while no side is held.
void add_score(LatestResults& results, const Position& position, Json& told) {
    const ResultPointer known = results.look(position.symbol);
    Json score;
    Json reliability;
    Json signal;
    Json agrees;
    if (known != nullptr) {
        const Confluence& confluence = known->confluence;
        score = or_null(confluence.score);
        reliability = confluence.reliability;
        if (confluence.verdict) {
            signal = name_of(*confluence.verdict);
            if (*confluence.verdict != Verdict::neutral) {
                const bool is_long = position.side == PositionSide::long_position;
                agrees = is_long == (*confluence.verdict == Verdict::long_side);
            }
        }
    }
    told.set("score", std::move(score));
    told.set("reliability", std::move(reliability));
    told.set("signal", std::move(signal));
    told.set("agrees", std::move(agrees));
}

Json exposure_json(const Account& account) {
    double held_long = 0;
    double held_short = 0;
    for (const auto& position : account.positions) {
        (position.side == PositionSide::long_position ? held_long : held_short) += position.value;
    }
    const double gross = held_long + held_short;
    const double equity = account.wallet.equity;
    return {{"long", held_long},
            {"short", held_short},
            {"gross", gross},
            {"net", held_long - held_short},
            {"gross_by_equity", equity > 0 ? Json(gross / equity) : Json(nullptr)}};
}

/// What is the owner's alone is kept by no browser.
HttpAnswer unkept(HttpAnswer answer) {
    answer.headers.push_back({"Cache-Control", "no-store"});
    return answer;
}

HttpAnswer account(const ApiContext& context, std::string_view, const Query&) {
    const AccountWatch* const watch = context.service.account();
    if (watch == nullptr) {
        return problem(
            404, "No account is shown",
            "no key is configured: set [account] key_file to a file with a read-only key of Bybit");
    }
    const AccountWatch::State state = watch->state();
    if (!state.account) {
        return problem(503, "The account is not known yet",
                       state.trouble.empty() ? "it is being read: ask again in some seconds" : state.trouble);
    }
    Json document = account_object(*state.account, [&](const Position& position, Json& told) {
        add_score(context.service.results(), position, told);
    });
    document.set("exchange", context.service.exchange());
    document.set("age_ms", (context.service.clock().now() - state.read) / ns_per_ms);
    document.set("trouble", state.trouble.empty() ? Json(nullptr) : Json(state.trouble));
    document.set("exposure", exposure_json(*state.account));
    return unkept(json_answer(document));
}

HttpAnswer config(const ApiContext& context, std::string_view, const Query&) {
    if (context.settings.config == nullptr) {
        return problem(404, "No configuration is told", "this service was not made from one");
    }
    return unkept(json_answer(context.settings.config->document()));
}

constexpr std::array resources{Resource{.path = "/api/v1/account", .get = account},
                               Resource{.path = "/api/v1/config", .get = config}};

}  // namespace

std::span<const Resource> account_resources() noexcept {
    return resources;
}

}  // namespace virtuoso
