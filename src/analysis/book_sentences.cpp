// Sentences about the book.
#include "analysis/sentences.hpp"
#include "analysis/wording.hpp"

#include <fmt/format.h>

#include <cmath>

namespace virtuoso {

namespace {

double raw(const SubScore& sub, std::string_view name) {
    return sub.raw_value(name).value_or(0.0);
}

// The band that carries most of the lean.
std::string depth(const SubScore& sub) {
    struct Band {
        double bps;
        double weight;
        std::string_view bid;
        std::string_view ask;
    };
    constexpr Band bands[] = {{10, .4, "bid_10bps_of_median", "ask_10bps_of_median"},
                              {25, .3, "bid_25bps_of_median", "ask_25bps_of_median"},
                              {50, .2, "bid_50bps_of_median", "ask_50bps_of_median"},
                              {100, .1, "bid_100bps_of_median", "ask_100bps_of_median"}};
    const Band* told = nullptr;
    double most = 0;
    for (const auto& band : bands) {
        const auto bid = sub.raw_value(band.bid);
        const auto ask = sub.raw_value(band.ask);
        if (bid && ask) {
            const double carried = band.weight * std::log(*bid / *ask) * (*sub.lean < 0 ? -1 : 1);
            if (told == nullptr || carried > most) {
                told = &band;
                most = carried;
            }
        }
    }
    if (told == nullptr) {
        return "Depth near the touch is at its norm";
    }
    const auto reach = sub.raw_value("reach_bps");
    const auto [bid, ask] = told_apart(raw(sub, told->bid), raw(sub, told->ask), 2);
    return reach && *reach < told->bps
               ? fmt::format(
                     "Within {:.2f} bps, as far as the book reaches, bids stand at {} and asks at {} times "
                     "their norm",
                     *reach, bid, ask)
               : fmt::format("Within {:.0f} bps bids stand at {} and asks at {} times their norm", told->bps,
                             bid, ask);
}

std::string bid_share(std::string_view what, double imbalance) {
    return fmt::format("{} {} % bids", what, told_apart(50 * (1 + imbalance), 50, 1).first);
}

// Of the two parts those that pull the way the score leans.
std::string top_of_book(const SubScore& sub) {
    const double ratio = raw(sub, "ratio_top5_30s");
    const double offset = raw(sub, "micro_offset_30s");
    std::string text;
    if (ratio * *sub.lean > 0 || *sub.lean == 0) {
        text = bid_share("In the mean of 30 s the five best levels hold", ratio);
    }
    if (offset * *sub.lean > 0) {
        text += fmt::format("{} the micro-price lies {:.3f} half spreads {} the mid",
                            text.empty() ? "In the mean of 30 s" : " and", std::fabs(offset),
                            offset > 0 ? "above" : "below");
    }
    return text.empty() ? bid_share("In the mean of 30 s the five best levels hold", ratio) : text;
}

std::string slippage(const SubScore& sub, std::string_view quote) {
    const auto [buy, sell] = told_apart(raw(sub, "buy_cost_30s_bps"), raw(sub, "sell_cost_30s_bps"), 2);
    return fmt::format("Buying {} {} at market costs {} bps in the mean of 30 s, selling it {} bps",
                       money_text(raw(sub, "notional_30s_quote")), quote, buy, sell);
}

std::string order_flow(const SubScore& sub) {
    const auto part = [&](std::string_view name, std::string_view span) {
        const auto value = sub.raw_value(name);
        return value && (*value * *sub.lean > 0 || *sub.lean == 0)
                   ? fmt::format("{:+.2f} σ in {}", *value, span)
                   : std::string();
    };
    const auto half = part("sigmas_30s", "30 s");
    const auto minute = part("sigmas_60s", "60 s");
    return fmt::format("Orders were {} ({}{}{})",
                       *sub.lean > 0   ? "added to the bids or taken from the asks"
                       : *sub.lean < 0 ? "added to the asks or taken from the bids"
                                       : "added and taken alike",
                       half, half.empty() || minute.empty() ? "" : ", ", minute);
}

std::string manipulation(const SubScore& sub, std::string_view quote) {
    if (sub.reading == Reading::clean) {
        return "No more large orders were shown and pulled within the last minute than usual";
    }
    const bool bids = sub.reading == Reading::fake_bids;
    return fmt::format(
        "{} {} of {} orders were layered or pulled within 5 s unexecuted in the last minute; both sides "
        "usually show at most {}, likelihood {}",
        money_text(raw(sub, bids ? "fake_bid_quote" : "fake_ask_quote")), quote, bids ? "buy" : "sell",
        money_text(raw(sub, "usual_fake_quote")), percent_text(raw(sub, "likelihood")));
}

std::string absorption(const SubScore& sub) {
    switch (sub.reading) {
        case Reading::bid_absorption:
            return fmt::format(
                "Bids absorbed the selling that price held against: {:.3f} of 1 in the mean of 30 s",
                raw(sub, "bid_absorption_30s"));
        case Reading::ask_absorption:
            return fmt::format(
                "Asks absorbed the buying that price held against: {:.3f} of 1 in the mean of 30 s",
                raw(sub, "ask_absorption_30s"));
        case Reading::buying_exhausted:
        case Reading::selling_exhausted:
            return fmt::format("Trading died down after a {}: exhaustion {:.3f} of 1 in the mean of 30 s",
                               sub.reading == Reading::buying_exhausted ? "rise" : "fall",
                               std::fabs(raw(sub, "exhaustion_30s")));
        default:
            return "Neither absorption nor exhaustion shows in the last 30 s";
    }
}

std::string visible_book(const SubScore& sub, std::string_view quote) {
    const auto [bids, asks] = money_apart(raw(sub, "bid_quote"), raw(sub, "ask_quote"));
    return fmt::format("The {} holds {} {} of bids and {} of asks",
                       raw(sub, "complete") > 0 ? "whole book" : "visible part of the book", bids, quote,
                       asks);
}

}  // namespace

std::string orderbook_sentence(const SubScore& sub, std::string_view quote) {
    if (sub.name == "depth") {
        return depth(sub);
    }
    if (sub.name == "imbalance") {
        return bid_share("In the mean of 30 s the 25 best levels, nearest first, hold", raw(sub, "mean_30s"));
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
        return absorption(sub);
    }
    return sub.name == "di" ? visible_book(sub, quote) : std::string();
}

}  // namespace virtuoso
