// Sentences about closed candles: volume, price structure, technicals.
#include "analysis/sentences.hpp"
#include "analysis/timeframe_blend.hpp"
#include "analysis/wording.hpp"

#include <fmt/format.h>

#include <cmath>

namespace virtuoso {

namespace {

/// The timeframe that decided; of a result that was not blended the shortest present one.
std::string_view timeframe_of(const SubScore& sub) {
    if (sub.timeframe) {
        return name_of(*sub.timeframe);
    }
    for (const auto& [timeframe, weight] : analysis_timeframes) {
        if (sub.raw_value(name_of(timeframe))) {
            return name_of(timeframe);
        }
    }
    return name_of(analysis_timeframes.front().timeframe);
}

/// Its value.
double decisive(const SubScore& sub) {
    return sub.raw_value(timeframe_of(sub)).value_or(0);
}

double raw(const SubScore& sub, std::string_view name) {
    return sub.raw_value(name).value_or(0);
}

/// "+0.42", or with as many digits as show that it is not zero.
std::string signed_text(double value, int places) {
    const std::string text = told_apart(value, 0, places).first;
    return value > 0 ? "+" + text : text;
}

std::string with_timeframe(std::string_view what, const SubScore& sub, int places,
                           std::string_view unit = "") {
    return fmt::format("{} {}{} on {}", what, signed_text(decisive(sub), places), unit, timeframe_of(sub));
}

std::string volume_delta(const SubScore& sub) {
    auto text = fmt::format("Net taker volume of 20 candles is {} % on {}",
                            signed_text(decisive(sub) * 100, 1), timeframe_of(sub));
    const double estimated = raw(sub, "estimated_bars");
    return estimated >= 20 ? text + ", all of it estimated from closes"
           : estimated > 0 ? text + fmt::format(", {:.0f} of them estimated from their closes", estimated)
                           : text;
}

std::string relative_volume(const SubScore& sub) {
    const double times = decisive(sub);
    const double direction = raw(sub, "direction");
    const auto norm = told_apart(times, 1, 2).first;
    if (direction == 0) {
        return fmt::format("The last {} candle went nowhere on {} times its usual volume", timeframe_of(sub),
                           norm);
    }
    return fmt::format("The last {} candle {} on {} times its usual volume{}", timeframe_of(sub),
                       direction > 0 ? "rose" : "fell", norm, times < 1 ? ": doubted" : "");
}

std::string volume_profile(const SubScore& sub) {
    const auto area =
        fmt::format("the value area {}–{} of {}", price_text(raw(sub, "value_area_low")),
                    price_text(raw(sub, "value_area_high")), span_text(raw(sub, "profile_minutes") * 60));
    if (sub.reading == Reading::accepted_above_value) {
        return fmt::format("Two closes above {}: higher prices are accepted", area);
    }
    if (sub.reading == Reading::accepted_below_value) {
        return fmt::format("Two closes below {}: lower prices are accepted", area);
    }
    const double moved = raw(sub, "migration_atr_4h");
    return moved == 0 ? fmt::format("Price is not accepted outside {}, whose centre did not move", area)
                      : fmt::format("Price is not accepted outside {}, whose centre moved {} ATR in {}", area,
                                    signed_text(moved, 2), span_text(raw(sub, "migration_minutes") * 60));
}

std::string vwap(const SubScore& sub) {
    const bool week = raw(sub, "session_days") > 1;
    const double d = raw(sub, week ? "week_deviations" : "day_deviations");
    const auto pull = sub.reading == Reading::stretched_up || sub.reading == Reading::stretched_down
                          ? ": stretched, which pulls it back"
                          : "";
    return fmt::format("Price stands {} σ {} the VWAP {} of the {}, {} of it{}",
                       told_apart(std::fabs(d), 0, 1).first, d > 0 ? "above" : "below",
                       price_text(raw(sub, week ? "vwap_week" : "vwap_day")), week ? "week" : "day",
                       span_text(raw(sub, "session_minutes") * 60), pull);
}

std::string support_resistance(const SubScore& sub) {
    const auto timeframe = timeframe_of(sub);
    const auto support = sub.raw_value("support");
    const auto resistance = sub.raw_value("resistance");
    std::string text =
        support && resistance ? fmt::format("The last {} close lies between support {} and resistance {}",
                                            timeframe, price_text(*support), price_text(*resistance))
        : support ? fmt::format("The last {} close lies above support {}", timeframe, price_text(*support))
        : resistance
            ? fmt::format("The last {} close lies below resistance {}", timeframe, price_text(*resistance))
            : fmt::format("No strong level lies near the last {} close", timeframe);
    switch (sub.reading) {
        case Reading::break_up:
            return text + "; a level was broken upwards";
        case Reading::break_down:
            return text + "; a level was broken downwards";
        case Reading::rejected_up:
            return text + "; price was pushed back from above";
        case Reading::rejected_down:
            return text + "; price was held up from below";
        default:
            return !support || !resistance || *sub.lean == 0
                       ? text
                       : text +
                             fmt::format(", held more by the {}", *sub.lean > 0 ? "support" : "resistance");
    }
}

// Only the zone on the side that the score leans to.
std::string zones(const SubScore& sub) {
    if (decisive(sub) == 0) {
        return fmt::format("No order block or resting stop of {} weighs", timeframe_of(sub));
    }
    auto text = with_timeframe("Order blocks and resting stops weigh", sub, 2);
    const auto demand = sub.raw_value("demand");
    const auto supply = sub.raw_value("supply");
    if (demand && *sub.lean > 0) {
        text += fmt::format("; demand at {}", price_text(*demand));
    }
    if (supply && *sub.lean < 0) {
        text += fmt::format("; supply at {}", price_text(*supply));
    }
    return text;
}

std::string nodes(const SubScore& sub) {
    const auto above = sub.raw_value("node_above");
    const auto below = sub.raw_value("node_below");
    const auto [up, down] = told_apart(raw(sub, "pull_above"), raw(sub, "pull_below"), 2);
    std::string text =
        above && below
            ? fmt::format("Much volume lies at {} above, which pulls with {}, and at {} below with {}",
                          price_text(*above), up, price_text(*below), down)
        : above ? fmt::format("Much volume lies at {} above, which pulls with {}", price_text(*above), up)
        : below ? fmt::format("Much volume lies at {} below, which pulls with {}", price_text(*below), down)
                : std::string("No volume node draws price");
    return raw(sub, "in_thin_volume") > 0 ? text + "; little was traded where price stands" : text;
}

std::string breaks(const SubScore& sub) {
    const auto timeframe = timeframe_of(sub);
    switch (sub.reading) {
        case Reading::break_up:
            return fmt::format("The last break of structure on {} was upwards, with the trend", timeframe);
        case Reading::break_down:
            return fmt::format("The last break of structure on {} was downwards, with the trend", timeframe);
        case Reading::reversal_up:
            return fmt::format("A swing high of {} was broken against the trend: change of character upwards",
                               timeframe);
        case Reading::reversal_down:
            return fmt::format(
                "A swing low of {} was broken against the trend: change of character downwards", timeframe);
        default:
            return fmt::format("No break of structure is recent on {}", timeframe);
    }
}

std::string range(const SubScore& sub) {
    const auto timeframe = timeframe_of(sub);
    if (sub.reading == Reading::rejected_up) {
        return fmt::format("A wick beyond the 50-candle high of {} closed back inside: failed break upwards",
                           timeframe);
    }
    if (sub.reading == Reading::rejected_down) {
        return fmt::format("A wick beyond the 50-candle low of {} closed back inside: failed break downwards",
                           timeframe);
    }
    if (sub.reading == Reading::break_up || sub.reading == Reading::break_down) {
        const auto volume = sub.raw_value("volume_of_mean");
        return fmt::format("The 50-candle range of {} was left {}{}", timeframe,
                           sub.reading == Reading::break_up ? "upwards" : "downwards",
                           !volume          ? std::string()
                           : *volume >= 1.5 ? fmt::format(" on volume, {:.2f} times the usual", *volume)
                                            : fmt::format(" without volume, {} times the usual",
                                                          told_apart(*volume, 1.5, 2).first));
    }
    return fmt::format("The last {} close stands at {} % of its 50-candle range", timeframe,
                       told_apart(decisive(sub) * 100, 50, 1).first);
}

std::string gaps(const SubScore& sub) {
    const double weight = decisive(sub);
    return weight == 0 ? fmt::format("No untraded gap of {} outweighs another", timeframe_of(sub))
                       : fmt::format("Untraded gaps {} the last {} close prevail, by {}",
                                     weight > 0 ? "below" : "above", timeframe_of(sub),
                                     told_apart(std::fabs(weight), 0, 2).first);
}

std::string trend(const SubScore& sub) {
    const double order = raw(sub, "order");
    const double distance = decisive(sub);
    const auto stacked = order == 0 ? std::string("neither way")
                                    : fmt::format("{}wards ({:+.2f})", order > 0 ? "up" : "down", order);
    return fmt::format("The last {} close and its averages are stacked {}, {} ATR {} EMA 50",
                       timeframe_of(sub), stacked, told_apart(std::fabs(distance), 0, 1).first,
                       distance >= 0 ? "above" : "below");
}

std::string oscillator(std::string_view facts, const SubScore& sub) {
    switch (sub.reading) {
        case Reading::overbought:
            return fmt::format("{}: overbought", facts);
        case Reading::oversold:
            return fmt::format("{}: oversold", facts);
        case Reading::bullish_divergence:
            return fmt::format("{}: bullish divergence at the last lows", facts);
        case Reading::bearish_divergence:
            return fmt::format("{}: bearish divergence at the last highs", facts);
        default:
            return std::string(facts);
    }
}

std::string index_sentence(std::string_view name, const SubScore& sub, double centre) {
    return oscillator(
        fmt::format("{} is {} on {}", name, told_apart(decisive(sub), centre, 1).first, timeframe_of(sub)),
        sub);
}

}  // namespace

std::string volume_sentence(const SubScore& sub) {
    if (sub.name == "volume_delta") {
        return volume_delta(sub);
    }
    if (sub.name == "adl") {
        return with_timeframe("Accumulation/distribution changes by", sub, 2, " mean volumes a candle");
    }
    if (sub.name == "cmf") {
        return with_timeframe("Chaikin money flow is", sub, 2);
    }
    if (sub.name == "obv") {
        return with_timeframe("On-balance volume changes by", sub, 2, " mean volumes a candle");
    }
    if (sub.name == "relative_volume") {
        return relative_volume(sub);
    }
    if (sub.name == "volume_profile") {
        return volume_profile(sub);
    }
    return sub.name == "vwap" ? vwap(sub) : std::string();
}

std::string price_structure_sentence(const SubScore& sub) {
    if (sub.name == "institutional_zones") {
        return zones(sub);
    }
    if (sub.name == "support_resistance") {
        return support_resistance(sub);
    }
    if (sub.name == "trend_position") {
        return trend(sub);
    }
    if (sub.name == "volume_nodes") {
        return nodes(sub);
    }
    if (sub.name == "structure_breaks") {
        return breaks(sub);
    }
    if (sub.name == "range_analysis") {
        return range(sub);
    }
    return sub.name == "fair_value_gaps" ? gaps(sub) : std::string();
}

std::string technical_sentence(const SubScore& sub) {
    if (sub.name == "rsi") {
        return index_sentence("RSI", sub, 50);
    }
    if (sub.name == "cci") {
        return index_sentence("CCI", sub, 0);
    }
    if (sub.name == "williams_r") {
        return index_sentence("Williams %R", sub, -50);
    }
    if (sub.name == "ao") {
        return oscillator(fmt::format("The Awesome Oscillator is {} ATR on {} and changed by {}",
                                      signed_text(decisive(sub), 2), timeframe_of(sub),
                                      signed_text(raw(sub, "change_atr"), 2)),
                          sub);
    }
    if (sub.name == "macd") {
        return fmt::format("The MACD histogram is {} ATR on {}, its line {} ATR",
                           signed_text(decisive(sub), 2), timeframe_of(sub),
                           signed_text(raw(sub, "line_atr"), 2));
    }
    return sub.name == "atr"
               ? with_timeframe("The move of 14 candles is", sub, 2, " of the usual one (ATR·√14)")
               : std::string();
}

}  // namespace virtuoso
