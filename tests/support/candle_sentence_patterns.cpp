// Patterns of the sentences about closed candles.
#include "support/sentence_checker.hpp"
#include "support/sentence_patterns.hpp"

namespace virtuoso::test {

void SentenceChecker::add_candle_sentences() {
    add_volume_lines();
    add_profile();
    add_levels();
    add_trend();
    add_range();
    add_gaps();
    add_nodes();
    add_oscillators();
    add_momentum();
}

void SentenceChecker::add_volume_lines() {
    add("volume.volume_delta",
        "Net taker volume of 20 candles is " + number + " % on " + on_frame +
            "(?:(, all of it estimated from closes)|, ([0-9]+) of them estimated from their closes)?",
        [](const std::smatch& m, const SubScore& s) {
            const double estimated = raw(s, "estimated_bars");
            return is(m[1], framed(s) * 100) && m[2] == frame_of(s) && same_sign(s, framed(s)) &&
                   (estimated >= 20) == m[3].matched &&
                   (m[4].matched ? std::stod(m[4]) == estimated : estimated == 0 || estimated >= 20);
        });
    const auto plain = [](const std::smatch& m, const SubScore& s) {
        return is(m[1], framed(s)) && m[2] == frame_of(s) && same_sign(s, framed(s));
    };
    add("volume.adl",
        "Accumulation/distribution changes by " + number + " mean volumes a candle on " + on_frame, plain);
    add("volume.obv", "On-balance volume changes by " + number + " mean volumes a candle on " + on_frame,
        plain);
    add("volume.cmf", "Chaikin money flow is " + number + " on " + on_frame, plain);
    add("volume.relative_volume",
        "The last " + on_frame + " candle (rose|fell|went nowhere) on " + number +
            " times its usual volume(: doubted)?",
        [](const std::smatch& m, const SubScore& s) {
            const double direction = raw(s, "direction");
            const double times = framed(s);
            const double lean = times < 1 ? -direction : times > 1 ? direction : 0;
            return m[1] == frame_of(s) && is(m[3], times) && same_sign(s, lean) &&
                   m[2] == (direction > 0   ? "rose"
                            : direction < 0 ? "fell"
                                            : "went nowhere") &&
                   m[4].matched == (times < 1 && direction != 0);
        });
}

void SentenceChecker::add_profile() {
    const std::string area = "the value area " + number + "–" + number + " of " + span;
    const auto in_area = [](const std::smatch& m, const SubScore& s) {
        return is_price(m[1], raw(s, "value_area_low")) && is_price(m[2], raw(s, "value_area_high")) &&
               is(m[3], raw(s, "profile_minutes") * 60);
    };
    add("volume.volume_profile", "Two closes above " + area + ": higher prices are accepted",
        [in_area](const std::smatch& m, const SubScore& s) { return in_area(m, s) && leans(s, true); });
    add("volume.volume_profile", "Two closes below " + area + ": lower prices are accepted",
        [in_area](const std::smatch& m, const SubScore& s) { return in_area(m, s) && leans(s, false); });
    add("volume.volume_profile",
        "Price is not accepted outside " + area + ", whose centre (?:(did not move)|moved " + number +
            " ATR in " + span + ")",
        [in_area](const std::smatch& m, const SubScore& s) {
            const double moved = raw(s, "migration_atr_4h");
            return in_area(m, s) && same_sign(s, moved) &&
                   (m[4].matched ? moved == 0
                                 : is(m[5], moved) && is(m[6], raw(s, "migration_minutes") * 60));
        });
    add("volume.vwap",
        "Price stands " + number + " σ (above|below) the VWAP " + number + " of the (day|week), " + span +
            " of it(: stretched, which pulls it back)?",
        [](const std::smatch& m, const SubScore& s) {
            const bool week = m[4] == "week";
            const double d = raw(s, week ? "week_deviations" : "day_deviations");
            return (raw(s, "session_days") == 7) == week && is(m[1], std::fabs(d)) &&
                   is_price(m[3], raw(s, week ? "vwap_week" : "vwap_day")) && (d > 0) == (m[2] == "above") &&
                   is(m[5], raw(s, "session_minutes") * 60) &&
                   (m[6].matched ? leans(s, d < 0) && std::fabs(d) > 2
                                 : leans(s, d > 0) || std::fabs(*s.lean) < 1e-6 || std::fabs(d) > 2);
        });
}

void SentenceChecker::add_levels() {
    add("price_structure.institutional_zones", "No order block or resting stop of " + on_frame + " weighs",
        [](const std::smatch& m, const SubScore& s) {
            return m[1] == frame_of(s) && framed(s) == 0 && *s.lean == 0;
        });
    add("price_structure.institutional_zones",
        "Order blocks and resting stops weigh " + number + " on " + on_frame + "(?:; (demand|supply) at " +
            number + ")?",
        [](const std::smatch& m, const SubScore& s) {
            return is(m[1], framed(s)) && m[2] == frame_of(s) && same_sign(s, framed(s)) &&
                   (!m[3].matched || (is_price(m[4], raw(s, m[3].str())) && leans(s, m[3] == "demand")));
        });
    add("price_structure.support_resistance",
        "(?:The last " + on_frame + " close lies (between support |above support |below resistance )" +
            number + "(?: and resistance " + number + ")?|No strong level lies near the last " + on_frame +
            " close)(?:; (a level was broken upwards|a level was broken downwards|price was pushed "
            "back from "
            "above|price was held up from below)|, held more by the (support|resistance))?",
        [](const std::smatch& m, const SubScore& s) {
            const bool up = m[6] == "a level was broken upwards" || m[6] == "price was held up from below" ||
                            m[7] == "support";
            const auto frame = m[1].matched ? m[1] : m[5];
            const std::string lies = m[2];
            const auto support = s.raw_value("support");
            const auto resistance = s.raw_value("resistance");
            return frame == frame_of(s) && same_sign(s, framed(s)) &&
                   (!(m[6].matched || m[7].matched) || leans(s, up)) &&
                   (lies == "between support "
                        ? support && resistance && is_price(m[3], *support) && is_price(m[4], *resistance)
                    : lies == "above support "    ? support && !resistance && is_price(m[3], *support)
                    : lies == "below resistance " ? resistance && !support && is_price(m[3], *resistance)
                                                  : !support && !resistance);
        });
}

void SentenceChecker::add_trend() {
    add("price_structure.trend_position",
        "The last " + on_frame + " close and its averages are stacked (?:(neither way)|(up|down)wards \\(" +
            number + "\\)), " + number + " ATR (above|below) EMA 50",
        [](const std::smatch& m, const SubScore& s) {
            const double order = raw(s, "order");
            return (m[2].matched ? order == 0 : (order > 0) == (m[3] == "up") && is(m[4], order)) &&
                   m[1] == frame_of(s) && is(m[5], std::fabs(framed(s))) &&
                   (framed(s) >= 0) == (m[6] == "above") &&
                   (leans(s, order > 0) || leans(s, framed(s) > 0) || *s.lean == 0);
        });
    add("price_structure.structure_breaks",
        "The last break of structure on " + on_frame + " was (up|down)wards, with the trend",
        [](const std::smatch& m, const SubScore& s) {
            return m[1] == frame_of(s) && leans(s, m[2] == "up");
        });
    add("price_structure.structure_breaks",
        "A swing (high|low) of " + on_frame +
            " was broken against the trend: change of character (up|down)wards",
        [](const std::smatch& m, const SubScore& s) {
            return m[2] == frame_of(s) && leans(s, m[3] == "up") && (m[1] == "high") == (m[3] == "up");
        });
    add("price_structure.structure_breaks", "No break of structure is recent on " + on_frame,
        [](const std::smatch& m, const SubScore& s) {
            return m[1] == frame_of(s) && std::fabs(framed(s)) < 0.25 && same_sign(s, framed(s));
        });
}

void SentenceChecker::add_range() {
    add("price_structure.range_analysis",
        "The 50-candle range of " + on_frame + " was left (up|down)wards(?: (on volume, |without volume, )" +
            number + " times the usual)?",
        [](const std::smatch& m, const SubScore& s) {
            const auto volume = s.raw_value("volume_of_mean");
            return m[1] == frame_of(s) && leans(s, m[2] == "up") && (framed(s) > 1) == (m[2] == "up") &&
                   volume.has_value() == m[3].matched &&
                   (!volume || (is(m[4], *volume) && (*volume >= 1.5) == (m[3] == "on volume, ")));
        });
    add("price_structure.range_analysis",
        "A wick beyond the 50-candle (high|low) of " + on_frame +
            " closed back inside: failed break (up|down)wards",
        [](const std::smatch& m, const SubScore& s) {
            return m[2] == frame_of(s) && leans(s, m[1] == "low") && (m[1] == "high") == (m[3] == "up");
        });
    add("price_structure.range_analysis",
        "The last " + on_frame + " close stands at " + number + " % of its 50-candle range",
        [](const std::smatch& m, const SubScore& s) {
            return is(m[2], framed(s) * 100) && m[1] == frame_of(s) && apart(m[2], "50.0", framed(s), 0.5) &&
                   same_sign(s, 0.5 - framed(s));
        });
}

void SentenceChecker::add_gaps() {
    add("price_structure.fair_value_gaps",
        "Untraded gaps (below|above) the last " + on_frame + " close prevail, by " + number,
        [](const std::smatch& m, const SubScore& s) {
            return m[2] == frame_of(s) && is(m[3], std::fabs(framed(s))) && leans(s, m[1] == "below") &&
                   leans(s, framed(s) > 0);
        });
    add("price_structure.fair_value_gaps", "No untraded gap of " + on_frame + " outweighs another",
        [](const std::smatch& m, const SubScore& s) {
            return m[1] == frame_of(s) && framed(s) == 0 && *s.lean == 0;
        });
}

void SentenceChecker::add_nodes() {
    add("price_structure.volume_nodes",
        "(?:Much volume lies at " + number + " (above|below)(?:,)? which pulls with " + number +
            "|Much volume lies at " + number + " above, which pulls with " + number + ", and at " + number +
            " below with " + number + "|No volume node draws price)(; little was traded where price stands)?",
        [](const std::smatch& m, const SubScore& s) {
            const auto up = s.raw_value("pull_above");
            const auto down = s.raw_value("pull_below");
            const double pull = up.value_or(0) - down.value_or(0);
            const bool one = m[1].matched && (m[2] == "above") == up.has_value() &&
                             (m[2] == "below") == down.has_value() &&
                             is_price(m[1], raw(s, m[2] == "above" ? "node_above" : "node_below")) &&
                             is(m[3], m[2] == "above" ? up.value_or(-1) : down.value_or(-1));
            const bool both = m[4].matched && up && down && is_price(m[4], raw(s, "node_above")) &&
                              is(m[5], *up) && is_price(m[6], raw(s, "node_below")) && is(m[7], *down) &&
                              apart(m[5], m[7], *up, *down);
            return (one || both || (!up && !down)) && same_sign(s, pull) &&
                   m[8].matched == (raw(s, "in_thin_volume") > 0);
        });
}

void SentenceChecker::add_oscillators() {
    const std::string end =
        "(|: overbought|: oversold|: bullish divergence at the last lows|: bearish divergence at the "
        "last highs)";
    const auto ends = [](const std::string& text, const SubScore& s) {
        return text.empty() ||
               leans(s, text == ": oversold" || text == ": bullish divergence at the last lows");
    };
    struct Bounds {
        const char* name;
        const char* label;
        double upper;
        double lower;
    };
    for (const auto& bounds :
         {Bounds{"technical.rsi", "RSI", 70, 30}, Bounds{"technical.cci", "CCI", 100, -100},
          Bounds{"technical.williams_r", "Williams %R", -20, -80}}) {
        add(bounds.name, std::string(bounds.label) + " is " + number + " on " + on_frame + end,
            [bounds, ends](const std::smatch& m, const SubScore& s) {
                const double value = framed(s);
                const double centre = (bounds.upper + bounds.lower) / 2;
                const bool beyond = value > bounds.upper || value < bounds.lower;
                // Without a word for why, the number itself has the side of the score.
                const bool plain = m[3].length() > 0 || *s.lean == 0 || leans(s, value > centre);
                return is(m[1], value) && m[2] == frame_of(s) && ends(m[3], s) && plain &&
                       (m[3] != ": overbought" || value > bounds.upper) &&
                       (m[3] != ": oversold" || value < bounds.lower) && (beyond || m[3] != ": overbought");
            });
    }
    add("technical.ao",
        "The Awesome Oscillator is " + number + " ATR on " + on_frame + " and changed by " + number + end,
        [ends](const std::smatch& m, const SubScore& s) {
            const double change = raw(s, "change_atr");
            return is(m[1], framed(s)) && m[2] == frame_of(s) && is(m[3], change) && ends(m[4], s) &&
                   (m[4].length() > 0 || same_sign(s, 0.8 * framed(s) + 0.4 * change));
        });
}

void SentenceChecker::add_momentum() {
    add("technical.macd",
        "The MACD histogram is " + number + " ATR on " + on_frame + ", its line " + number + " ATR",
        [](const std::smatch& m, const SubScore& s) {
            const double line = raw(s, "line_atr");
            return is(m[1], framed(s)) && m[2] == frame_of(s) && is(m[3], line) &&
                   same_sign(s, 2 * framed(s) + 0.5 * line);
        });
    add("technical.atr",
        "The move of 14 candles is " + number + " of the usual one \\(ATR·√14\\) on " + on_frame,
        [](const std::smatch& m, const SubScore& s) {
            return is(m[1], framed(s)) && m[2] == frame_of(s) && same_sign(s, framed(s));
        });
}

}  // namespace virtuoso::test
