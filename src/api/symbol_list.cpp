#include "api/symbol_list.hpp"

#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace virtuoso {

namespace {

constexpr std::size_t usual = 100;
constexpr std::size_t most = 2'000;
constexpr std::array<std::string_view, 5> key_names{"turnover", "score", "change", "reliability", "symbol"};
constexpr std::array<std::string_view, 2> orders{"desc", "asc"};
constexpr std::array<std::string_view, 5> side_names{"any", "LONG", "SHORT", "NEUTRAL", "NONE"};
constexpr char divider = '~';
constexpr std::string_view absent = "-";

template <std::size_t N>
std::uint8_t place_in(const std::array<std::string_view, N>& names, std::string_view name) {
    return static_cast<std::uint8_t>(std::ranges::find(names, name) - names.begin());
}

std::optional<double> value_of(const SymbolResult& result, SymbolListing::Key key) {
    switch (key) {
        case SymbolListing::Key::turnover:
            return result.turnover_24h;
        case SymbolListing::Key::score:
            return result.confluence.score;
        case SymbolListing::Key::change:
            return result.change_24h;
        case SymbolListing::Key::reliability:
            return result.confluence.reliability;
        case SymbolListing::Key::symbol:
            break;
    }
    return std::nullopt;
}

bool holds(const SymbolResult& result, SymbolListing::Side side) {
    const auto& verdict = result.confluence.verdict;
    switch (side) {
        case SymbolListing::Side::any:
            break;
        case SymbolListing::Side::long_side:
            return verdict == Verdict::long_side;
        case SymbolListing::Side::short_side:
            return verdict == Verdict::short_side;
        case SymbolListing::Side::neutral:
            return verdict == Verdict::neutral;
        case SymbolListing::Side::none:
            return !verdict;
    }
    return true;
}

/// Whether the one row stands before the other.
bool precedes(const SymbolListing& listing, const SymbolListing::Cursor& a, const SymbolListing::Cursor& b) {
    if (a.value.has_value() != b.value.has_value()) {
        return a.value.has_value();
    }
    if (a.value && *a.value != *b.value) {
        return listing.rising ? *a.value < *b.value : *a.value > *b.value;
    }
    const bool by_name_falling = listing.key == SymbolListing::Key::symbol && !listing.rising;
    return by_name_falling ? a.symbol > b.symbol : a.symbol < b.symbol;
}

SymbolListing::Cursor place_of(const SymbolListing& listing, const SymbolResult& result) {
    const auto value = value_of(result, listing.key);
    return {value && std::isfinite(*value) ? value : std::nullopt, result.symbol};
}

std::string text_of(const SymbolListing::Cursor& cursor) {
    return fmt::format("{}{}{}", cursor.value ? fmt::format("{}", *cursor.value) : std::string(absent),
                       divider, cursor.symbol);
}

Result<SymbolListing::Cursor> cursor_from(std::string_view text) {
    const auto bad = [&] {
        return fail(ErrorCode::argument,
                    fmt::format("cursor={} is none that a list gave: take next_cursor of the page before",
                                in_quotes(text)));
    };
    const std::size_t split = text.find(divider);
    if (split == std::string_view::npos || !is_symbol_name(text.substr(split + 1))) {
        return bad();
    }
    SymbolListing::Cursor cursor{.value = {}, .symbol = std::string(text.substr(split + 1))};
    const std::string_view number = text.substr(0, split);
    if (number != absent) {
        double value = 0;
        const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
        if (read.ec != std::errc{} || read.ptr != number.data() + number.size() || !std::isfinite(value)) {
            return bad();
        }
        cursor.value = value;
    }
    return cursor;
}

}  // namespace

Result<SymbolListing> SymbolListing::from(const Query& query) {
    const auto key = query.one_of("sort", key_names);
    const auto order = query.one_of("order", orders);
    const auto side = query.one_of("signal", side_names);
    const auto limit = query.number("limit", usual, 1, most);
    for (const auto* const word : {&key, &order, &side}) {
        if (!*word) {
            return std::unexpected(word->error());
        }
    }
    if (!limit) {
        return std::unexpected(limit.error());
    }
    SymbolListing listing{.key = static_cast<Key>(place_in(key_names, *key)),
                          .side = static_cast<Side>(place_in(side_names, *side)),
                          .limit = *limit};
    listing.rising = query.value("order").empty() ? listing.key == Key::symbol : *order == "asc";
    if (const std::string_view text = query.value("cursor"); !text.empty()) {
        auto cursor = cursor_from(text);
        if (!cursor) {
            return std::unexpected(cursor.error());
        }
        listing.after = std::move(*cursor);
    }
    return listing;
}

SymbolPage page_of(std::vector<ResultPointer> results, const SymbolListing& listing) {
    std::erase_if(results, [&](const auto& result) { return !holds(*result, listing.side); });
    SymbolPage page{.rows = {}, .total = results.size()};
    if (listing.after) {
        std::erase_if(results, [&](const auto& result) {
            return !precedes(listing, *listing.after, place_of(listing, *result));
        });
    }
    std::ranges::sort(results, [&](const auto& a, const auto& b) {
        return precedes(listing, place_of(listing, *a), place_of(listing, *b));
    });
    if (results.size() > listing.limit) {
        results.resize(listing.limit);
        page.next = text_of(place_of(listing, *results.back()));
    }
    page.rows = std::move(results);
    return page;
}

}  // namespace virtuoso
