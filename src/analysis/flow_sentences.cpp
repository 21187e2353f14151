// Sentences about the tape, the book and the slow inputs.
#include "analysis/sentences.hpp"
#include "analysis/wording.hpp"

#include <fmt/format.h>

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
    return std::fabs(bps) < 0.5
               ? std::string("price stood still")
               : fmt::format("price {} {}", rose_or_fell(bps), move_text(std::fabs(bps) / 1e4));
}

std::string cvd(const SubScore& sub, std::string_view quote) {
    const bool buyers = raw(sub, "ratio") > 0;
    const double share = buyers ? raw(sub, "buy_share") : 1 - raw(sub, "buy_share");
    const auto side = buyers ? "Buyers lifted" : "Sellers hit";
    const auto flow = fmt::format("{} {} of {} {} in 15 min", side, percent_text(share),
                                  money_text(raw(sub, "notional_quote")), quote);
    const auto price = price_move(raw(sub, "price_change_bps"));
    switch (sub.reading) {
        case Reading::bullish_confirmation:
            return fmt::format("{} and {}: demand moves price", flow, price);
        case Reading::bearish_confirmation:
            return fmt::format("{} and {}: supply moves price", flow, price);
        case Reading::bullish_divergence:
            return fmt::format("{} while {}: absorption by sellers, flow leads", flow, price);
        case Reading::bearish_divergence:
            return fmt::format("{} while {}: absorption by buyers, flow leads", flow, price);
        default:
            return fmt::format("{}; {}", flow, price);
    }
}

std::string open_interest(const SubScore& sub) {
    const bool hour = sub.raw_value("interest_change_1h").has_value();
    const double interest = raw(sub, hour ? "interest_change_1h" : "interest_change_5m");
    const double price = raw(sub, hour ? "price_change_1h" : "price_change_5m");
    auto facts = fmt::format("Open interest {} {} in {} while price {} {}", rose_or_fell(interest),
                             move_text(std::fabs(interest)), hour ? "1 h" : "5 min", rose_or_fell(price),
                             move_text(std::fabs(price)));
    switch (sub.reading) {
        case Reading::longs_building:
            return facts + ": new longs";
        case Reading::shorts_building:
            return facts + ": new shorts";
        case Reading::short_covering:
            return facts + ": shorts cover";
        case Reading::long_liquidation:
            return facts + ": longs leave";
        default:
            return facts;
    }
}

std::string smart_money(const SubScore& sub, std::string_view quote) {
    const double large = raw(sub, "large_net_quote");
    const double small = raw(sub, "small_net_quote");
    return fmt::format("Trades above {} {} net {} {} in 15 min, smaller ones net {} {}",
                       money_text(raw(sub, "threshold_quote")), quote, large > 0 ? "bought" : "sold",
                       money_text(std::fabs(large)), small > 0 ? "bought" : "sold",
                       money_text(std::fabs(small)));
}

std::string imbalance_windows(const SubScore& sub) {
    std::string parts;
    constexpr std::pair<std::string_view, std::string_view> windows[] = {
        {"ratio_30s", "30 s"}, {"ratio_2m", "2 min"}, {"ratio_10m", "10 min"}};
    for (const auto& [name, label] : windows) {
        if (const auto value = sub.raw_value(name)) {
            parts += fmt::format("{}{:+.0f} % in {}", parts.empty() ? "" : ", ", *value * 100, label);
        }
    }
    return "Net taker volume is " + parts;
}

std::string impact(const SubScore& sub, std::string_view quote) {
    return fmt::format("Net buying of 1 M {} moves price {:.1f} bps, net selling {:.1f} bps", quote,
                       raw(sub, "lambda_buy_bps_per_million"), raw(sub, "lambda_sell_bps_per_million"));
}

std::string pressure(const SubScore& sub) {
    const auto z = sub.raw_value("notional_z");
    const double share = raw(sub, "notional_share");
    auto text = fmt::format("Aggression of the last minute is {:.0f} % {}", std::fabs(share) * 100,
                            share > 0 ? "net buying" : "net selling");
    return z ? text + fmt::format(", {:.1f} σ {} its norm", std::fabs(*z), *z > 0 ? "above" : "below") : text;
}

std::string depth(const SubScore& sub) {
    for (const std::string_view band : {"10", "25", "50", "100"}) {
        const auto bid = sub.raw_value(fmt::format("bid_{}bps_of_median", band));
        const auto ask = sub.raw_value(fmt::format("ask_{}bps_of_median", band));
        if (bid && ask) {
            return fmt::format("Within {} bps bids stand at {:.2f} and asks at {:.2f} times their norm", band,
                               *bid, *ask);
        }
    }
    return "Depth near the touch is at its norm";
}

std::string bid_share(std::string_view what, double imbalance) {
    return fmt::format("{} {:.0f} % bids", what, 50 * (1 + imbalance));
}

std::string top_of_book(const SubScore& sub) {
    const double offset = raw(sub, "micro_offset_half_spreads");
    return fmt::format("{}, and the micro-price lies {:.2f} half spreads {} the mid",
                       bid_share("The five best levels hold", raw(sub, "ratio_top5")), std::fabs(offset),
                       offset > 0 ? "above" : "below");
}

std::string slippage(const SubScore& sub, std::string_view quote) {
    return fmt::format("Buying {0} {1} at market costs {2:.2f} bps, selling it {3:.2f} bps",
                       money_text(raw(sub, "notional_quote")), quote, raw(sub, "buy_cost_bps"),
                       raw(sub, "sell_cost_bps"));
}

