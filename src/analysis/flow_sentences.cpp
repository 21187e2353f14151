// Sentences about the tape and the slow inputs.
#include "analysis/sentences.hpp"
#include "analysis/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

double raw(const SubScore& sub, std::string_view name) {
    return sub.raw_value(name).value_or(0.0);
}

std::string_view rose_or_fell(double change) {
    return change > 0 ? "rose" : "fell";
}

std::string price_move(double bps) {
    return bps == 0 ? std::string("price stood still")
                    : fmt::format("price {} {}", rose_or_fell(bps), small_percent(std::fabs(bps) / 1e4));
}

std::string cvd(const SubScore& sub, std::string_view quote) {
    const bool buyers = raw(sub, "net_base") > 0;
    const double share = buyers ? raw(sub, "buy_share") : 1 - raw(sub, "buy_share");
    const auto flow =
        fmt::format("{} {} of {} {} in {}", buyers ? "Buyers lifted" : "Sellers hit", percent_text(share),
                    money_text(raw(sub, "notional_quote")), quote, span_text(raw(sub, "window_s")));
    const auto price = price_move(raw(sub, "price_change_bps"));
    switch (sub.reading) {
        case Reading::bullish_confirmation:
            return fmt::format("{} and {}: demand moves price", flow, price);
        case Reading::bearish_confirmation:
            return fmt::format("{} and {}: supply moves price", flow, price);
        case Reading::ask_absorption:
            return fmt::format("{} while {}: sellers absorb them", flow, price);
        case Reading::bid_absorption:
            return fmt::format("{} while {}: buyers absorb them", flow, price);
        default:
            return fmt::format("{}; {}", flow, price);
    }
}

std::string trade_flow(const SubScore& sub) {
    const double ratio = raw(sub, "signed_over_unsigned");
    if (ratio == 0) {
        return "The newest trades, weighed with a half-life of 60 s, are bought and sold alike";
    }
    return fmt::format("The newest trades, weighed with a half-life of 60 s, are {} net {}",
                       percent_text(std::fabs(ratio)), ratio > 0 ? "buying" : "selling");
}

std::string open_interest(const SubScore& sub) {
    const bool hour = raw(sub, "told_hours") > 0.5;
    const double interest = raw(sub, hour ? "interest_change_1h" : "interest_change_5m");
    const double price = raw(sub, hour ? "price_change_1h" : "price_change_5m");
    const auto span = span_text(raw(sub, hour ? "span_1h_s" : "span_5m_s"));
    if (sub.reading == Reading::neutral) {
        return fmt::format("Open interest and price say nothing together in {}", span);
    }
    auto facts = fmt::format("Open interest {} {} in {} while price {} {}", interest >= 0 ? "rose" : "fell",
                             small_percent(std::fabs(interest)), span, rose_or_fell(price),
                             small_percent(std::fabs(price)));
    switch (sub.reading) {
        case Reading::longs_building:
            return facts + ": new longs";
        case Reading::shorts_building:
            return facts + ": new shorts";
        case Reading::short_covering:
            return facts + ": shorts cover";
        default:
            return facts + ": longs leave";
    }
}

std::string smart_money(const SubScore& sub, std::string_view quote) {
    const double large = raw(sub, "large_net_quote");
    const double small = raw(sub, "small_net_quote");
    const auto [a, b] = money_apart(std::fabs(large), std::fabs(small));
    return fmt::format(
        "Trades above {} {} net {} {} in {}, smaller ones net {} {}: large traders are more {} than small "
        "ones",
        money_text(raw(sub, "threshold_quote")), quote, large > 0 ? "bought" : "sold", a,
        span_text(raw(sub, "window_s")), small > 0 ? "bought" : "sold", b,
        large > small ? "bullish" : "bearish");
}

