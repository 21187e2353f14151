#include "analysis/interpretation.hpp"
#include "analysis/sentences.hpp"
#include "analysis/wording.hpp"

#include <fmt/format.h>

#include <cmath>

namespace virtuoso {

namespace {

constexpr double clear_lean = 0.15;  // 57.5 points and beyond, 42.5 and below

std::string_view side_of(double lean) {
    return lean > 0 ? "up" : "down";
}

void flow_and_book(const Confluence& confluence, std::vector<std::string>& list) {
    const auto& flow = confluence.component(ComponentId::orderflow);
    const auto& book = confluence.component(ComponentId::orderbook);
    if (!flow.score || !book.score || std::fabs(flow.lean()) < clear_lean ||
        std::fabs(book.lean()) < clear_lean) {
        return;
    }
    if (flow.lean() * book.lean() < 0) {
        const double both = flow.weight * flow.lean() + book.weight * book.lean();
        list.push_back(fmt::format("Flow leans {} ({:.0f}) against a book that leans {} ({:.0f}): {}",
                                   side_of(flow.lean()), *flow.score, side_of(book.lean()), *book.score,
                                   both * flow.lean() > 0   ? "what is traded moves the score more"
                                   : both * book.lean() > 0 ? "what is shown moves the score more"
                                                            : "they cancel each other"));
    } else {
        list.push_back(fmt::format("Flow ({:.0f}) and book ({:.0f}) lean {} together", *flow.score,
                                   *book.score, side_of(flow.lean())));
    }
}

// Readings of open interest against the trend that candles show.
void price_and_interest(const Confluence& confluence, std::string_view quote,
                        std::vector<std::string>& list) {
    const auto& flow = confluence.component(ComponentId::orderflow);
    const SubScore& interest = flow.sub("open_interest");
    if (!interest.lean || std::fabs(*interest.lean) < clear_lean) {
        return;
    }
    const bool weak =
        interest.reading == Reading::short_covering || interest.reading == Reading::long_liquidation;
    const auto facts = orderflow_sentence(interest, quote);
    list.push_back(facts + (weak ? "; no new positions stand behind the move"
                                 : "; new positions stand behind the move"));
}

void funding_and_positioning(const Confluence& confluence, std::vector<std::string>& list) {
    const auto& sentiment = confluence.component(ComponentId::sentiment);
    const auto rate = sentiment.sub("funding_rate").raw_value("rate_8h");
    const auto longs = sentiment.sub("long_short_ratio").raw_value("long_share");
    if (!rate || !longs) {
        return;
    }
    const bool long_crowd = *longs > 0.5;
    if (std::fabs(*longs - 0.5) < 0.05 || *rate == 0) {
        return;
    }
    const auto payment = fmt::format("{} % in 8 h", told_apart(std::fabs(*rate) * 100, 0, 4).first);
    if ((*rate > 0) == long_crowd) {
        list.push_back(fmt::format("{} are the majority ({:.0f} % of accounts) and pay for it ({})",
                                   long_crowd ? "Longs" : "Shorts", (long_crowd ? *longs : 1 - *longs) * 100,
                                   payment));
    } else {
        list.push_back(fmt::format(
            "{:.0f} % of accounts are {}, yet {} pay {}: the larger positions stand on the other side",
            (long_crowd ? *longs : 1 - *longs) * 100, long_crowd ? "long" : "short",
            *rate > 0 ? "longs" : "shorts", payment));
    }
}

void flow_and_structure(const Confluence& confluence, std::vector<std::string>& list) {
    const auto& flow = confluence.component(ComponentId::orderflow);
    const auto& structure = confluence.component(ComponentId::price_structure);
    if (flow.score && structure.score && std::fabs(flow.lean()) >= clear_lean &&
        std::fabs(structure.lean()) >= clear_lean && flow.lean() * structure.lean() < 0) {
        list.push_back(fmt::format("Flow ({:.0f}) runs against price structure ({:.0f})", *flow.score,
                                   *structure.score));
    }
}

void timeframes(const Confluence& confluence, std::vector<std::string>& list) {
    const auto& rsi = confluence.component(ComponentId::technical).sub("rsi");
    const auto fast = rsi.raw_value("1m");
    const auto slow = rsi.raw_value("4h");
    if (fast && slow && (*fast - 50) * (*slow - 50) < 0 && std::fabs(*fast - *slow) > 15) {
        list.push_back(fmt::format("Timeframes disagree: RSI {} on 1m, {} on 4h",
                                   told_apart(*fast, 50, 0).first, told_apart(*slow, 50, 0).first));
    }
}

void manipulation(const Confluence& confluence, std::string_view quote, std::vector<std::string>& list) {
    const auto& book = confluence.component(ComponentId::orderbook);
    if (book.score && book.reliability < 1) {
        list.push_back(fmt::format("{}; reliability is cut to {:.2f} of itself",
                                   orderbook_sentence(book.sub("manipulation"), quote), book.reliability));
    }
}

/// "Orderflow at 84 alone would do it", for the components that could: the smallest step first.
std::string lever_text(const Confluence& confluence, double needed) {
    double present = 0;
    for (const auto& component : confluence.components) {
        present += component.score ? component.weight : 0.0;
    }
    const ComponentResult* lever = nullptr;
    double step = 0;
    for (const auto& component : confluence.components) {
        if (!component.score || !(component.weight > 0)) {
            continue;
        }
        const double own_step = needed * present / component.weight;
        const double reached = *component.score + own_step;
        if (reached >= 0 && reached <= 100 && (lever == nullptr || std::fabs(own_step) < std::fabs(step))) {
            lever = &component;
            step = own_step;
        }
    }
    if (lever == nullptr) {
        return "no single component can bring that about";
    }
    const auto [to, from] = told_apart(*lever->score + step, *lever->score, 0);
    return fmt::format("{} at {} instead of {} would be enough", spec_of(lever->id).title, to, from);
}

std::string points_text(double distance) {
    return told_apart(distance, 0, 1).first;
}

std::string threshold_text(const Confluence& confluence) {
    const double score = *confluence.score;
    const auto& thresholds = confluence.thresholds;
    if (*confluence.verdict == Verdict::long_side) {
        const double leave = thresholds.long_from - thresholds.hysteresis;
        return fmt::format("LONG ends below {:g}, {} points away; {}", leave, points_text(score - leave),
                           lever_text(confluence, leave - score));
    }
    if (*confluence.verdict == Verdict::short_side) {
        const double leave = thresholds.short_to + thresholds.hysteresis;
        return fmt::format("SHORT ends above {:g}, {} points away; {}", leave, points_text(leave - score),
                           lever_text(confluence, leave - score));
    }
    if (const Verdict raw = thresholds.verdict_of(score); raw != Verdict::neutral) {
        const auto [needed, is] = told_apart(thresholds.reliability_min, confluence.reliability, 2);
        return fmt::format("{} waits for reliability {}; it is {}", name_of(raw), needed, is);
    }
    const double up = thresholds.long_from - score;
    const double down = score - thresholds.short_to;
    return up <= down ? fmt::format("LONG begins at {:g}, {} points away; {}", thresholds.long_from,
                                    points_text(up), lever_text(confluence, up))
                      : fmt::format("SHORT begins at {:g}, {} points away; {}", thresholds.short_to,
                                    points_text(down), lever_text(confluence, -down));
}

void level_text(const PriceContext& price, bool above, std::vector<std::string>& list) {
    if (const KeyLevel* const level = price.nearest(above)) {
        list.push_back(fmt::format("{} {} on {}, {} {}", above ? "Resistance" : "Support",
                                   price_text(level->price), name_of(level->timeframe),
                                   small_percent(std::fabs(level->price / *price.mid - 1)),
                                   above ? "above" : "below"));
    }
}

}  // namespace

std::vector<std::string> insights(const Confluence& confluence, std::string_view symbol) {
    std::vector<std::string> list;
    const auto quote = quote_currency(symbol);
    flow_and_book(confluence, list);
    price_and_interest(confluence, quote, list);
    flow_and_structure(confluence, list);
    funding_and_positioning(confluence, list);
    timeframes(confluence, list);
    manipulation(confluence, quote, list);
    return list;
}

std::vector<std::string> turning_points(const Confluence& confluence) {
    std::vector<std::string> list;
    if (confluence.score) {
        list.push_back(threshold_text(confluence));
    } else if (confluence.present > 0) {
        const auto [needed, is] = told_apart(confluence.thresholds.coverage_min, confluence.coverage, 2);
        list.push_back(fmt::format("A verdict needs {} components and coverage {}; there are {} and {}",
                                   confluence.thresholds.components_min, needed, confluence.present, is));
    }
    level_text(confluence.price, true, list);
    level_text(confluence.price, false, list);
    return list;
}

}  // namespace virtuoso
