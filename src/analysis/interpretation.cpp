#include "analysis/interpretation.hpp"

#include "analysis/sentences.hpp"
#include "analysis/wording.hpp"

#include <fmt/format.h>

#include <cmath>

namespace virtuoso {

namespace {

// What opposes the leading sub-indicator is told when it weighs at least so much of it.
constexpr double opposing_share_min = 0.4;

double contribution(const SubScore& sub) {
    return sub.lean ? sub.weight * *sub.lean : 0.0;
}

/// The sub-indicator with the largest contribution among those that `take` accepts.
template <typename Take>
const SubScore* heaviest(const ComponentResult& component, Take&& take) {
    const SubScore* best = nullptr;
    for (const auto& sub : component.sub_scores()) {
        if (sub.lean && take(sub) &&
            (best == nullptr || std::fabs(contribution(sub)) > std::fabs(contribution(*best)))) {
            best = &sub;
        }
    }
    return best;
}

std::string absent_text(const ComponentResult& component) {
    const auto title = spec_of(component.id).title;
    switch (component.absence()) {
        case Absence::book_invalid:
            return fmt::format("{} is absent: the book is not whole; it waits for a snapshot.", title);
        case Absence::book_stale:
            return fmt::format("{} is absent: the book was not updated for more than 10 s.", title);
        case Absence::trades_stale:
            return fmt::format(
                "{} is absent: something was traded in the last minute, but no trade was received.", title);
        case Absence::no_data:
            return fmt::format("{} is absent: nothing of its input was received.", title);
        default:
            return fmt::format("{} is absent: too little of its input was received so far.", title);
    }
}

std::string text_of(const ComponentResult& component, std::string_view quote) {
    // The reason for a score is what pulls to its side, however much may pull against it.
    const double side = component.score ? component.lean() : 0.0;
    const SubScore* first =
        heaviest(component, [&](const SubScore& sub) { return contribution(sub) * side > 0; });
    first = first != nullptr ? first : heaviest(component, [](const SubScore&) { return true; });
    if (first == nullptr) {
        return absent_text(component);
    }
    std::string text = sentence(component.id, *first, quote) + ".";
    const SubScore* const against = heaviest(
        component, [&](const SubScore& sub) { return contribution(sub) * contribution(*first) < 0; });
    if (against != nullptr &&
        std::fabs(contribution(*against)) >= opposing_share_min * std::fabs(contribution(*first))) {
        return text + " Against it: " + sentence(component.id, *against, quote) + ".";
    }
    const SubScore* const second = heaviest(component, [&](const SubScore& sub) {
        return &sub != first && contribution(sub) * contribution(*first) > 0;
    });
    return second != nullptr ? text + " " + sentence(component.id, *second, quote) + "." : text;
}

}  // namespace

std::string sentence(ComponentId component, const SubScore& sub, std::string_view quote) {
    switch (component) {
        case ComponentId::orderflow:
            return orderflow_sentence(sub, quote);
        case ComponentId::orderbook:
            return orderbook_sentence(sub, quote);
        case ComponentId::volume:
            return volume_sentence(sub);
        case ComponentId::price_structure:
            return price_structure_sentence(sub);
        case ComponentId::technical:
            return technical_sentence(sub);
        case ComponentId::sentiment:
            return sentiment_sentence(sub, quote);
    }
    return {};
}

std::array<std::string, component_count> interpret(const Confluence& confluence, std::string_view symbol) {
    std::array<std::string, component_count> texts;
    for (std::size_t i = 0; i < component_count; ++i) {
        texts[i] = text_of(confluence.components[i], quote_currency(symbol));
    }
    return texts;
}

}  // namespace virtuoso
