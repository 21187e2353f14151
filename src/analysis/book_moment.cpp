#include "analysis/book_moment.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr double slippage_notional = 100'000;
constexpr double slippage_depth_share = 0.20;
constexpr double level_decay = 0.95;

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
    return hyperbolic_tangent(net_notional / visible - 1) * std::clamp(1 - adverse_sigmas / 0.5, 0.0, 1.0);
}

}  // namespace

BookMoment BookMoment::of(const BookView& book, const BookTop& top) {
    BookMoment moment;
    const double mid = top.mid();
    moment.imbalance = top.imbalance(BookTop::levels_max, level_decay);
    moment.ratio_top5 = top.imbalance(5, 1.0);
    moment.micro_offset = (top.micro_price() - mid) / (top.spread() / 2);
    moment.bid_quote = side_notional([&](auto&& visit) { book.walk_bids(visit); });
    moment.ask_quote = side_notional([&](auto&& visit) { book.walk_asks(visit); });
    moment.notional =
        std::min(slippage_notional, slippage_depth_share * std::min(moment.bid_quote, moment.ask_quote));
    moment.buy_cost_bps = taking_cost_bps([&](auto&& visit) { book.walk_asks(visit); }, moment.notional, mid);
    moment.sell_cost_bps =
        taking_cost_bps([&](auto&& visit) { book.walk_bids(visit); }, moment.notional, mid);
    return moment;
}

std::optional<Absorption> Absorption::of(const FlowBins& flow, const BookTop& top, ExchangeTime as_of) {
    const FlowPath minutes = flow.path(as_of, 600);
    if (minutes.bins < 60 || minutes.traded_bins < FlowBins::bins_min || !(minutes.price_square > 0)) {
        return std::nullopt;
    }
    Absorption now;
    const double sigma = std::sqrt(minutes.price_square / minutes.bins);
    const FlowWindow recent = flow.window(as_of, 30);
    now.move_sigmas_30s = recent.price_change / (sigma * std::sqrt(30.0));
    now.move_sigmas_60s = flow.path(as_of, 60).price_change / (sigma * std::sqrt(60.0));
    now.net_quote = recent.total.visible_buy() - recent.total.visible_sell();
    now.bids =
        absorbed(-now.net_quote, top_notional(top.bids, top.bid_count), std::max(-now.move_sigmas_30s, 0.0));
    now.asks =
        absorbed(now.net_quote, top_notional(top.asks, top.ask_count), std::max(now.move_sigmas_30s, 0.0));
    const FlowBin last = flow.window(as_of, 10).total;
    const double peak = flow.peak_rate(as_of, 60, 10);
    now.rate_of_peak = peak > 0 ? (last.buy_notional + last.sell_notional) / 10 / peak : 1.0;
    if (std::fabs(now.move_sigmas_60s) >= 2 && now.rate_of_peak < 0.4) {
        now.exhaustion = (now.move_sigmas_60s > 0 ? -1.0 : 1.0) * (1 - now.rate_of_peak / 0.4);
    }
    return now;
}

}  // namespace virtuoso
