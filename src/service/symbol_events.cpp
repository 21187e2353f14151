#include "service/symbol_events.hpp"

#include "analysis/wording.hpp"
#include "base/deterministic_math.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t news_ms = ms_per_minute;  ///< trades that were loaded later than this are no news
constexpr double funding_over = 0.8;             ///< of the bound that was reached
constexpr double leverage_over = 1;              ///< below it, in units of z
constexpr double spread_over = 0.5;              ///< of the multiple
constexpr double depth_over = 2.5;               ///< times the share

NotableEvent event_of(const TrackedSymbol& symbol, EventKind kind, EventSeverity severity, ExchangeTime time,
                      EventPhase phase = EventPhase::moment) {
    NotableEvent event;
    event.kind = kind;
    event.severity = severity;
    event.phase = phase;
    event.time = time;
    event.symbol = symbol.state.symbol();
    return event;
}

EventSeverity severity_of(int level) {
    return level >= 2 ? EventSeverity::critical : level == 1 ? EventSeverity::warning : EventSeverity::info;
}

std::optional<double> raw_of(const Confluence& confluence, ComponentId component, std::string_view sub,
                             std::string_view name) {
    return confluence.component(component).sub(sub).raw_value(name);
}

/// Prints of one side and millisecond.
struct TakerOrder {
    ExchangeTime time;
    Side side = Side::buy;
    double notional = 0;
    double size = 0;
    std::uint32_t prints = 0;

    [[nodiscard]] bool takes(const TapeTrade& trade) const noexcept {
        return prints > 0 && trade.time == time && trade.taker() == side;
    }
    void add(const TapeTrade& trade) noexcept {
        time = trade.time;
        side = trade.taker();
        notional += trade.price.value() * trade.size().value();
        size += trade.size().value();
        ++prints;
    }
};

void tell_whale(const TrackedSymbol& symbol, const TakerOrder& order, double large, EventSeverity severity,
                const EventSink& sink) {
    NotableEvent event = event_of(symbol, EventKind::whale_trade, severity, order.time);
    const double multiple = order.notional / large;
    event.add("side", order.side == Side::buy ? 1 : -1);
    event.add("notional_quote", order.notional);
    event.add("size_base", order.size);
    event.add("price", order.notional / order.size);
    event.add("prints", order.prints);
    event.add("large_quote", large);
    event.add("multiple", multiple);
    const std::string_view name = symbol.state.symbol();
    const std::string_view quote = quote_currency(name);
    event.say(fmt::format("{}: a taker {} for {} {} at {}{}, {:.0f} times its usual large trade of {} {}",
                          name, order.side == Side::buy ? "bought" : "sold", money_text(order.notional),
                          quote, price_text(order.notional / order.size),
                          order.prints > 1 ? fmt::format(" in {} prints", order.prints) : std::string{},
                          multiple, money_text(large), quote));
    sink(std::move(event));
}

void add_cascade(NotableEvent& event, const LiquidationCascade::Report& report) {
    event.add("liquidations", static_cast<double>(report.liquidations));
    event.add("long_quote", report.long_quote);
    event.add("short_quote", report.short_quote);
    event.add("normal_5m", report.normal);
    event.add("duration_s", static_cast<double>(report.duration_ms) / ms_per_second);
}

std::string_view cascade_side(const LiquidationCascade::Report& report) {
    return report.of_longs() ? "long" : "short";
}

struct Candles {
    Timeframe timeframe;
    double multiple;
};

}  // namespace

bool SymbolEvents::Condition::begins(bool holds, bool over, ExchangeTime now, double hold_s) {
    told = told && !over;
    if (!holds) {
        since = {};
        return false;
    }
    if (since.ms == 0) {
        since = now;
    }
    const bool long_enough = static_cast<double>(now - since) >= hold_s * ms_per_second;
    return long_enough && !std::exchange(told, true);
}

bool SymbolEvents::Level::rises(int now, bool over) {
    told = over ? 0 : told;
    const bool rose = now > told;
    told = std::max(told, now);
    return rose;
}

