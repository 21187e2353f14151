// Sentences about closed candles: volume, price structure, technicals.
#include "analysis/sentences.hpp"
#include "analysis/timeframe_blend.hpp"
#include "analysis/wording.hpp"

#include <fmt/format.h>

#include <cmath>

namespace virtuoso {

namespace {

/// "−0.44 on 1m, 0.29 on 30m": the shortest timeframe that is present, and the longest.
std::string by_timeframe(const SubScore& sub, int places, double scale = 1, std::string_view unit = "") {
    std::string first;
    std::string last;
    for (const auto& [timeframe, weight] : analysis_timeframes) {
        if (const auto value = sub.raw_value(name_of(timeframe))) {
            last = fmt::format("{:.{}f}{} on {}", *value * scale, places, unit, name_of(timeframe));
            first = first.empty() ? last : first;
        }
    }
    return first == last ? first : first + ", " + last;
}

double shortest(const SubScore& sub) {
    for (const auto& [timeframe, weight] : analysis_timeframes) {
        if (const auto value = sub.raw_value(name_of(timeframe))) {
            return *value;
        }
    }
    return 0;
}

std::string volume_delta(const SubScore& sub) {
    auto text = fmt::format("Net taker volume of 20 candles is {}", by_timeframe(sub, 1, 100, " %"));
    const auto estimated = sub.raw_value("estimated_1m_bars");
    return estimated && *estimated > 0 ? text + fmt::format(" ({:.0f} of 20 on 1m estimated)", *estimated)
                                       : text;
}

std::string volume_profile(const SubScore& sub) {
    const auto area = fmt::format("{}–{}", price_text(sub.raw_value("value_area_low").value_or(0)),
                                  price_text(sub.raw_value("value_area_high").value_or(0)));
    if (sub.reading == Reading::accepted_above_value) {
        return fmt::format("Two closes above the day's value area {}: higher prices are accepted", area);
    }
    if (sub.reading == Reading::accepted_below_value) {
        return fmt::format("Two closes below the day's value area {}: lower prices are accepted", area);
    }
    return fmt::format(
        "Price is not accepted outside the day's value area {}, whose centre moved {:+.2f} ATR in 4 h", area,
        sub.raw_value("migration_atr_4h").value_or(0));
}

std::string vwap(const SubScore& sub) {
    const auto part = [&](std::string_view price, std::string_view distance, std::string_view label) {
        const auto value = sub.raw_value(price);
        const double d = sub.raw_value(distance).value_or(0);
        return value ? fmt::format("{:.1f} σ {} the {}'s VWAP {}", std::fabs(d), d > 0 ? "above" : "below",
                                   label, price_text(*value))
                     : std::string();
    };
    const auto day = part("vwap_day", "day_deviations", "day");
    const auto week = part("vwap_week", "week_deviations", "week");
    return fmt::format("Price stands {}{}{}", day, day.empty() || week.empty() ? "" : " and ", week);
}

std::string support_resistance(const SubScore& sub) {
    const auto support = sub.raw_value("support_1m");
    const auto resistance = sub.raw_value("resistance_1m");
    std::string text =
        support && resistance ? fmt::format("Price lies between support {} and resistance {}",
                                            price_text(*support), price_text(*resistance))
        : support             ? fmt::format("Support lies at {}, no resistance above", price_text(*support))
        : resistance ? fmt::format("Resistance lies at {}, no support below", price_text(*resistance))
                     : std::string("No strong level lies near price on 1m");
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
            return text;
    }
}

std::string zones(const SubScore& sub) {
    const auto demand = sub.raw_value("demand_1m");
    const auto supply = sub.raw_value("supply_1m");
    std::string text = fmt::format("Order blocks and resting stops weigh {}", by_timeframe(sub, 2));
    if (demand) {
        text += fmt::format("; demand at {}", price_text(*demand));
    }
    if (supply) {
        text += fmt::format("; supply at {}", price_text(*supply));
    }
    return text;
}

std::string nodes(const SubScore& sub) {
    const auto above = sub.raw_value("node_above");
    const auto below = sub.raw_value("node_below");
    std::string text =
        above && below ? fmt::format("Most volume near price lies at {} above and {} below",
                                     price_text(*above), price_text(*below))
        : above        ? fmt::format("The nearest heavily traded price lies above, at {}", price_text(*above))
        : below        ? fmt::format("The nearest heavily traded price lies below, at {}", price_text(*below))
                       : std::string("No volume node draws price");
    return sub.raw_value("in_thin_volume").value_or(0) > 0 ? text + "; little was traded where price stands"
                                                           : text;
}

std::string breaks(const SubScore& sub) {
    switch (sub.reading) {
        case Reading::break_up:
            return "The last break of structure was upwards, with the trend";
        case Reading::break_down:
            return "The last break of structure was downwards, with the trend";
        case Reading::reversal_up:
            return "A swing high was broken against the trend: change of character upwards";
        case Reading::reversal_down:
            return "A swing low was broken against the trend: change of character downwards";
        default:
            return "No break of structure is recent";
    }
}

std::string range(const SubScore& sub) {
    if (sub.reading == Reading::rejected_up) {
        return "A wick beyond the 50-candle high closed back inside: failed break upwards";
    }
    if (sub.reading == Reading::rejected_down) {
        return "A wick beyond the 50-candle low closed back inside: failed break downwards";
    }
    if (sub.reading == Reading::break_up || sub.reading == Reading::break_down) {
        return fmt::format("The 50-candle range was left {} on volume",
                           sub.reading == Reading::break_up ? "upwards" : "downwards");
    }
    return fmt::format("Price stands at {} of its 50-candle range", by_timeframe(sub, 0, 100, " %"));
}

std::string oscillator(std::string_view name, const SubScore& sub, int places) {
    auto text = fmt::format("{} is {}", name, by_timeframe(sub, places));
    switch (sub.reading) {
        case Reading::overbought:
            return text + ": overbought";
        case Reading::oversold:
            return text + ": oversold";
        case Reading::bullish_divergence:
            return text + ": bullish divergence at the last lows";
        case Reading::bearish_divergence:
            return text + ": bearish divergence at the last highs";
        default:
            return text;
    }
}

}  // namespace

