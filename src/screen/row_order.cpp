#include "screen/row_order.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>
#include <string>

namespace virtuoso::screen {

namespace {

constexpr std::array<std::string_view, sort_key_count> key_names{"most traded", "name", "score",
                                                                 "lean",        "24 h", "coverage"};

char small(char letter) noexcept {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

bool holds(std::string_view text, std::string_view part) {
    return !std::ranges::search(text, part, {}, small, small).empty() || part.empty();
}

std::optional<double> value_of(const SymbolRow& row, SortKey key) {
    constexpr double middle = 50;
    switch (key) {
        case SortKey::score:
            return row.score;
        case SortKey::lean:
            return row.score ? std::optional(std::abs(*row.score - middle)) : std::nullopt;
        case SortKey::change:
            return row.change_24h;
        case SortKey::coverage:
            return row.coverage;
        case SortKey::traded:
        case SortKey::symbol:
            return std::nullopt;
    }
    return std::nullopt;
}

void sort_by_value(std::vector<std::size_t>& places, std::span<const SymbolRow> rows, SortKey key,
                   bool reversed) {
    std::vector<std::optional<double>> values(rows.size());
    for (const std::size_t place : places) {
        const auto value = value_of(rows[place], key);
        values[place] = value && !std::isnan(*value) ? value : std::nullopt;
    }
    std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
        if (!values[a] || !values[b]) {
            return values[a].has_value() && !values[b].has_value();
        }
        return reversed ? *values[a] < *values[b] : *values[a] > *values[b];
    });
}

}  // namespace

std::string_view name_of(SortKey key) noexcept {
    return key_names[static_cast<std::size_t>(key)];
}

SortKey next(SortKey key) noexcept {
    constexpr std::array keys{SortKey::traded, SortKey::symbol, SortKey::score,
                              SortKey::lean,   SortKey::change, SortKey::coverage};
    static_assert(keys.size() == sort_key_count);
    return keys[(static_cast<std::size_t>(key) + 1) % keys.size()];
}

std::vector<std::size_t> ordered(std::span<const SymbolRow> rows, SortKey key, bool reversed,
                                 std::string_view search) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (holds(rows[i].symbol, search)) {
            places.push_back(i);
        }
    }
    if (key == SortKey::traded) {
        if (reversed) {
            std::ranges::reverse(places);
        }
    } else if (key == SortKey::symbol) {
        std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
            return reversed ? rows[a].symbol > rows[b].symbol : rows[a].symbol < rows[b].symbol;
        });
    } else {
        sort_by_value(places, rows, key, reversed);
    }
    return places;
}

}  // namespace virtuoso::screen
