#include "sim/time_shift.hpp"

#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace virtuoso::sim {

namespace {

constexpr std::size_t digits_of_ms = 13;
constexpr std::int64_t window_ms = 366 * ms_per_day;
constexpr std::array<std::string_view, 12> time_names{
    "ts", "cts", "T", "E", "t", "timestamp", "start", "end", "time", "updatedTime", "nextFundingTime", "C"};

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

/// The name in quotes that ends before the colon at `colon`; empty when there is none.
std::string_view name_before(std::string_view text, std::size_t colon) {
    if (colon == 0 || text[colon - 1] != '"') {
        return {};
    }
    const auto begin = colon < 2 ? std::string_view::npos : text.rfind('"', colon - 2);
    return begin == std::string_view::npos ? std::string_view{} : text.substr(begin + 1, colon - begin - 2);
}

}  // namespace

std::string shift_times(std::string_view text, std::int64_t shift_ms, std::int64_t around_ms) {
    std::string result;
    result.reserve(text.size());
    std::size_t copied = 0;
    for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
        std::size_t first = colon + 1;
        while (first < text.size() && (text[first] == ' ' || text[first] == '"')) {
            ++first;
        }
        std::size_t last = first;
        while (last < text.size() && is_digit(text[last])) {
            ++last;
        }
        if (last - first != digits_of_ms ||
            std::find(time_names.begin(), time_names.end(), name_before(text, colon)) == time_names.end()) {
            continue;
        }
        std::int64_t value = 0;
        std::from_chars(text.data() + first, text.data() + last, value);
        if (value < around_ms - window_ms || value > around_ms + window_ms) {
            continue;
        }
        result.append(text.substr(copied, first - copied)).append(std::to_string(value + shift_ms));
        copied = last;
    }
    return result.append(text.substr(copied));
}

}  // namespace virtuoso::sim
