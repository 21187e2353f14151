#include "analysis/orderbook_component.hpp"

#include "base/archive.hpp"
#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

using BookMean = std::optional<OrderbookComponent::MomentAverage::Mean>;

void add_span(SubScore& sub, const BookMean& mean) {
    sub.add_raw("mean_s", mean->seconds);
}

double lean_of(double strength) {
    return hyperbolic_tangent(strength);
}

void write_imbalance(SubScore& sub, const BookFlow& flow, const BookMoment& now, const BookMean& mean) {
    sub.add_raw("now", now.imbalance);
    if (const auto smoothed = flow.smoothed_imbalance()) {
        sub.add_raw("smoothed_3s", *smoothed);
        sub.pulse = lean_of(2 * *smoothed);
    }
    if (!mean) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    add_span(sub, mean);
    sub.add_raw("mean_30s", mean->values[0]);
    sub.set_strength(2 * mean->values[0]);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_oir(SubScore& sub, const BookTop& top, const BookMoment& now, const BookMean& mean) {
    sub.add_raw("ratio_top5", now.ratio_top5);
    sub.add_raw("micro_price", top.micro_price());
    sub.add_raw("micro_offset_half_spreads", now.micro_offset);
    sub.pulse = lean_of(now.ratio_top5 + 0.5 * now.micro_offset);
    if (!mean) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    add_span(sub, mean);
    sub.add_raw("ratio_top5_30s", mean->values[1]);
    sub.add_raw("micro_offset_30s", mean->values[2]);
    sub.set_strength(mean->values[1] + 0.5 * mean->values[2]);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_di(SubScore& sub, const BookMoment& now, const DepthSample& depth) {
    const double total = now.bid_quote + now.ask_quote;
    sub.add_raw("bid_quote", now.bid_quote);
    sub.add_raw("ask_quote", now.ask_quote);
    sub.add_raw("complete", depth.reach_bps() ? 0 : 1);
    if (!(total > 0)) {
        sub.set_absent(Absence::flat);
        return;
    }
    sub.set_strength(2 * (now.bid_quote - now.ask_quote) / total);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_depth(SubScore& sub, const DepthSample& now, const DepthHistory& history) {
    constexpr std::array<double, 4> weights{.4, .3, .2, .1};
    constexpr std::array<std::string_view, 8> names{
        "bid_10bps_of_median", "ask_10bps_of_median", "bid_25bps_of_median",  "ask_25bps_of_median",
        "bid_50bps_of_median", "ask_50bps_of_median", "bid_100bps_of_median", "ask_100bps_of_median"};
    sub.samples = history.samples();
    if (const auto reach = now.reach_bps()) {
        sub.add_raw("reach_bps", *reach);
    }
    sub.add_raw("complete_bands", static_cast<double>(now.complete_bands()));
    if (!history.warm(0)) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    // A band that the book does not reach to is only part of one. When it reaches none, the nearest is
    // measured as far as it goes.
    double weight = 0;
    double sum = 0;
    for (std::size_t band = 0; band < now.usable_bands() && history.warm(band); ++band) {
        const double usual_bid = history.median_bid(band) * now.known_bps(band);
        const double usual_ask = history.median_ask(band) * now.known_bps(band);
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

double cost_strength(double buy, double sell) {
    return buy + sell > 0 ? 2 * (buy - sell) / (buy + sell) : 0.0;
}

void write_liquidity(SubScore& sub, const BookTop& top, const DepthHistory& history, const BookMoment& now,
                     const BookMean& mean) {
    const double spread = top.spread_bps();
    sub.add_raw("notional_quote", now.notional);
    sub.add_raw("buy_cost_bps", now.buy_cost_bps);
    sub.add_raw("sell_cost_bps", now.sell_cost_bps);
    sub.add_raw("spread_bps", spread);
    if (const auto z = history.spread().z(spread)) {
        sub.add_raw("spread_z", *z);
    }
    sub.pulse = lean_of(cost_strength(now.buy_cost_bps, now.sell_cost_bps));
    if (!mean) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    const double buy = mean->values[4];
    const double sell = mean->values[5];
    add_span(sub, mean);
    sub.add_raw("notional_30s_quote", mean->values[3]);
    sub.add_raw("buy_cost_30s_bps", buy);
    sub.add_raw("sell_cost_30s_bps", sell);
    if (!(buy + sell > 0)) {
        sub.set_absent(Absence::flat);
        return;
    }
    sub.set_strength(cost_strength(buy, sell));
    sub.reading = *sub.lean > 0.1    ? Reading::easier_up
                  : *sub.lean < -0.1 ? Reading::easier_down
                                     : Reading::neutral;
}

// What lives ten seconds is the pulse; the score takes half a minute and a minute.
void write_ofi(SubScore& sub, const BookFlow& flow, ExchangeTime as_of) {
    const auto pulse = flow.normalised_ofi(as_of, 10, 1);
    const auto short_term = flow.normalised_ofi(as_of, 30);
    const auto long_term = flow.normalised_ofi(as_of, 60);
    sub.samples = flow.updates();
    sub.add_raw("ofi_10s_depths", flow.ofi(as_of, 10));
    sub.add_raw("ofi_60s_depths", flow.ofi(as_of, 60));
    if (pulse) {
        sub.add_raw("sigmas_10s", *pulse);
        sub.pulse = lean_of(0.5 * *pulse);
    }
    if (!long_term) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    // A book no older than the shorter window has that one only.
    const int seconds = flow.known_seconds(as_of, 60);
    const bool both = short_term && seconds > 30;
    if (short_term) {
        sub.add_raw("sigmas_30s", *short_term);
        sub.add_raw("window_30s_s", flow.known_seconds(as_of, 30));
    }
    if (both || !short_term) {
        sub.add_raw("sigmas_60s", *long_term);
        sub.add_raw("window_60s_s", seconds);
    }
    sub.set_strength(0.5 * (both         ? 0.6 * *short_term + 0.4 * *long_term
                            : short_term ? *short_term
                                         : *long_term));
    sub.reading = reading_of_lean(*sub.lean);
}

// The reading is the part that decided the sign.
Reading absorption_reading(double bids, double asks, double exhaustion, double strength) {
    const double side = strength > 0 ? 1 : -1;
    if (strength == 0) {
        return Reading::neutral;
    }
    if (side * exhaustion > 1.5 * (side > 0 ? bids : asks)) {
        return side > 0 ? Reading::selling_exhausted : Reading::buying_exhausted;
    }
    return side > 0 ? Reading::bid_absorption : Reading::ask_absorption;
}

void write_absorption(SubScore& sub, const FlowBins& flow, const BookTop& top,
                      const std::optional<OrderbookComponent::AbsorptionAverage::Mean>& mean,
                      ExchangeTime as_of) {
    const auto now = Absorption::of(flow, top, as_of);
    if (now) {
        sub.add_raw("net_quote_30s", now->net_quote);
        sub.add_raw("move_sigmas_30s", now->move_sigmas_30s);
        sub.add_raw("move_sigmas_60s", now->move_sigmas_60s);
        sub.add_raw("rate_of_peak", now->rate_of_peak);
        sub.add_raw("bid_absorption", now->bids);
        sub.add_raw("ask_absorption", now->asks);
        sub.pulse = lean_of(now->strength());
    }
    if (!mean) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    const auto& [bids, asks, exhaustion] = mean->values;
    sub.add_raw("mean_s", mean->seconds);
    const double strength = 1.5 * (bids - asks) + exhaustion;
    sub.add_raw("bid_absorption_30s", bids);
    sub.add_raw("ask_absorption_30s", asks);
    sub.add_raw("exhaustion_30s", exhaustion);
    sub.set_strength(strength);
    sub.reading = absorption_reading(bids, asks, exhaustion, strength);
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
        moments_.release();
        absorptions_.release();
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
    if (top.two_sided()) {
        follow_seconds(*book, top, inputs.flow);
    } else {
        moments_.release();
        absorptions_.release();
    }
}

void OrderbookComponent::follow_seconds(const BookView& book, const BookTop& top, const FlowBins& flow) {
    const ExchangeTime time = book.time();
    if (!moments_.wants(time)) {
        return;
    }
    const BookMoment now = BookMoment::of(book, top);
    moments_.add(time, {now.imbalance, now.ratio_top5, now.micro_offset, now.notional, now.buy_cost_bps,
                        now.sell_cost_bps});
    if (const auto absorption = Absorption::of(flow, top, time)) {
        absorptions_.add(time, {absorption->bids, absorption->asks, absorption->exhaustion});
    } else {
        absorptions_.release();
    }
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
    // What this book shows every minute is its habit: only what goes beyond that is a sign of anything.
    const double fake = evidence.bid_fake + evidence.ask_fake;
    const double beyond = std::max(fake - evidence.usual_fake.value_or(fake), 0.0);
    const double traded = minute.visible_buy() + minute.visible_sell();
    const double fake_share = beyond > 0 ? beyond / (beyond + traded) : 0.0;
    const double likelihood = 1 - (1 - fake_share) * (1 - wash_share);
    sub.add_raw("likelihood", likelihood);
    sub.add_raw("spoofs_1m", evidence.spoofs);
    sub.add_raw("layers_1m", evidence.layers);
    sub.add_raw("icebergs_1m", evidence.icebergs);
    sub.add_raw("fake_bid_quote", evidence.bid_fake);
    sub.add_raw("fake_ask_quote", evidence.ask_fake);
    sub.add_raw("pulled_share", pulled);
    sub.add_raw("wash_like_share", wash_share);
    if (!evidence.usual_fake || !evidence.whole) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    sub.add_raw("usual_fake_quote", *evidence.usual_fake);
    sub.set_strength(beyond > 0 ? -2 * likelihood * (evidence.bid_fake - evidence.ask_fake) / fake : 0.0);
    sub.reading = !(beyond > 0)                           ? Reading::clean
                  : evidence.bid_fake > evidence.ask_fake ? Reading::fake_bids
                                                          : Reading::fake_asks;
    result.reliability = reliability_of(likelihood);
}

void OrderbookComponent::save(ArchiveWriter& archive) const {
    archive(flow_, depth_, spoofs_, moments_, absorptions_);
}

void OrderbookComponent::load(ArchiveReader& archive) {
    archive(flow_, depth_, spoofs_, moments_, absorptions_);
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
    const BookMoment now = BookMoment::of(*book, top);
    const DepthSample depth = DepthSample::of(*book);
    const BookMean mean = moments_.mean(as_of);
    write_depth(result.sub("depth"), depth, depth_);
    write_imbalance(result.sub("imbalance"), flow_, now, mean);
    write_oir(result.sub("oir"), top, now, mean);
    write_liquidity(result.sub("liquidity"), top, depth_, now, mean);
    write_ofi(result.sub("ofi"), flow_, as_of);
    write_di(result.sub("di"), now, depth);
    write_absorption(result.sub("absorption_exhaustion"), inputs.flow, top, absorptions_.mean(as_of), as_of);
    write_manipulation(result, inputs.flow, as_of);
    result.combine();
    return result;
}

}  // namespace virtuoso