std::string volume_sentence(const SubScore& sub) {
    if (sub.name == "volume_delta") {
        return volume_delta(sub);
    }
    if (sub.name == "adl") {
        return fmt::format("Accumulation/distribution changes by {} mean volumes a candle",
                           by_timeframe(sub, 2));
    }
    if (sub.name == "cmf") {
        return fmt::format("Chaikin money flow is {}", by_timeframe(sub, 2));
    }
    if (sub.name == "obv") {
        return fmt::format("On-balance volume changes by {} mean volumes a candle", by_timeframe(sub, 2));
    }
    if (sub.name == "relative_volume") {
        return fmt::format("The last candle traded {} times its norm", by_timeframe(sub, 2));
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
        return fmt::format("Price lies {} ATR from EMA 50", by_timeframe(sub, 1));
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
    if (sub.name == "fair_value_gaps") {
        const double weight = shortest(sub);
        return weight == 0 ? "No untraded gap lies near price on the shortest timeframe"
                           : fmt::format("Untraded gaps {} price prevail on the shortest timeframe",
                                         weight > 0 ? "below" : "above");
    }
    return {};
}

std::string technical_sentence(const SubScore& sub) {
    if (sub.name == "rsi") {
        return oscillator("RSI", sub, 0);
    }
    if (sub.name == "cci") {
        return oscillator("CCI", sub, 0);
    }
    if (sub.name == "williams_r") {
        return oscillator("Williams %R", sub, 0);
    }
    if (sub.name == "ao") {
        return oscillator("The Awesome Oscillator in ATR", sub, 2);
    }
    if (sub.name == "macd") {
        return oscillator("The MACD histogram in ATR", sub, 2);
    }
    return sub.name == "atr"
               ? fmt::format("Displacement over 14 candles is {} typical ranges", by_timeframe(sub, 2))
               : std::string();
}

}  // namespace virtuoso
