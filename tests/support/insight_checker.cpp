#include "support/insight_checker.hpp"

#include "analysis/sentences.hpp"
#include "support/sentence_patterns.hpp"

#include <fmt/format.h>

#include <regex>

namespace virtuoso::test {

namespace {

const ComponentResult& flow_of(const Confluence& c) {
    return c.component(ComponentId::orderflow);
}
const ComponentResult& book_of(const Confluence& c) {
    return c.component(ComponentId::orderbook);
}

bool points(const std::string& text, const ComponentResult& component) {
    return component.score && is(text, *component.score);
}

bool flow_and_book(const std::smatch& m, const Confluence& c) {
    const double flow = flow_of(c).lean();
    const double book = book_of(c).lean();
    const double both = flow_of(c).weight * flow + book_of(c).weight * book;
    const std::string end = m[5];
    return (m[1] == "up") == (flow > 0) && points(m[2], flow_of(c)) && (m[3] == "up") == (book > 0) &&
           points(m[4], book_of(c)) && flow * book < 0 &&
           (end == "what is traded moves the score more"  ? both * flow > 0
            : end == "what is shown moves the score more" ? both * book > 0
                                                          : both == 0);
}

bool agreement(const std::smatch& m, const Confluence& c) {
    return points(m[1], flow_of(c)) && points(m[2], book_of(c)) &&
           (m[3] == "up") == (flow_of(c).lean() > 0) && (m[3] == "up") == (book_of(c).lean() > 0);
}

bool structure(const std::smatch& m, const Confluence& c) {
    const auto& other = c.component(ComponentId::price_structure);
    return points(m[1], flow_of(c)) && points(m[2], other) && flow_of(c).lean() * other.lean() < 0;
}

double sentiment(const Confluence& c, std::string_view sub, std::string_view name) {
    return raw(c.component(ComponentId::sentiment).sub(sub), name);
}

bool majority(const std::smatch& m, const Confluence& c) {
    const bool longs = m[1] == "Longs";
    const double share = sentiment(c, "long_short_ratio", "long_share");
    const double rate = sentiment(c, "funding_rate", "rate_8h");
    return (share > 0.5) == longs && is(m[2], 100 * (longs ? share : 1 - share)) && (rate > 0) == longs &&
           is(m[3], std::fabs(rate) * 100);
}

bool minority_pays(const std::smatch& m, const Confluence& c) {
    const bool longs = m[2] == "long";
    const double share = sentiment(c, "long_short_ratio", "long_share");
    const double rate = sentiment(c, "funding_rate", "rate_8h");
    return (share > 0.5) == longs && is(m[1], 100 * (longs ? share : 1 - share)) && (rate > 0) != longs &&
           (m[3] == "longs") == (rate > 0) && is(m[4], std::fabs(rate) * 100);
}

bool timeframes(const std::smatch& m, const Confluence& c) {
    const auto& rsi = c.component(ComponentId::technical).sub("rsi");
    const double fast = raw(rsi, "1m");
    const double slow = raw(rsi, "4h");
    return is(m[1], fast) && is(m[2], slow) && (fast - 50) * (slow - 50) < 0 && apart(m[1], "50", fast, 50) &&
           apart(m[2], "50", slow, 50);
}

bool levels(const std::smatch& m, const Confluence& c) {
    const bool above = m[1] == "Resistance";
    const KeyLevel* const level = c.price.nearest(above);
    return level != nullptr && is_price(m[2], level->price) &&
           m[3] == std::string(name_of(level->timeframe)) &&
           is(m[4], std::fabs(level->price / *c.price.mid - 1) * 100) && (m[5] == "above") == above &&
           std::stod(m[4]) > 0;
}

/// The score with one component's replaced.
double score_with(const Confluence& c, const std::string& title, double replaced) {
    double sum = 0;
    double weight = 0;
    for (const auto& component : c.components) {
        if (component.score) {
            const bool it = title == spec_of(component.id).title;
            sum += component.weight * (it ? replaced : *component.score);
            weight += component.weight;
        }
    }
    return sum / weight;
}

bool lever(const std::smatch& m, std::size_t first, const Confluence& c, double wanted) {
    if (!m[first].matched) {
        return true;  // none can; that is not held against anything
    }
    const std::string title = m[first];
    const std::string to = m[first + 1];
    const std::string from = m[first + 2];
    for (const auto& component : c.components) {
        if (title == spec_of(component.id).title) {
            return to != from && points(from, component) &&
                   std::fabs(score_with(c, title, std::stod(to)) - wanted) <= 0.51;
        }
    }
    return false;
}

bool threshold(const std::smatch& m, const Confluence& c) {
    const auto& t = c.thresholds;
    const bool up = m[1] == "LONG";
    const bool ends = m[2] == "ends";
    const double at = (up ? t.long_from : t.short_to) + (ends ? (up ? -t.hysteresis : t.hysteresis) : 0);
    const double distance = std::fabs(*c.score - at);
    const bool side = *c.verdict == (up ? Verdict::long_side : Verdict::short_side);
    return std::fabs(std::stod(m[3]) - at) < 1e-3 && is(m[4], distance) &&
           (std::stod(m[4]) > 0 || distance < 1e-9) && side == ends &&
           (ends || (up ? *c.score < at : *c.score > at)) && lever(m, 5, c, at);
}

bool waits(const std::smatch& m, const Confluence& c) {
    return *c.verdict == Verdict::neutral && m[1] == std::string(name_of(*c.raw_verdict)) &&
           c.raw_verdict != Verdict::neutral && is(m[2], c.thresholds.reliability_min) &&
           is(m[3], c.reliability) && c.reliability < c.thresholds.reliability_min &&
           apart(m[2], m[3], c.thresholds.reliability_min, c.reliability);
}

bool insufficient(const std::smatch& m, const Confluence& c) {
    return !c.score && std::stoul(m[1]) == c.thresholds.components_min &&
           is(m[2], c.thresholds.coverage_min) && std::stoul(m[3]) == c.present && is(m[4], c.coverage) &&
           apart(m[2], m[4], c.thresholds.coverage_min, c.coverage);
}

struct Kind {
    std::regex expression;
    bool (*holds)(const std::smatch&, const Confluence&);
};

std::string fault(const std::vector<Kind>& kinds, const Confluence& c, const std::string& line) {
    for (const auto& [expression, holds] : kinds) {
        std::smatch match;
        if (std::regex_match(line, match, expression)) {
            return holds(match, c) ? std::string() : "does not say what is: " + line;
        }
    }
    return "of no known kind: " + line;
}

const std::string whole = "([0-9]+)";

}  // namespace

std::string fault_of_insight(const Confluence& c, const std::string& line, std::string_view currency) {
    static const std::vector<Kind> kinds{
        {std::regex(
             "Flow leans (up|down) \\(" + whole + "\\) against a book that leans (up|down) \\(" + whole +
             "\\): (what is traded moves the score more|what is shown moves the score more|they cancel "
             "each other)"),
         flow_and_book},
        {std::regex("Flow \\(" + whole + "\\) and book \\(" + whole + "\\) lean (up|down) together"),
         agreement},
        {std::regex("Flow \\(" + whole + "\\) runs against price structure \\(" + whole + "\\)"), structure},
        {std::regex("(Longs|Shorts) are the majority \\(" + whole + " % of accounts\\) and pay for it \\(" +
                    number + " % in 8 h\\)"),
         majority},
        {std::regex(whole + " % of accounts are (long|short), yet (longs|shorts) pay " + number +
                    " % in 8 h: the larger positions stand on the other side"),
         minority_pays},
        {std::regex("Timeframes disagree: RSI " + number + " on 1m, " + number + " on 4h"), timeframes}};
    const auto& interest = flow_of(c).sub("open_interest");
    const auto& fakes = book_of(c).sub("manipulation");
    for (const std::string end :
         {"; no new positions stand behind the move", "; new positions stand behind the move"}) {
        if (interest.lean && line == orderflow_sentence(interest, currency) + end) {
            const bool builds =
                interest.reading == Reading::longs_building || interest.reading == Reading::shorts_building;
            return builds == (end == "; new positions stand behind the move") ? std::string()
                                                                              : "not what is: " + line;
        }
    }
    if (line == fmt::format("{}; reliability is cut to {:.2f} of itself", orderbook_sentence(fakes, currency),
                            book_of(c).reliability)) {
        return book_of(c).reliability < 1 ? std::string() : "nothing is cut: " + line;
    }
    return fault(kinds, c, line);
}

std::string fault_of_turning_point(const Confluence& c, const std::string& line) {
    static const std::string lever_text = "(?:([A-Z][A-Za-z ]+) at " + number + " instead of " + number +
                                          " would be enough|no single component can bring that about)";
    static const std::vector<Kind> kinds{
        {std::regex("(LONG|SHORT) (ends|begins)(?: below| above| at) " + number + ", " + number +
                    " points away; " + lever_text),
         threshold},
        {std::regex("(LONG|SHORT) waits for reliability " + number + "; it is " + number), waits},
        {std::regex("A verdict needs " + whole + " components and coverage " + number + "; there are " +
                    whole + " and " + number),
         insufficient},
        {std::regex("(Resistance|Support) " + number + " on (5m|30m|4h), " + number + " % (above|below)"),
         levels}};
    return fault(kinds, c, line);
}

std::string fault_of_silence(const Confluence& c, const std::vector<std::string>& lines) {
    constexpr double clear = 0.15;
    const bool both = flow_of(c).score && book_of(c).score && std::fabs(flow_of(c).lean()) >= clear &&
                      std::fabs(book_of(c).lean()) >= clear;
    bool said = false;
    for (const auto& line : lines) {
        said = said || line.starts_with("Flow leans ") || line.find(" together") != std::string::npos;
    }
    return both == said ? std::string() : "flow and book";
}

}  // namespace virtuoso::test