// The windows that pull the way the score leans.
std::string imbalance_windows(const SubScore& sub) {
    std::string parts;
    struct Window {
        std::string_view ratio;
        std::string_view span;
    };
    constexpr Window windows[] = {
        {"ratio_30s", "window_30s_s"}, {"ratio_2m", "window_2m_s"}, {"ratio_10m", "window_10m_s"}};
    for (const auto& [name, span] : windows) {
        if (const auto value = sub.raw_value(name); value && (*value * *sub.lean > 0 || *sub.lean == 0)) {
            parts += fmt::format("{}{}{} % in {}", parts.empty() ? "" : ", ", *value > 0 ? "+" : "",
                                 told_apart(*value * 100, 0, 1).first, span_text(raw(sub, span)));
        }
    }
    return "Net taker volume is " + parts;
}

std::string impact(const SubScore& sub, std::string_view quote) {
    const double buy = raw(sub, "lambda_buy_bps_per_million");
    const double sell = raw(sub, "lambda_sell_bps_per_million");
    if (buy <= 0 || sell <= 0) {
        return fmt::format("Net {} moves price {} bps per 1 M {} in {}, net {} does not move it",
                           buy > 0 ? "buying" : "selling", told_apart(std::max(buy, sell), 0, 2).first, quote,
                           span_text(raw(sub, "window_s")), buy > 0 ? "selling" : "buying");
    }
    const auto [a, b] = told_apart(buy, sell, 2);
    return fmt::format("Net buying of 1 M {} moves price {} bps, net selling {} bps, over {}", quote, a, b,
                       span_text(raw(sub, "window_s")));
}

// The part that carries most of the lean.
std::string pressure(const SubScore& sub) {
    struct Part {
        std::string_view share;
        std::string_view z;
        double weight;
        std::string_view name;
    };
    constexpr Part parts[] = {{"notional_share", "notional_z", .5, "notional"},
                              {"count_share", "count_z", .3, "number of trades"},
                              {"large_share", "large_z", .2, "large trades"}};
    const Part* told = nullptr;
    double most = 0;
    for (const auto& part : parts) {
        const auto z = sub.raw_value(part.z);
        const double carried = z ? part.weight * *z * (*sub.lean < 0 ? -1 : 1) : 0.0;
        if (z && (told == nullptr || carried > most)) {
            told = &part;
            most = carried;
        }
    }
    if (told == nullptr) {
        return fmt::format("Aggression of the last {} has no norm to be held against",
                           span_text(raw(sub, "window_s")));
    }
    const double share = raw(sub, told->share);
    const double z = raw(sub, told->z);
    return fmt::format("By {} the last {} are {} net {}, {} σ {} the norm", told->name,
                       span_text(raw(sub, "window_s")), percent_text(std::fabs(share)),
                       share > 0 ? "buying" : "selling", told_apart(std::fabs(z), 0, 2).first,
                       z > 0 ? "more bought than" : "more sold than");
}

std::string_view funding_reading(double rate, double z) {
    if (std::fabs(z) <= 1) {
        return "ordinary";
    }
    if (rate == 0 || (rate > 0) != (z > 0)) {
        return rate > 0 ? "longs pay less than usual" : rate < 0 ? "shorts pay less than usual" : "unusual";
    }
    return rate > 0 ? "crowded longs" : "crowded shorts";
}

