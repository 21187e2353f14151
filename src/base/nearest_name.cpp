#include "base/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso {

std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t above = row[j + 1];
            row[j + 1] = std::min({diagonal + (a[i] == b[j] ? 0U : 1U), above + 1, row[j] + 1});
            diagonal = above;
        }
    }
    return row.back();
}

namespace {

constexpr std::size_t length_max = 64;
constexpr std::size_t part_min = 3;

bool is_part(std::string_view typed, std::string_view name) {
    return typed.size() >= part_min && name.find(typed) != std::string_view::npos;
}

}  // namespace

bool is_near(std::string_view typed, std::string_view name) {
    constexpr std::size_t others = 3;
    constexpr std::size_t letters = 5;
    const std::string_view looked_at = typed.substr(0, length_max);
    return is_part(looked_at, name) ||
           edits_between(looked_at, name) * letters <= std::max(looked_at.size(), name.size()) * others;
}

std::string_view nearest_name(std::string_view typed, std::span<const std::string_view> names) {
    const std::string_view looked_at = typed.substr(0, length_max);
    std::string_view best;
    std::pair<bool, std::size_t> least{true, std::string_view::npos};
    for (const std::string_view name : names) {
        const std::pair<bool, std::size_t> distance{!is_part(looked_at, name),
                                                    edits_between(looked_at, name)};
        if (distance < least) {
            least = distance;
            best = name;
        }
    }
    return best;
}

}  // namespace virtuoso
