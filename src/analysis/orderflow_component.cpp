#include "analysis/orderflow_component.hpp"

#include "base/archive.hpp"
#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

constexpr int flow_seconds = 900;
constexpr int impact_seconds = 600;
// Five half-lives of the decayed flow: what lies before weighs 3 %.
constexpr int decayed_seconds = 300;
constexpr std::uint32_t large_trades_min = 5;
constexpr double divergence_bound = 0.5;

// Who wins where flow and price disagree is seen from the level: flow that moved price has its own sign;
// where price stands the sides cancel; where price went the other way those who absorbed the flow have won.
double cvd_strength(double flow_sigmas, double moved_with_flow) {
    return moved_with_flow >= 0 ? 0.5 * flow_sigmas * std::min(moved_with_flow / divergence_bound, 1.0)
                                : 0.4 * flow_sigmas * std::max(moved_with_flow / divergence_bound, -1.0);
}

Reading cvd_reading(double flow_sigmas, double moved_with_flow, double lean) {
    if (std::fabs(flow_sigmas) <= divergence_bound || std::fabs(moved_with_flow) < divergence_bound) {
        return reading_of_lean(lean);
    }
    if (moved_with_flow > 0) {
        return flow_sigmas > 0 ? Reading::bullish_confirmation : Reading::bearish_confirmation;
    }
    return flow_sigmas > 0 ? Reading::ask_absorption : Reading::bid_absorption;
}

void write_cvd(SubScore& sub, const FlowBins& flow, const FlowWindow& window) {
    const double volume = window.total.buy_size + window.total.sell_size;
    const double net = window.total.buy_size - window.total.sell_size;
    const double notional = window.total.buy_notional + window.total.sell_notional;
    sub.add_raw("window_s", window.seconds);
    sub.add_raw("blocks", window.traded_blocks);
    const auto usual_flow = flow.block_flow();
    if (window.traded_blocks < FlowBins::bins_min || !usual_flow) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    // In units of what a block of this symbol usually brings, not of this window's: a quiet window stays
    // small.
    const double blocks = std::sqrt(static_cast<double>(window.traded_blocks));
    const double flow_sigmas = net / (*usual_flow * blocks);
    const auto usual_move = flow.block_move();
    const double price_sigmas = usual_move ? window.price_change / (*usual_move * blocks) : 0.0;
    sub.add_raw("net_base", net);
    sub.add_raw("volume_base", volume);
    sub.add_raw("ratio", net / volume);
    sub.add_raw("buy_share", window.total.buy_notional / notional);
    sub.add_raw("notional_quote", notional);
    sub.add_raw("flow_sigmas", flow_sigmas);
    sub.add_raw("price_sigmas", price_sigmas);
    sub.add_raw("price_change_bps",
                window.last_price > 0 ? window.price_change / window.last_price * 1e4 : 0.0);
    const double moved_with_flow = flow_sigmas > 0 ? price_sigmas : -price_sigmas;
    sub.set_strength(cvd_strength(flow_sigmas, moved_with_flow));
    sub.reading = cvd_reading(flow_sigmas, moved_with_flow, *sub.lean);
}

