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
                     "their norm a bps",
                     *reach, bid, ask)
               : fmt::format("Within {:.0f} bps bids stand at {} and asks at {} times their norm", told->bps,
                             bid, ask);
}

std::string mean_of(const SubScore& sub) {
    return "the mean of " + span_text(raw(sub, "mean_s"));
}

std::string bid_share(const SubScore& sub, std::string_view what, double imbalance) {
    return fmt::format("In {} {} {} % bids", mean_of(sub), what,
                       told_apart(50 * (1 + imbalance), 50, 1).first);
}

// Of the two parts those that pull the way the score leans.
std::string top_of_book(const SubScore& sub) {
    const double ratio = raw(sub, "ratio_top5_30s");
    const double offset = raw(sub, "micro_offset_30s");
    std::string text;
    if (ratio * *sub.lean > 0 || *sub.lean == 0) {
        text = bid_share(sub, "the five best levels hold", ratio);
    }
    if (offset * *sub.lean > 0) {
        text += fmt::format("{} the micro-price lies {} half spreads {} the mid",
                            text.empty() ? "In " + mean_of(sub) : " and",
                            told_apart(std::fabs(offset), 0, 3).first, offset > 0 ? "above" : "below");
    }
    return text.empty() ? bid_share(sub, "the five best levels hold", ratio) : text;
}

std::string slippage(const SubScore& sub, std::string_view quote) {
    const auto [buy, sell] = told_apart(raw(sub, "buy_cost_30s_bps"), raw(sub, "sell_cost_30s_bps"), 2);
    return fmt::format("Buying {} {} at market costs {} bps in {}, selling it {} bps",
                       money_text(raw(sub, "notional_30s_quote")), quote, buy, mean_of(sub), sell);
}

std::string order_flow(const SubScore& sub) {
    const auto part = [&](std::string_view name, std::string_view span) {
        const auto value = sub.raw_value(name);
        return value && (*value * *sub.lean > 0 || *sub.lean == 0)
                   ? fmt::format("{}{} σ in {}", *value > 0 ? "+" : "", told_apart(*value, 0, 2).first,
                                 span_text(raw(sub, span)))
                   : std::string();
    };
    const auto half = part("sigmas_30s", "window_30s_s");
    const auto minute = part("sigmas_60s", "window_60s_s");
    return fmt::format("Orders were {} ({}{}{})",
                       *sub.lean > 0   ? "added to the bids or taken from the asks"
                       : *sub.lean < 0 ? "added to the asks or taken from the bids"
                                       : "added and taken alike",
                       half, half.empty() || minute.empty() ? "" : ", ", minute);
}

constexpr double mirrored_told = 0.005;

std::string manipulation(const SubScore& sub, std::string_view quote) {
    const double wash = raw(sub, "wash_like_share");
    const auto mirrored = wash >= mirrored_told
                              ? fmt::format("; {} of its trades mirror the one before", percent_text(wash))
                              : std::string();
    if (sub.reading == Reading::clean) {
        return "No more large orders were shown and pulled within the last minute than usual" + mirrored;
    }
    const bool bids = sub.reading == Reading::fake_bids;
    const double most = raw(sub, bids ? "fake_bid_quote" : "fake_ask_quote");
    const double all = raw(sub, "fake_bid_quote") + raw(sub, "fake_ask_quote");
    const auto [fake, usual] = money_apart(all, raw(sub, "usual_fake_quote"));
    return fmt::format(
        "{} {} of orders, {} of it {}, were layered or pulled within 5 s unexecuted in the last minute, "
        "usually "
        "at most {}: likelihood {}{}",
        fake, quote, money_text(most), bids ? "bids" : "asks", usual, percent_text(raw(sub, "likelihood")),
        mirrored);
}

std::string absorption(const SubScore& sub) {
    switch (sub.reading) {
        case Reading::bid_absorption:
            return fmt::format("Bids absorbed the selling that price held against: {} of 1 in {}",
                               told_apart(raw(sub, "bid_absorption_30s"), 0, 3).first, mean_of(sub));
        case Reading::ask_absorption:
            return fmt::format("Asks absorbed the buying that price held against: {} of 1 in {}",
                               told_apart(raw(sub, "ask_absorption_30s"), 0, 3).first, mean_of(sub));
        case Reading::buying_exhausted:
        case Reading::selling_exhausted:
            return fmt::format("Trading died down after a {}: exhaustion {} of 1 in {}",
                               sub.reading == Reading::buying_exhausted ? "rise" : "fall",
                               told_apart(std::fabs(raw(sub, "exhaustion_30s")), 0, 3).first, mean_of(sub));
        default:
            return "Neither absorption nor exhaustion shows in " + mean_of(sub);
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
        return bid_share(sub, "the 25 best levels, nearest first, hold", raw(sub, "mean_30s"));
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
