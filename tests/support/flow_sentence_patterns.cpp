// Patterns of the sentences about the tape, the book and the slow inputs.
#include "support/sentence_checker.hpp"
#include "support/sentence_patterns.hpp"

namespace virtuoso::test {

namespace {

bool in_mean(const std::string& text, const SubScore& sub) {
    return is(text, raw(sub, "mean_s"));
}

const std::string mirrored = "(?:; " + number + " % of its trades mirror the one before)?";

bool mirrors(const std::ssub_match& text, const SubScore& sub) {
    const double share = raw(sub, "wash_like_share");
    return text.matched ? is(text, share * 100) : share < 0.005;
}

}  // namespace

void SentenceChecker::add_flow_sentences() {
    add_delta();
    add_interest();
    add_windows();
    add_impact();
    add_depth();
    add_top();
    add_orders();
    add_manipulation();
    add_positioning();
    add_liquidations();
    add_market();
}

void SentenceChecker::add_delta() {
    add("orderflow.cvd",
        "(Buyers lifted|Sellers hit) " + number + " % of " + money + " " + quote + " in " + span +
            "(?: and|;| while) price (stood still|rose|fell)(?: " + number +
            " %)?(|: demand moves price|: supply moves price|: sellers absorb them|: buyers absorb them)",
        [](const std::smatch& m, const SubScore& s) {
            const bool buyers = m[1] == "Buyers lifted";
            const double share = raw(s, "buy_share") * 100;
            const double move = raw(s, "price_change_bps");
            const std::string end = m[7];
            return (raw(s, "net_base") > 0) == buyers && is(m[2], buyers ? share : 100 - share) &&
                   is(m[3], raw(s, "notional_quote")) && is(m[4], raw(s, "window_s")) &&
                   (m[5] == "stood still"
                        ? move == 0
                        : (move > 0) == (m[5] == "rose") && is(m[6], std::fabs(move) / 100)) &&
                   (end.empty() ||
                    (leans(s, end == ": demand moves price" || end == ": buyers absorb them") &&
                     buyers == (end == ": demand moves price" || end == ": sellers absorb them") &&
                     (move > 0) == (end == ": demand moves price" || end == ": buyers absorb them")));
        });
    add("orderflow.trade_flow",
        "The newest trades, weighed with a half-life of 60 s, are bought and sold alike",
        [](const std::smatch&, const SubScore& s) {
            return raw(s, "signed_over_unsigned") == 0 && *s.lean == 0;
        });
    add("orderflow.trade_flow",
        "The newest trades, weighed with a half-life of 60 s, are " + number + " % net (buying|selling)",
        [](const std::smatch& m, const SubScore& s) {
            const double ratio = raw(s, "signed_over_unsigned");
            return is(m[1], std::fabs(ratio) * 100) && (ratio > 0) == (m[2] == "buying") &&
                   same_sign(s, ratio);
        });
}

void SentenceChecker::add_interest() {
    add("orderflow.open_interest", "Open interest and price say nothing together in " + span,
        [](const std::smatch& m, const SubScore& s) {
            return *s.lean == 0 && is(m[1], raw(s, "span_5m_s"));
        });
    add("orderflow.open_interest",
        "Open interest (rose|fell) " + number + " % in " + span + " while price (rose|fell) " + number +
            " %: (new longs|new shorts|shorts cover|longs leave)",
        [](const std::smatch& m, const SubScore& s) {
            const bool hour = raw(s, "told_hours") == 1;
            const double interest = raw(s, hour ? "interest_change_1h" : "interest_change_5m");
            const double price = raw(s, hour ? "price_change_1h" : "price_change_5m");
            const std::string end = m[6];
            return (interest >= 0) == (m[1] == "rose") && is(m[2], std::fabs(interest) * 100) &&
                   is(m[3], raw(s, hour ? "span_1h_s" : "span_5m_s")) && (price > 0) == (m[4] == "rose") &&
                   is(m[5], std::fabs(price) * 100) && leans(s, price > 0) &&
                   (end == "new longs" || end == "shorts cover") == (price > 0) &&
                   (end == "new longs" || end == "new shorts") == (interest >= 0);
        });
    add("orderflow.smart_money_flow",
        "Trades above " + money + " " + quote + " net (bought|sold) " + money + " in " + span +
            ", smaller ones net (bought|sold) " + money +
            ": large traders are more (bullish|bearish) than small ones",
        [](const std::smatch& m, const SubScore& s) {
            const double large = raw(s, "large_net_quote");
            const double small = raw(s, "small_net_quote");
            return is(m[1], raw(s, "threshold_quote")) && (large > 0) == (m[2] == "bought") &&
                   is(m[3], std::fabs(large)) && is(m[4], raw(s, "window_s")) &&
                   (small > 0) == (m[5] == "bought") && is(m[6], std::fabs(small)) &&
                   apart(m[3], m[6], std::fabs(large), std::fabs(small)) && leans(s, m[7] == "bullish");
        });
}

void SentenceChecker::add_windows() {
    const std::string part = number + " % in " + span;
    add("orderflow.imbalance", "Net taker volume is " + part + "(?:, " + part + ")?(?:, " + part + ")?",
        [](const std::smatch& m, const SubScore& s) {
            for (std::size_t i = 1; i < m.size() && m[i].matched; i += 2) {
                bool found = false;
                for (const auto& [ratio, window] :
                     {std::pair("ratio_30s", "window_30s_s"), std::pair("ratio_2m", "window_2m_s"),
                      std::pair("ratio_10m", "window_10m_s")}) {
                    found = found || (is(m[i], raw(s, ratio) * 100) && is(m[i + 1], raw(s, window)) &&
                                      (*s.lean == 0 || leans(s, raw(s, ratio) > 0)));
                }
                if (!found) {
                    return false;
                }
            }
            return true;
        });
}

void SentenceChecker::add_impact() {
    add("orderflow.liquidity",
        "Net buying of 1 M " + quote + " moves price " + number + " bps, net selling " + number +
            " bps, over " + span,
        [](const std::smatch& m, const SubScore& s) {
            const double buy = raw(s, "lambda_buy_bps_per_million");
            const double sell = raw(s, "lambda_sell_bps_per_million");
            return is(m[1], buy) && is(m[2], sell) && apart(m[1], m[2], buy, sell) &&
                   is(m[3], raw(s, "window_s")) && same_sign(s, buy - sell);
        });
    add("orderflow.liquidity",
        "Net (buying|selling) moves price " + number + " bps per 1 M " + quote + " in " + span +
            ", net (buying|selling) does not move it",
        [](const std::smatch& m, const SubScore& s) {
            const bool up = m[1] == "buying";
            const double moves = raw(s, up ? "lambda_buy_bps_per_million" : "lambda_sell_bps_per_million");
            const double other = raw(s, up ? "lambda_sell_bps_per_million" : "lambda_buy_bps_per_million");
            return is(m[2], moves) && other <= 0 && is(m[3], raw(s, "window_s")) && leans(s, up) &&
                   m[4] != m[1];
        });
    add("orderflow.pressure",
        "By (notional|number of trades|large trades) the last " + span + " are " + number +
            " % net (buying|selling), " + number + " σ more (bought|sold) than the norm",
        [](const std::smatch& m, const SubScore& s) {
            const std::string by = m[1] == "notional"       ? "notional"
                                   : m[1] == "large trades" ? "large"
                                                            : "count";
            const double share = raw(s, by + "_share");
            const double z = raw(s, by + "_z");
            return is(m[2], raw(s, "window_s")) && is(m[3], std::fabs(share) * 100) &&
                   (share > 0) == (m[4] == "buying") && is(m[5], std::fabs(z)) &&
                   (z > 0) == (m[6] == "bought") && same_sign(s, z);
        });
}

void SentenceChecker::add_depth() {
    const auto depth_check = [](const std::string& band, const std::string& bid, const std::string& ask,
                                const SubScore& s) {
        const double b = raw(s, "bid_" + band + "bps_of_median");
        const double a = raw(s, "ask_" + band + "bps_of_median");
        return is(bid, b) && is(ask, a) && apart(bid, ask, a, b) && same_sign(s, b - a);
    };
    add("orderbook.depth",
        "Within (10|25|50|100) bps bids stand at " + number + " and asks at " + number + " times their norm",
        [depth_check](const std::smatch& m, const SubScore& s) {
            const auto reach = s.raw_value("reach_bps");
            return depth_check(m[1], m[2], m[3], s) && (!reach || *reach >= std::stod(m[1]));
        });
    add("orderbook.depth",
        "Within " + number + " bps, as far as the book reaches, bids stand at " + number + " and asks at " +
            number + " times their norm a bps",
        [depth_check](const std::smatch& m, const SubScore& s) {
            return is(m[1], raw(s, "reach_bps")) && raw(s, "reach_bps") < 10 &&
                   depth_check("10", m[2], m[3], s);
        });
}

void SentenceChecker::add_top() {
    const auto bids = [](const std::string& text, double imbalance) {
        return is(text, 50 * (1 + imbalance));
    };
    add("orderbook.imbalance",
        "In the mean of " + span + " the 25 best levels, nearest first, hold " + number + " % bids",
        [bids](const std::smatch& m, const SubScore& s) {
            const double mean = raw(s, "mean_30s");
            return in_mean(m[1], s) && bids(m[2], mean) && apart(m[2], "50.0", mean, 0) && same_sign(s, mean);
        });
    const std::string half_spreads = "the micro-price lies " + number + " half spreads (above|below) the mid";
    const auto offset = [](const std::string& size, const std::string& side, const SubScore& s) {
        const double value = raw(s, "micro_offset_30s");
        return is(size, std::fabs(value)) && (value > 0) == (side == "above") && leans(s, value > 0);
    };
    add("orderbook.oir",
        "In the mean of " + span + " the five best levels hold " + number + " % bids(?: and " + half_spreads +
            ")?",
        [bids, offset](const std::smatch& m, const SubScore& s) {
            const double ratio = raw(s, "ratio_top5_30s");
            return in_mean(m[1], s) && bids(m[2], ratio) && (*s.lean == 0 || leans(s, ratio > 0)) &&
                   (!m[3].matched || offset(m[3], m[4], s));
        });
    add("orderbook.oir", "In the mean of " + span + " " + half_spreads,
        [offset](const std::smatch& m, const SubScore& s) {
            return in_mean(m[1], s) && offset(m[2], m[3], s);
        });
}

void SentenceChecker::add_orders() {
    add("orderbook.liquidity",
        "Buying " + money + " " + quote + " at market costs " + number + " bps in the mean of " + span +
            ", selling it " + number + " bps",
        [](const std::smatch& m, const SubScore& s) {
            const double buy = raw(s, "buy_cost_30s_bps");
            const double sell = raw(s, "sell_cost_30s_bps");
            return is(m[1], raw(s, "notional_30s_quote")) && is(m[2], buy) && in_mean(m[3], s) &&
                   is(m[4], sell) && apart(m[2], m[4], buy, sell) && same_sign(s, buy - sell);
        });
    add("orderbook.ofi",
        "Orders were (added to the bids or taken from the asks|added to the asks or taken from the "
        "bids|added and taken alike) \\(" +
            number + " σ in " + span + "(?:, " + number + " σ in " + span + ")?\\)",
        [](const std::smatch& m, const SubScore& s) {
            const bool up = m[1] == "added to the bids or taken from the asks";
            const auto part = [&](std::size_t at, const std::string& window) {
                const double value = raw(s, "sigmas_" + window);
                return is(m[at], value) && is(m[at + 1], raw(s, "window_" + window + "_s")) &&
                       (*s.lean == 0 || leans(s, value > 0));
            };
            return (m[1] == "added and taken alike" ? *s.lean == 0 : leans(s, up)) &&
                   (m[4].matched ? part(2, "30s") && part(4, "60s") && m[3] != m[5]
                                 : part(2, "30s") || part(2, "60s"));
        });
    add("orderbook.di",
        "The (whole book|visible part of the book) holds " + money + " " + quote + " of bids and " + money +
            " of asks",
        [](const std::smatch& m, const SubScore& s) {
            const double b = raw(s, "bid_quote");
            const double a = raw(s, "ask_quote");
            return (raw(s, "complete") == 1) == (m[1] == "whole book") && is(m[2], b) && is(m[3], a) &&
                   apart(m[2], m[3], a, b) && same_sign(s, b - a);
        });
}

void SentenceChecker::add_manipulation() {
    add("orderbook.manipulation",
        "No more large orders were shown and pulled within the last minute than usual" + mirrored,
        [](const std::smatch& m, const SubScore& s) {
            return *s.lean == 0 && mirrors(m[1], s) &&
                   raw(s, "fake_bid_quote") + raw(s, "fake_ask_quote") <= raw(s, "usual_fake_quote");
        });
    add("orderbook.manipulation",
        money + " " + quote + " of orders, " + money +
            " of it (bids|asks), were layered or pulled within 5 s unexecuted in the last minute, usually at "
            "most " +
            money + ": likelihood " + number + " %" + mirrored,
        [](const std::smatch& m, const SubScore& s) {
            const bool bids = m[3] == "bids";
            const double of_bids = raw(s, "fake_bid_quote");
            const double of_asks = raw(s, "fake_ask_quote");
            const double usual = raw(s, "usual_fake_quote");
            return is(m[1], of_bids + of_asks) && is(m[2], bids ? of_bids : of_asks) && is(m[4], usual) &&
                   of_bids + of_asks > usual && apart(m[1], m[4], of_bids + of_asks, usual) &&
                   (bids ? of_bids > of_asks : of_asks >= of_bids) && is(m[5], raw(s, "likelihood") * 100) &&
                   mirrors(m[6], s) && (leans(s, !bids) || *s.lean == 0);
        });
    add("orderbook.absorption_exhaustion",
        "(Bids|Asks) absorbed the (selling|buying) that price held against: " + number +
            " of 1 in the mean of " + span,
        [](const std::smatch& m, const SubScore& s) {
            const bool bid = m[1] == "Bids";
            return is(m[3], raw(s, bid ? "bid_absorption_30s" : "ask_absorption_30s")) && leans(s, bid) &&
                   in_mean(m[4], s) && (m[2] == "selling") == bid;
        });
    add("orderbook.absorption_exhaustion",
        "Trading died down after a (rise|fall): exhaustion " + number + " of 1 in the mean of " + span,
        [](const std::smatch& m, const SubScore& s) {
            const double value = raw(s, "exhaustion_30s");
            return in_mean(m[3], s) && is(m[2], std::fabs(value)) && leans(s, m[1] == "fall") &&
                   leans(s, value > 0);
        });
    add("orderbook.absorption_exhaustion", "Neither absorption nor exhaustion shows in the mean of " + span,
        [](const std::smatch& m, const SubScore& s) { return *s.lean == 0 && in_mean(m[1], s); });
}

void SentenceChecker::add_positioning() {
    add("sentiment.funding_rate",
        "(?:(Longs|Shorts) pay " + number + " %|Nobody pays) in 8 h, " + number +
            " σ (above|below) the norm of " + span +
            ": (ordinary|crowded longs|crowded shorts|longs pay less than usual|shorts pay less than "
            "usual|unusual)",
        [](const std::smatch& m, const SubScore& s) {
            const double rate = raw(s, "rate_8h");
            const double z = raw(s, "z_history");
            const std::string end = m[6];
            return (m[1].matched ? (rate > 0) == (m[1] == "Longs") && is(m[2], std::fabs(rate) * 100)
                                 : rate == 0) &&
                   is(m[3], std::fabs(z)) && (z >= 0) == (m[4] == "above") &&
                   is(m[5], raw(s, "history_days") * 86'400) && (std::fabs(z) <= 1) == (end == "ordinary") &&
                   (end != "crowded longs" || (rate > 0 && z > 1 && leans(s, false))) &&
                   (end != "crowded shorts" || (rate < 0 && z < -1 && leans(s, true))) &&
                   (end != "longs pay less than usual" || (rate > 0 && z < -1 && leans(s, true))) &&
                   (end != "shorts pay less than usual" || (rate < 0 && z > 1 && leans(s, false))) &&
                   (end != "ordinary" || std::fabs(z) == 1 || same_sign(s, z));
        });
    add("sentiment.long_short_ratio",
        number + " % of accounts are long, " + number + " σ (above|below) the norm",
        [](const std::smatch& m, const SubScore& s) {
            const double z = raw(s, "z_history");
            return is(m[1], raw(s, "long_share") * 100) && is(m[2], std::fabs(z)) &&
                   (z >= 0) == (m[3] == "above") && same_sign(s, -z);
        });
    add("sentiment.risk",
        "Open interest is " + number + " of a day's turnover, " + number +
            " σ (above|below) its norm, with funding at " + number +
            " % in 8 h: (no build-up|leveraged longs|leveraged shorts)",
        [](const std::smatch& m, const SubScore& s) {
            const double z = raw(s, "leverage_z");
            const double rate = raw(s, "rate_8h") * 100;
            return is(m[1], raw(s, "interest_to_turnover")) && is(m[2], std::fabs(z)) &&
                   (z >= 0) == (m[3] == "above") && is(m[4], rate) &&
                   (m[5] == "no build-up" ? *s.lean == 0 : leans(s, m[5] == "leveraged shorts") && z > 0);
        });
}

void SentenceChecker::add_liquidations() {
    add("sentiment.liquidations",
        money + " " + quote + " of longs and " + money + " of shorts were liquidated in " + span +
            "; the newer weighing more, (shorts|longs) lead by " + number + " %",
        [](const std::smatch& m, const SubScore& s) {
            const double net = raw(s, "net_decayed");
            return is(m[1], raw(s, "longs_quote_24h")) && is(m[2], raw(s, "shorts_quote_24h")) &&
                   is(m[3], raw(s, "window_s")) && (net >= 0) == (m[4] == "shorts") &&
                   is(m[5], std::fabs(net) * 100) && same_sign(s, net);
        });
    add("sentiment.liquidations",
        "A cascade of (short|long) liquidations is (?:(running), which drives price on|over, ([0-9]+) min "
        "old)",
        [](const std::smatch& m, const SubScore& s) {
            const double age = raw(s, "cascade_age_min");
            const bool running = m[2].matched;
            return running == (age <= 5) && (running || is(m[3], age)) &&
                   leans(s, running == (m[1] == "short"));
        });
}

void SentenceChecker::add_market() {
    add("sentiment.volatility",
        "Realised volatility of " + number + " % a year is at percentile " + number + " of " + span +
            "(: risk-off|, rising, while price (?:rose|fell) " + number + " σ in 24 h|: no warning, no push)",
        [](const std::smatch& m, const SubScore& s) {
            const std::string end = m[4];
            const double move = raw(s, "return_sigmas_24h");
            return is(m[1], raw(s, "annualised") * 100) && is(m[2], raw(s, "percentile_30d") * 100) &&
                   is(m[3], raw(s, "history_hours") * 3'600) &&
                   (end == ": risk-off" ? leans(s, false) && raw(s, "percentile_30d") > 0.95
                    : end == ": no warning, no push"
                        ? *s.lean == 0
                        : is(m[5], std::fabs(move)) && leans(s, move > 0) && raw(s, "rising") == 1 &&
                              (move > 0) == (end.find("rose") != std::string::npos));
        });
    add("sentiment.market_activity",
        number + " contracts rose and " + number + " fell in 24 h, as of " + number + " s ago",
        [](const std::smatch& m, const SubScore& s) {
            return is(m[1], raw(s, "advancers")) && is(m[2], raw(s, "decliners")) &&
                   is(m[3], raw(s, "breadth_age_s")) &&
                   same_sign(s, raw(s, "advancers") - raw(s, "decliners"));
        });
}

}  // namespace virtuoso::test