void SymbolEvents::on_change(const TrackedSymbol& symbol, const StateChange& change, const EventSink& sink) {
    if (change.trades > 0 && settings_.whale_trade.enabled) {
        watch_trades(symbol, change.trades, sink);
    }
    if (change.liquidations > 0) {
        watch_cascade(symbol, change.liquidations, symbol.state.as_of(), sink);
    }
}

void SymbolEvents::on_evaluation(const TrackedSymbol& symbol, const Confluence& confluence,
                                 const EventSink& sink) {
    watch_cascade(symbol, 0, confluence.as_of, sink);
    watch_funding(symbol, confluence, sink);
    watch_leverage(symbol, confluence, sink);
    watch_spread(symbol, confluence, sink);
    watch_depth(symbol, confluence, sink);
    watch_volume(symbol, confluence, sink);
    watch_signal(symbol, confluence, sink);
}

void SymbolEvents::watch_trades(const TrackedSymbol& symbol, std::uint32_t count,
                                const EventSink& sink) const {
    const auto large = symbol.analysis.flow().large_threshold();
    if (!large || !(*large > 0)) {
        return;
    }
    const WhaleTradeSettings& rule = settings_.whale_trade;
    const double wanted = std::max(rule.multiple * *large, rule.notional_min);
    const auto& trades = symbol.state.tape().trades();
    const ExchangeTime now = symbol.state.as_of();
    TakerOrder order;
    const auto finish = [&] {
        if (order.prints > 0 && order.notional >= wanted && now - order.time <= news_ms) {
            const bool grave = order.notional >= rule.warning_multiple * wanted;
            tell_whale(symbol, order, *large, grave ? EventSeverity::warning : EventSeverity::info, sink);
        }
        order = {};
    };
    for (std::size_t age = std::min<std::size_t>(count, trades.size()); age-- > 0;) {
        const auto& trade = trades.newest(age);
        if (!order.takes(trade)) {
            finish();
        }
        order.add(trade);
    }
    finish();
}

// Followed even where it is not told: what is normal has to be known once it is.
void SymbolEvents::watch_cascade(const TrackedSymbol& symbol, std::uint32_t count, ExchangeTime now,
                                 const EventSink& sink) {
    const LiquidationCascadeSettings& rule = settings_.liquidation_cascade;
    const auto [began, ended] =
        cascade_.update(symbol.state.liquidations(), count, now, {rule.liquidations_min, rule.multiple});
    if (!rule.enabled) {
        return;
    }
    const std::string_view name = symbol.state.symbol();
    const std::string_view quote = quote_currency(name);
    if (began) {
        const bool grave = static_cast<double>(began->liquidations) >= rule.critical_multiple * began->wanted;
        NotableEvent event =
            event_of(symbol, EventKind::liquidation_cascade,
                     grave ? EventSeverity::critical : EventSeverity::warning, now, EventPhase::begin);
        add_cascade(event, *began);
        event.say(fmt::format(
            "{}: a cascade of {} liquidations: {} positions of {} {} in five minutes, where {:.1f} "
            "are usual",
            name, cascade_side(*began), began->liquidations, money_text(began->quote()), quote,
            began->normal));
        sink(std::move(event));
    }
    if (ended) {
        NotableEvent event =
            event_of(symbol, EventKind::liquidation_cascade, EventSeverity::info, now, EventPhase::end);
        add_cascade(event, *ended);
        event.say(fmt::format("{}: the cascade of {} liquidations is over after {}: {} positions of {} {}",
                              name, cascade_side(*ended),
                              span_text(static_cast<double>(ended->duration_ms) / ms_per_second),
                              ended->liquidations, money_text(ended->quote()), quote));
        sink(std::move(event));
    }
}