// In a tape that has fallen silent the newest trade would be all there is.
void write_trade_flow(SubScore& sub, const FlowBins& flow, ExchangeTime as_of) {
    const auto ratio = flow.decayed_ratio();
    if (!ratio) {
        sub.set_absent(Absence::no_data);
        return;
    }
    sub.add_raw("signed_over_unsigned", *ratio);
    if (flow.sides(as_of, decayed_seconds).traded_bins < FlowBins::bins_min) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    sub.set_strength(2 * *ratio);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_imbalance(SubScore& sub, const FlowBins& flow, ExchangeTime as_of) {
    struct Window {
        int seconds;
        double weight;
        std::string_view name;
        std::string_view span_name;
    };
    constexpr Window windows[] = {{30, .5, "ratio_30s", "window_30s_s"},
                                  {120, .3, "ratio_2m", "window_2m_s"},
                                  {600, .2, "ratio_10m", "window_10m_s"}};
    double weight = 0;
    double sum = 0;
    int longest = 0;
    for (const auto& [seconds, share, name, span_name] : windows) {
        const int known = flow.known_seconds(as_of, seconds);
        if (known == longest) {
            break;  // the tape is no older than the window before
        }
        longest = known;
        const FlowSides sides = flow.sides(as_of, seconds);
        const double volume = sides.buy_size + sides.sell_size;
        // One second alone, a sweep through many levels too, would be a ratio of one.
        if (sides.traded_bins >= FlowBins::bins_min && volume > 0) {
            const double ratio = (sides.buy_size - sides.sell_size) / volume;
            sub.add_raw(name, ratio);
            sub.add_raw(span_name, known);
            weight += share;
            sum += share * ratio;
        }
    }
    if (!(weight > 0)) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    sub.set_strength(2 * sum / weight);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_pressure(SubScore& sub, const FlowBins& flow, ExchangeTime as_of) {
    const FlowShares shares = flow.shares(as_of);
    sub.add_raw("window_s", shares.seconds);
    double weight = 0;
    double sum = 0;
    const auto add = [&](double share, std::optional<double> value, const RunningStatistics& history,
                         std::string_view name, std::string_view z_name) {
        if (!value) {
            return;
        }
        sub.add_raw(name, *value);
        if (const auto z = history.z(*value)) {
            sub.add_raw(z_name, *z);
            weight += share;
            sum += share * *z;
        }
    };
    add(.5, shares.notional, flow.notional_share_history(), "notional_share", "notional_z");
    add(.3, shares.count, flow.count_share_history(), "count_share", "count_z");
    add(.2, shares.large, flow.large_share_history(), "large_share", "large_z");
    if (!(weight > 0)) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    sub.set_strength(0.5 * sum / weight);
    sub.reading = reading_of_lean(*sub.lean);
}

void write_smart_money(SubScore& sub, const FlowBins& flow, const FlowWindow& window) {
    const FlowBin& total = window.total;
    const auto threshold = flow.large_threshold();
    if (!threshold || total.large_trades < large_trades_min) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    const double large_net = total.large_buy - total.large_sell;
    const double small_net = total.buy_notional - total.sell_notional - large_net;
    const double notional = total.buy_notional + total.sell_notional;
    sub.add_raw("window_s", window.seconds);
    sub.add_raw("threshold_quote", *threshold);
    sub.add_raw("large_trades", total.large_trades);
    sub.add_raw("large_clusters", total.large_clusters);
    sub.add_raw("large_net_quote", large_net);
    sub.add_raw("small_net_quote", small_net);
    sub.set_strength(2 * (large_net - small_net) / notional);
    if (large_net > 0 && small_net < 0) {
        sub.reading = Reading::large_buy_small_sell;
    } else if (large_net < 0 && small_net > 0) {
        sub.reading = Reading::large_sell_small_buy;
    } else {
        sub.reading = reading_of_lean(*sub.lean);
    }
}

void write_liquidity(SubScore& sub, const FlowBins& flow, ExchangeTime as_of) {
    const PriceImpact impact = flow.price_impact(as_of, impact_seconds);
    sub.add_raw("window_s", flow.known_seconds(as_of, impact_seconds));
    sub.add_raw("buy_bins", impact.buy_bins);
    sub.add_raw("sell_bins", impact.sell_bins);
    if (impact.buy_bins < FlowBins::bins_min || impact.sell_bins < FlowBins::bins_min) {
        sub.set_absent(Absence::warming_up);
        return;
    }
    // A side that moves the price the wrong way offers no resistance to measure: its λ counts as zero.
    const double buy = std::max(impact.lambda_buy, 0.0);
    const double sell = std::max(impact.lambda_sell, 0.0);
    if (!(buy + sell > 0)) {
        sub.set_absent(Absence::flat);
        return;
    }
    sub.add_raw("lambda_buy_bps_per_million", impact.lambda_buy * 1e6);
    sub.add_raw("lambda_sell_bps_per_million", impact.lambda_sell * 1e6);
    sub.set_strength(2 * (buy - sell) / (buy + sell));
    sub.reading = *sub.lean > 0.1    ? Reading::easier_up
                  : *sub.lean < -0.1 ? Reading::easier_down
                                     : Reading::neutral;
}

}  // namespace

void OrderflowComponent::update(const AnalysisInputs& inputs, const StateChange& change) {
    if (change.open_interest) {
        open_interest_.update(inputs.state);
    }
    if (const auto& daily = inputs.state.ticker().volume_24h; daily && change.trades > 0) {
        vpin_.set_daily_volume(*daily);
    }
    const auto& trades = inputs.state.tape().trades();
    for (std::size_t age = std::min<std::size_t>(change.trades, trades.size()); age-- > 0;) {
        vpin_.add(trades.newest(age));
    }
}

void OrderflowComponent::save(ArchiveWriter& archive) const {
    archive(vpin_);
}

void OrderflowComponent::load(ArchiveReader& archive) {
    archive(vpin_);
}

ComponentResult OrderflowComponent::evaluate(const AnalysisInputs& inputs, ExchangeTime as_of) const {
    ComponentResult result(ComponentId::orderflow, inputs.weights);
    const FlowBins& flow = inputs.flow;
    const FlowWindow window = flow.window(as_of, flow_seconds);
    if (window.traded_bins < FlowBins::bins_min) {
        result.set_all_absent(flow.trades() == 0 ? Absence::no_data : Absence::warming_up);
    } else {
        write_cvd(result.sub("cvd"), flow, window);
        write_trade_flow(result.sub("trade_flow"), flow, as_of);
        write_imbalance(result.sub("imbalance"), flow, as_of);
        write_pressure(result.sub("pressure"), flow, as_of);
        write_smart_money(result.sub("smart_money_flow"), flow, window);
        write_liquidity(result.sub("liquidity"), flow, as_of);
    }
    for (std::size_t i = 0; i < result.sub_count && flow.trades() > 0; ++i) {
        result.subs[i].samples = flow.trades();
        result.subs[i].age_ms = as_of - flow.last_time();
    }
    if (const auto vpin = vpin_.value()) {
        result.sub("pressure").add_raw("vpin", *vpin);
    }
    open_interest_.write(result.sub("open_interest"), inputs.state, as_of);
    result.combine();
    return result;
}

}  // namespace virtuoso
