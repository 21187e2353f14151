#include "analysis/orderbook_component.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr double slippage_notional = 100'000;
constexpr double slippage_depth_share = 0.20;

template <typename Walk>
double side_notional(Walk&& walk) {
    double total = 0;
    walk([&](Price price, Size size) {
        total += price.value() * size.value();
        return true;
    });
    return total;
}

// Mean price of taking `notional` from a side, as distance from the mid in bps.
template <typename Walk>
double taking_cost_bps(Walk&& walk, double notional, double mid) {
    double spent = 0;
    double bought = 0;
    double above_mid = 0;  // Σ distance · size: the small difference of two large sums would lose its digits
    walk([&](Price price, Size size) {
        const double value = std::min(price.value() * size.value(), notional - spent);
        const double amount = value / price.value();
        spent += value;
        bought += amount;
        above_mid += (price.value() - mid) * amount;
        return spent < notional;
    });
    return bought > 0 ? std::fabs(above_mid / bought) / mid * 1e4 : 0.0;
}

void write_imbalance(SubScore& sub, const BookFlow& flow, const BookTop& top) {
    const auto smoothed = flow.smoothed_imbalance();
    if (!smoothed) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    sub.add_raw("smoothed", *smoothed);
    sub.add_raw("now", top.imbalance(BookTop::levels_max, 0.95));
    sub.set_strength(2 * *smoothed);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_oir(SubScore& sub, const BookTop& top) {
    const double ratio = top.imbalance(5, 1.0);
    const double offset = (top.micro_price() - top.mid()) / (top.spread() / 2);
    sub.add_raw("ratio_top5", ratio);
    sub.add_raw("micro_price", top.micro_price());
    sub.add_raw("micro_offset_half_spreads", offset);
    sub.set_strength(ratio + 0.5 * offset);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_di(SubScore& sub, const BookView& book, double bid_notional, double ask_notional) {
    const double total = bid_notional + ask_notional;
    sub.add_raw("bid_quote", bid_notional);
    sub.add_raw("ask_quote", ask_notional);
    sub.add_raw("complete", !book.bids_complete_to() && !book.asks_complete_to() ? 1 : 0);
    if (!(total > 0)) {
        sub.set_absent(Absence::flat);
        return;
    }
    sub.set_strength(2 * (bid_notional - ask_notional) / total);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_depth(SubScore& sub, const BookView& book, const DepthHistory& history) {
    sub.samples = history.samples();
    if (!history.warm()) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    constexpr std::array<double, 4> weights{.4, .3, .2, .1};
    constexpr std::array<std::string_view, 8> names{
        "bid_10bps_of_median", "ask_10bps_of_median", "bid_25bps_of_median",  "ask_25bps_of_median",
        "bid_50bps_of_median", "ask_50bps_of_median", "bid_100bps_of_median", "ask_100bps_of_median"};
    const DepthSample now = DepthSample::of(book);
    double weight = 0;
    double sum = 0;
    for (std::size_t band = 0; band < weights.size(); ++band) {
        const double usual_bid = history.median_bid(band);
        const double usual_ask = history.median_ask(band);
        if (now.bid[band] > 0 && now.ask[band] > 0 && usual_bid > 0 && usual_ask > 0) {
            const double bid = now.bid[band] / usual_bid;
            const double ask = now.ask[band] / usual_ask;
            sub.add_raw(names[2 * band], bid);
            sub.add_raw(names[2 * band + 1], ask);
            weight += weights[band];
            sum += weights[band] * (logarithm(bid) - logarithm(ask));
        }
    }
    if (!(weight > 0)) {
        sub.set_absent(Absence::flat);
        return;
    }
    sub.set_strength(sum / weight);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_liquidity(SubScore& sub, const BookView& book, const DepthHistory& history, double bid_notional,
                     double ask_notional) {
    const double bid = book.best_bid()->price.value();
    const double ask = book.best_ask()->price.value();
    const double mid = (bid + ask) / 2;
    const double notional =
        std::min(slippage_notional, slippage_depth_share * std::min(bid_notional, ask_notional));
    const double buy = taking_cost_bps([&](auto&& visit) { book.walk_asks(visit); }, notional, mid);
    const double sell = taking_cost_bps([&](auto&& visit) { book.walk_bids(visit); }, notional, mid);
    const double spread = (ask - bid) / mid * 1e4;
    sub.add_raw("notional_quote", notional);
    sub.add_raw("buy_cost_bps", buy);
    sub.add_raw("sell_cost_bps", sell);
    sub.add_raw("spread_bps", spread);
    if (const auto z = history.spread().z(spread)) {
        sub.add_raw("spread_z", *z);
    }
    if (!(buy + sell > 0)) {
        sub.set_absent(Absence::flat);
        return;
    }
    sub.set_strength(2 * (buy - sell) / (buy + sell));
    sub.reading = *sub.lean > 0.1    ? Reading::easier_up
                  : *sub.lean < -0.1 ? Reading::easier_down
                                     : Reading::neutral;
}

void write_ofi(SubScore& sub, const BookFlow& flow, ExchangeTime as_of) {
    const auto short_term = flow.normalised_ofi(as_of, 10);
    const auto long_term = flow.normalised_ofi(as_of, 60);
    sub.samples = flow.updates();
    if (!short_term || !long_term) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    sub.add_raw("ofi_10s_depths", flow.ofi(as_of, 10));
    sub.add_raw("ofi_60s_depths", flow.ofi(as_of, 60));
    sub.add_raw("sigmas_10s", *short_term);
    sub.add_raw("sigmas_60s", *long_term);
    sub.set_strength(0.8 * (0.6 * *short_term + 0.4 * *long_term));
    sub.reading = reading_of_lean(*sub.lean);
}

double top_notional(const std::array<BookLevel, BookTop::levels_max>& levels, std::size_t count) {
    double total = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 5); ++i) {
        total += levels[i].price.value() * levels[i].size.value();
    }
    return total;
}

/// Net aggression that exceeds the visible size without moving the price, 0…1.
double absorbed(double net_notional, double visible, double adverse_sigmas) {
    if (net_notional < visible || !(visible > 0)) {
        return 0;
    }
    return hyperbolic_tangent(net_notional / visible) * std::clamp(1 - adverse_sigmas / 0.5, 0.0, 1.0);
}

void write_absorption(SubScore& sub, const FlowBins& flow, const BookTop& top, ExchangeTime as_of) {
    const FlowWindow minutes = flow.window(as_of, 600);
    if (minutes.bins < 60 || !(minutes.price_square > 0)) {
        sub.set_absent(minutes.bins < 60 ? Absence::warming_up : Absence::flat);
        return;
    }
    const double sigma = std::sqrt(minutes.price_square / minutes.bins);
    const FlowWindow recent = flow.window(as_of, 30);
    const double move_30s = recent.price_change / (sigma * std::sqrt(30.0));
    const double move_60s = flow.window(as_of, 60).price_change / (sigma * std::sqrt(60.0));
    const double net = recent.total.buy_notional - recent.total.sell_notional;
    const double bids = absorbed(-net, top_notional(top.bids, top.bid_count), std::max(-move_30s, 0.0));
    const double asks = absorbed(net, top_notional(top.asks, top.ask_count), std::max(move_30s, 0.0));
    const FlowBin last = flow.window(as_of, 10).total;
    const double peak = flow.peak_rate(as_of, 60, 10);
    const double faded = peak > 0 ? (last.buy_notional + last.sell_notional) / 10 / peak : 1.0;
    double strength = 1.5 * (bids - asks);
    const bool exhausted = std::fabs(move_60s) >= 2 && faded < 0.4;
    if (exhausted) {
        strength -= (move_60s > 0 ? 1.0 : -1.0) * (1 - faded / 0.4);
    }
    sub.add_raw("net_quote_30s", net);
    sub.add_raw("move_sigmas_30s", move_30s);
    sub.add_raw("move_sigmas_60s", move_60s);
    sub.add_raw("rate_of_peak", faded);
    sub.add_raw("bid_absorption", bids);
    sub.add_raw("ask_absorption", asks);
    sub.set_strength(strength);
    if (exhausted) {
        sub.reading = move_60s > 0 ? Reading::buying_exhausted : Reading::selling_exhausted;
    } else if (bids > 0 || asks > 0) {
        sub.reading = bids > 0 ? Reading::bid_absorption : Reading::ask_absorption;
    }
}

double reliability_of(double likelihood) {
    if (likelihood < 0.05) {
        return 1.0;
    }
    return likelihood < 0.25 ? .98 : likelihood < 0.50 ? .95 : likelihood < 0.75 ? .90 : .80;
}

}  // namespace

void OrderbookComponent::update(const AnalysisInputs& inputs, const StateChange& change) {
    const auto& trades = inputs.state.tape().trades();
    for (std::size_t age = std::min<std::size_t>(change.trades, trades.size()); age-- > 0;) {
        spoofs_.on_trade(trades.newest(age));
    }
    const auto book = inputs.state.book().view();
    if (change.book_broken || !book) {
        flow_.reset();
        spoofs_.reset();
        return;
    }
    if (!change.book) {
        return;
    }
    const BookTop top = BookTop::of(*book);
    if (flow_.updates() > 0) {
        spoofs_.on_book(flow_.last(), top, *book, book->time());
    }
    flow_.update(top, book->time());
    depth_.update(*book, book->time());
}

void OrderbookComponent::write_manipulation(ComponentResult& result, const FlowBins& flow,
                                            ExchangeTime as_of) const {
    SubScore& sub = result.sub("manipulation");
    const ManipulationEvidence evidence = spoofs_.evidence(as_of);
    const FlowBin minute = flow.window(as_of, 60).total;
    const double prints = static_cast<double>(minute.buys) + minute.sells;
    const double wash_share = prints >= 20 ? minute.wash_like / prints : 0.0;
    const double pulled = evidence.large_placed > 0 ? evidence.large_pulled / evidence.large_placed : 0.0;
    // Large orders come and go on every liquid book: what counts is how they compare with real trading.
    const double fake = evidence.bid_fake + evidence.ask_fake;
    const double traded = minute.buy_notional + minute.sell_notional;
    const double fake_share = fake > 0 ? fake / (fake + traded) : 0.0;
    const double likelihood = 1 - (1 - fake_share) * (1 - wash_share);
    sub.add_raw("likelihood", likelihood);
    sub.add_raw("spoofs_1m", evidence.spoofs);
    sub.add_raw("layers_1m", evidence.layers);
    sub.add_raw("icebergs_1m", evidence.icebergs);
    sub.add_raw("fake_bid_quote", evidence.bid_fake);
    sub.add_raw("fake_ask_quote", evidence.ask_fake);
    sub.add_raw("pulled_share", pulled);
    sub.add_raw("wash_like_share", wash_share);
    sub.set_strength(fake > 0 ? -2 * likelihood * (evidence.bid_fake - evidence.ask_fake) / fake : 0.0);
    sub.reading = !(fake > 0)                             ? Reading::clean
                  : evidence.bid_fake > evidence.ask_fake ? Reading::fake_bids
                                                          : Reading::fake_asks;
    result.reliability = reliability_of(likelihood);
}

ComponentResult OrderbookComponent::evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const {
    ComponentResult result(ComponentId::orderbook, inputs.weights);
    const auto book = inputs.state.book().view(as_of, stale_after_ms);
    if (!book || !book->two_sided()) {
        const bool never = inputs.state.book().time().ms == 0;
        const bool stale = !book && book.error() == BookFault::stale;
        result.set_all_absent(never ? Absence::no_data : stale ? Absence::book_stale : Absence::book_invalid);
        result.combine();
        return result;
    }
    const std::int64_t age = as_of - book->time();
    for (std::size_t i = 0; i < result.sub_count; ++i) {
        result.subs[i].samples = flow_.updates();
        result.subs[i].age_ms = age;
    }
    const BookTop top = BookTop::of(*book);
    const double bids = side_notional([&](auto&& visit) { book->walk_bids(visit); });
    const double asks = side_notional([&](auto&& visit) { book->walk_asks(visit); });
    write_depth(result.sub("depth"), *book, depth_);
    write_imbalance(result.sub("imbalance"), flow_, top);
    write_oir(result.sub("oir"), top);
    write_liquidity(result.sub("liquidity"), *book, depth_, bids, asks);
    write_ofi(result.sub("ofi"), flow_, as_of);
    write_di(result.sub("di"), *book, bids, asks);
    write_absorption(result.sub("absorption_exhaustion"), inputs.flow, top, as_of);
    write_manipulation(result, inputs.flow, as_of);
    result.combine();
    return result;
}

}  // namespace virtuoso