void SymbolEvents::watch_funding(const TrackedSymbol& symbol, const Confluence& confluence,
                                 const EventSink& sink) {
    const FundingExtremeSettings& rule = settings_.funding_extreme;
    const auto rate = raw_of(confluence, ComponentId::sentiment, "funding_rate", "rate_8h");
    if (!rule.enabled || !rate) {
        return;
    }
    const double size = std::fabs(*rate);
    const int level = size >= rule.critical ? 2 : size >= rule.warning ? 1 : 0;
    if (!funding_.rises(level, size < funding_over * rule.warning)) {
        return;
    }
    NotableEvent event = event_of(symbol, EventKind::funding_extreme, severity_of(level), confluence.as_of);
    event.add("rate_8h", *rate);
    event.add("bound", level == 2 ? rule.critical : rule.warning);
    if (const auto z = raw_of(confluence, ComponentId::sentiment, "funding_rate", "z_history")) {
        event.add("z_history", *z);
    }
    event.say(fmt::format("{}: funding of {:+.4f} % in 8 h: {} pay ({:.2f} % counts as {})",
                          symbol.state.symbol(), *rate * 100, *rate > 0 ? "longs" : "shorts",
                          (level == 2 ? rule.critical : rule.warning) * 100,
                          level == 2 ? "critical" : "extreme"));
    sink(std::move(event));
}

void SymbolEvents::watch_leverage(const TrackedSymbol& symbol, const Confluence& confluence,
                                  const EventSink& sink) {
    const LeverageExtremeSettings& rule = settings_.leverage_extreme;
    const auto z = raw_of(confluence, ComponentId::sentiment, "risk", "leverage_z");
    const auto ratio = raw_of(confluence, ComponentId::sentiment, "risk", "interest_to_turnover");
    if (!rule.enabled || !z || !ratio) {
        return;
    }
    const int level = *z >= rule.critical_z ? 2 : *z >= rule.warning_z ? 1 : 0;
    if (!leverage_.rises(level, *z < rule.warning_z - leverage_over)) {
        return;
    }
    NotableEvent event = event_of(symbol, EventKind::leverage_extreme, severity_of(level), confluence.as_of);
    event.add("leverage_z", *z);
    event.add("interest_to_turnover", *ratio);
    event.add("bound_z", level == 2 ? rule.critical_z : rule.warning_z);
    event.say(
        fmt::format("{}: open interest is {:.3g} times a day's turnover, {:.1f} deviations above its norm "
                    "({:.1f} counts as {})",
                    symbol.state.symbol(), *ratio, *z, level == 2 ? rule.critical_z : rule.warning_z,
                    level == 2 ? "critical" : "extreme"));
    sink(std::move(event));
}

void SymbolEvents::tell_spread(const TrackedSymbol& symbol, ExchangeTime time, double spread, double usual,
                               const EventSink& sink) const {
    NotableEvent event = event_of(symbol, EventKind::spread_widening, EventSeverity::warning, time);
    event.add("spread_bps", spread);
    event.add("usual_bps", usual);
    event.add("multiple", spread / usual);
    const auto [now, before] = told_apart(spread, usual, 2);
    event.say(fmt::format("{}: the spread is {} bps, {:.1f} times its usual {} bps", symbol.state.symbol(),
                          now, spread / usual, before));
    sink(std::move(event));
}

void SymbolEvents::watch_spread(const TrackedSymbol& symbol, const Confluence& confluence,
                                const EventSink& sink) {
    const SpreadWideningSettings& rule = settings_.spread_widening;
    const ExchangeTime now = confluence.as_of;
    const auto spread = raw_of(confluence, ComponentId::orderbook, "liquidity", "spread_bps");
    if (!spread || !(*spread > 0)) {
        wide_.since = {};
        return;
    }
    if (rule.enabled && log_spread_.samples() >= spread_samples_min) {
        const double usual = exponential(log_spread_.mean());
        const bool holds = *spread >= rule.multiple * usual && *spread >= rule.spread_bps_min;
        if (wide_.begins(holds, *spread < spread_over * rule.multiple * usual, now, rule.hold_s)) {
            tell_spread(symbol, now, *spread, usual, sink);
        }
    }
    if (const std::int64_t second = now.ms / ms_per_second; second > spread_second_) {
        spread_second_ = second;
        log_spread_.update(logarithm(*spread));
    }
}