std::string order_flow(const SubScore& sub) {
    const double flow = raw(sub, "sigmas_60s");
    return fmt::format("Orders of the last minute were added to the {} ({:+.1f} σ, {:+.1f} σ in 10 s)",
                       flow > 0 ? "bids or taken from the asks" : "asks or taken from the bids", flow,
                       raw(sub, "sigmas_10s"));
}

std::string manipulation(const SubScore& sub, std::string_view quote) {
    if (sub.reading == Reading::clean) {
        return "No large order was shown and pulled within the last minute";
    }
    const bool bids = sub.reading == Reading::fake_bids;
    return fmt::format("{} {} of {} orders were layered or pulled within 5 s unexecuted, likelihood {}",
                       money_text(raw(sub, bids ? "fake_bid_quote" : "fake_ask_quote")), quote,
                       bids ? "buy" : "sell", percent_text(raw(sub, "likelihood")));
}

std::string absorption(const SubScore& sub, std::string_view quote) {
    const double net = raw(sub, "net_quote_30s");
    const auto taken = fmt::format("Takers net {} {} {} in 30 s", net > 0 ? "bought" : "sold",
                                   money_text(std::fabs(net)), quote);
    switch (sub.reading) {
        case Reading::bid_absorption:
            return taken + ", more than the five best bids, and price held: bids absorb";
        case Reading::ask_absorption:
            return taken + ", more than the five best asks, and price held: asks absorb";
        case Reading::buying_exhausted:
        case Reading::selling_exhausted:
            return fmt::format(
                "After a move of {:+.1f} σ in a minute trading fell to {} of its peak: exhaustion",
                raw(sub, "move_sigmas_60s"), percent_text(raw(sub, "rate_of_peak")));
        default:
            return taken + ": neither absorption nor exhaustion";
    }
}

std::string visible_book(const SubScore& sub, std::string_view quote) {
    return fmt::format("The visible book holds {} {} of bids and {} of asks",
                       money_text(raw(sub, "bid_quote")), quote, money_text(raw(sub, "ask_quote")));
}

std::string funding(const SubScore& sub) {
    const double rate = raw(sub, "rate_8h");
    const double z = raw(sub, "z_history");
    return fmt::format("{} pay {:.4f} % in 8 h, {:.1f} σ {} the norm of 30 days: {}",
                       rate >= 0 ? "Longs" : "Shorts", std::fabs(rate) * 100, std::fabs(z),
                       z >= 0 ? "above" : "below", std::fabs(z) > 1 ? "crowded" : "ordinary");
}

std::string liquidations(const SubScore& sub, std::string_view quote) {
    auto facts =
        fmt::format("{} {} of longs and {} of shorts were liquidated in 24 h",
                    money_text(raw(sub, "longs_quote_24h")), quote, money_text(raw(sub, "shorts_quote_24h")));
    const auto cascade = sub.raw_value("cascade_age_min");
    return cascade ? facts + fmt::format("; a cascade began {:.0f} min ago", *cascade) : facts;
}

std::string volatility(const SubScore& sub) {
    auto facts =
        fmt::format("Realised volatility of {:.0f} % a year is at percentile {:.1f} of the last 30 days",
                    raw(sub, "annualised") * 100, raw(sub, "percentile_30d") * 100);
    return sub.reading == Reading::risk_off ? facts + ": risk-off" : facts;
}

std::string ratio(const SubScore& sub) {
    const double z = raw(sub, "z_history");
    return fmt::format("{:.0f} % of accounts are long, {:.1f} σ {} the norm", raw(sub, "long_share") * 100,
                       std::fabs(z), z >= 0 ? "above" : "below");
}

std::string activity(const SubScore& sub) {
    return fmt::format("{:.0f} contracts rose and {:.0f} fell in 24 h, as of {:.0f} s ago",
                       raw(sub, "advancers"), raw(sub, "decliners"), raw(sub, "breadth_age_s"));
}

std::string risk(const SubScore& sub) {
    return fmt::format("Open interest stands {:.1f} σ {} its norm with funding at {:+.4f} % in 8 h",
                       std::fabs(raw(sub, "open_interest_z")),
                       raw(sub, "open_interest_z") >= 0 ? "above" : "below", raw(sub, "rate_8h") * 100);
}

}  // namespace

std::string orderflow_sentence(const SubScore& sub, std::string_view quote) {
    if (sub.name == "cvd") {
        return cvd(sub, quote);
    }
    if (sub.name == "trade_flow") {
        const double ratio = raw(sub, "signed_over_unsigned");
        return fmt::format("The last trades are {:.0f} % net {}", std::fabs(ratio) * 100,
                           ratio > 0 ? "buying" : "selling");
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

std::string orderbook_sentence(const SubScore& sub, std::string_view quote) {
    if (sub.name == "depth") {
        return depth(sub);
    }
    if (sub.name == "imbalance") {
        return bid_share("The 25 best levels, nearest first, hold", raw(sub, "smoothed"));
    }
    if (sub.name == "oir") {
        return top_of_book(sub);
    }
    if (sub.name == "liquidity") {
        return slippage(sub, quote);
    }
    if (sub.name == "ofi") {
        return order_flow(sub);
    }
    if (sub.name == "manipulation") {
        return manipulation(sub, quote);
    }
    if (sub.name == "absorption_exhaustion") {
        return absorption(sub, quote);
    }
    return sub.name == "di" ? visible_book(sub, quote) : std::string();
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