std::string funding(const SubScore& sub) {
    const double rate = raw(sub, "rate_8h");
    const double z = raw(sub, "z_history");
    const auto payer = rate == 0 ? std::string("Nobody pays")
                                 : fmt::format("{} pay {} %", rate > 0 ? "Longs" : "Shorts",
                                               told_apart(std::fabs(rate) * 100, 0, 4).first);
    return fmt::format("{} in 8 h, {} σ {} the norm of {}: {}", payer, told_apart(std::fabs(z), 1, 2).first,
                       z >= 0 ? "above" : "below", span_text(raw(sub, "history_days") * 86'400),
                       funding_reading(rate, z));
}

std::string liquidations(const SubScore& sub, std::string_view quote) {
    if (const auto age = sub.raw_value("cascade_age_min")) {
        const bool running = *age <= 5;
        const bool shorts = running == (*sub.lean > 0);
        return fmt::format("A cascade of {} liquidations {}, {}", shorts ? "short" : "long",
                           running ? "is running" : "is over",
                           running ? "which drives price on" : fmt::format("{:.0f} min old", *age));
    }
    const double net = raw(sub, "net_decayed");
    return fmt::format(
        "{} {} of longs and {} of shorts were liquidated in {}; the newer weighing more, {} lead by {}",
        money_text(raw(sub, "longs_quote_24h")), quote, money_text(raw(sub, "shorts_quote_24h")),
        span_text(raw(sub, "window_s")), net >= 0 ? "shorts" : "longs", percent_text(std::fabs(net)));
}

std::string volatility(const SubScore& sub) {
    auto facts =
        fmt::format("Realised volatility of {:.1f} % a year is at percentile {} of {}",
                    raw(sub, "annualised") * 100, told_apart(raw(sub, "percentile_30d") * 100, 95, 1).first,
                    span_text(raw(sub, "history_hours") * 3'600));
    if (sub.reading == Reading::risk_off) {
        return facts + ": risk-off";
    }
    return *sub.lean != 0
               ? facts + fmt::format(", rising, while price {} {} σ in 24 h",
                                     rose_or_fell(raw(sub, "return_sigmas_24h")),
                                     told_apart(std::fabs(raw(sub, "return_sigmas_24h")), 0, 2).first)
               : facts + ": no warning, no push";
}

std::string ratio(const SubScore& sub) {
    const double z = raw(sub, "z_history");
    return fmt::format("{:.2f} % of accounts are long, {} σ {} the norm", raw(sub, "long_share") * 100,
                       told_apart(std::fabs(z), 0, 2).first, z >= 0 ? "above" : "below");
}

std::string activity(const SubScore& sub) {
    return fmt::format("{:.0f} contracts rose and {:.0f} fell in 24 h, as of {:.0f} s ago",
                       raw(sub, "advancers"), raw(sub, "decliners"), raw(sub, "breadth_age_s"));
}

std::string risk(const SubScore& sub) {
    const double z = raw(sub, "leverage_z");
    const double rate = raw(sub, "rate_8h");
    return fmt::format(
        "Open interest is {:.3f} of a day's turnover, {} σ {} its norm, with funding at {}{} % in "
        "8 h: {}",
        raw(sub, "interest_to_turnover"), told_apart(std::fabs(z), 0, 2).first, z >= 0 ? "above" : "below",
        rate > 0 ? "+" : "", told_apart(rate * 100, 0, 4).first,
        !(z > 0) || rate == 0 ? "no build-up"
        : rate > 0            ? "leveraged longs"
                              : "leveraged shorts");
}

}  // namespace

std::string orderflow_sentence(const SubScore& sub, std::string_view quote) {
    if (sub.name == "cvd") {
        return cvd(sub, quote);
    }
    if (sub.name == "trade_flow") {
        return trade_flow(sub);
    }
    if (sub.name == "open_interest") {
        return open_interest(sub);
    }
    if (sub.name == "smart_money_flow") {
        return smart_money(sub, quote);
    }
    if (sub.name == "imbalance") {
        return imbalance_windows(sub);
    }
    if (sub.name == "liquidity") {
        return impact(sub, quote);
    }
    return sub.name == "pressure" ? pressure(sub) : std::string();
}

std::string sentiment_sentence(const SubScore& sub, std::string_view quote) {
    if (sub.name == "funding_rate") {
        return funding(sub);
    }
    if (sub.name == "liquidations") {
        return liquidations(sub, quote);
    }
    if (sub.name == "volatility") {
        return volatility(sub);
    }
    if (sub.name == "long_short_ratio") {
        return ratio(sub);
    }
    if (sub.name == "market_activity") {
        return activity(sub);
    }
    return sub.name == "risk" ? risk(sub) : std::string();
}

}  // namespace virtuoso