void SymbolEvents::watch_depth(const TrackedSymbol& symbol, const Confluence& confluence,
                               const EventSink& sink) {
    const DepthCollapseSettings& rule = settings_.depth_collapse;
    const SubScore& depth = confluence.component(ComponentId::orderbook).sub("depth");
    const bool wide = depth.raw_value("bid_25bps_of_median").has_value();
    const auto bid = depth.raw_value(wide ? "bid_25bps_of_median" : "bid_10bps_of_median");
    const auto ask = depth.raw_value(wide ? "ask_25bps_of_median" : "ask_10bps_of_median");
    if (!rule.enabled || !bid || !ask) {
        thin_.since = {};
        return;
    }
    const double least = std::min(*bid, *ask);
    if (!thin_.begins(least <= rule.share_max, least >= std::min(1.0, depth_over * rule.share_max),
                      confluence.as_of, rule.hold_s)) {
        return;
    }
    NotableEvent event =
        event_of(symbol, EventKind::depth_collapse, EventSeverity::warning, confluence.as_of);
    const bool both = std::max(*bid, *ask) <= rule.share_max;
    event.add("bid_of_median", *bid);
    event.add("ask_of_median", *ask);
    event.add("within_bps", wide ? 25 : 10);
    event.say(fmt::format("{}: the book's {} within {} bps {} of what they were in the last five minutes",
                          symbol.state.symbol(),
                          both          ? "sides"
                          : *bid < *ask ? "bids"
                                        : "asks",
                          wide ? 25 : 10,
                          both ? fmt::format("are {} and {}", percent_text(*bid), percent_text(*ask))
                               : fmt::format("are {}", percent_text(least))));
    sink(std::move(event));
}

void SymbolEvents::watch_volume(const TrackedSymbol& symbol, const Confluence& confluence,
                                const EventSink& sink) {
    const VolumeBurstSettings& rule = settings_.volume_burst;
    if (!rule.enabled) {
        return;
    }
    for (const auto& [timeframe, multiple] :
         {Candles{Timeframe::m1, rule.multiple_1m}, Candles{Timeframe::m5, rule.multiple_5m}}) {
        const auto& closed = symbol.state.candles().series(timeframe).closed();
        ExchangeTime& seen = timeframe == Timeframe::m1 ? volume_minute_ : volume_five_;
        if (closed.empty() || closed.back().open_time <= seen) {
            continue;
        }
        const auto& candle = closed.back();
        seen = candle.open_time;
        const auto relative = raw_of(confluence, ComponentId::volume, "relative_volume", name_of(timeframe));
        const double turnover = candle.turnover > 0 ? candle.turnover : candle.volume * candle.close.value();
        const bool news = confluence.as_of - candle.open_time < 2 * interval_ms(timeframe) + news_ms;
        if (!relative || *relative < multiple || turnover < rule.turnover_min || !news) {
            continue;
        }
        NotableEvent event = event_of(symbol, EventKind::volume_burst, EventSeverity::info, confluence.as_of);
        event.add("relative_volume", *relative);
        event.add("turnover_quote", turnover);
        event.add("candle_s", static_cast<double>(interval_ms(timeframe)) / ms_per_second);
        event.add("direction", candle.close > candle.open ? 1 : candle.close < candle.open ? -1 : 0);
        const std::string_view name = symbol.state.symbol();
        event.say(fmt::format("{}: {} {} in a {} candle, {:.1f} times its usual volume", name,
                              money_text(turnover), quote_currency(name), name_of(timeframe), *relative));
        sink(std::move(event));
    }
}

void SymbolEvents::watch_signal(const TrackedSymbol& symbol, const Confluence& confluence,
                                const EventSink& sink) {
    const Verdict now = symbol.side.side();
    const auto before = std::exchange(side_, now);
    if (!before || *before == now || !settings_.signal_change.enabled) {
        return;
    }
    NotableEvent event = event_of(symbol, EventKind::signal_change, EventSeverity::info, confluence.as_of);
    const auto number = [](Verdict side) {
        return side == Verdict::long_side ? 1.0 : side == Verdict::short_side ? -1.0 : 0.0;
    };
    event.add("side", number(now));
    event.add("side_before", number(*before));
    event.add("reliability", confluence.reliability);
    std::string reason = "its data no longer suffice for a score";
    if (confluence.score) {
        event.add("score", *confluence.score);
        reason = fmt::format("score {:.2f}, reliability {:.2f}", *confluence.score, confluence.reliability);
    }
    event.say(fmt::format("{} is {} now, was {}: {}", symbol.state.symbol(), name_of(now), name_of(*before),
                          reason));
    sink(std::move(event));
}

}  // namespace virtuoso
