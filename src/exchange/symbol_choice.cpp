#include "exchange/symbol_choice.hpp"

#include "base/nearest_name.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

std::string upper_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    return result;
}

std::string without_spaces(std::string_view text) {
    std::string result(text);
    std::erase_if(result, [](char letter) { return letter == ' ' || letter == '\t'; });
    return result;
}

// "BTC/USDT:USDT" and "BINANCE:BTCUSDT.P" without what is not of the name.
std::string without_venue(const std::string& name) {
    const auto colon = name.find(':');
    if (colon == std::string::npos) {
        return name;
    }
    const std::string before = name.substr(0, colon);
    const bool is_venue = before.find_first_of("/-_") == std::string::npos && !before.ends_with("USDT");
    return is_venue ? name.substr(colon + 1) : before;
}

}  // namespace

// The letters and digits alone, without the words for a perpetual.
std::string plain_symbol(std::string_view typed) {
    std::string name = without_venue(upper_case(without_spaces(typed)));
    for (const std::string_view ending :
         {".P", ".PERP", "-PERP", "_PERP", "/PERP", "-PERPETUAL", "-SWAP", "_SWAP"}) {
        if (name.ends_with(ending)) {
            name = name.substr(0, name.size() - ending.size());
            break;
        }
    }
    std::erase_if(name, [](char letter) { return letter == '/' || letter == '-' || letter == '_'; });
    return name;
}

std::optional<std::string> meant_symbol(std::string_view typed, std::span<const std::string> listed) {
    const std::string trimmed = without_spaces(typed);
    const std::string plain = plain_symbol(typed);
    const auto is_listed = [&](const std::string& name) {
        return std::ranges::find(listed, name) != listed.end();
    };
    for (const std::string& name : {trimmed, upper_case(trimmed), plain, plain + "USDT"}) {
        if (!plain.empty() && is_listed(name)) {
            return name;
        }
    }
    return std::nullopt;
}

std::string nearest_symbol(std::string_view typed, std::span<const std::string> listed) {
    constexpr std::size_t length_max = 64;
    const std::string name = plain_symbol(typed).substr(0, length_max);
    const auto distance = [&](const std::string& candidate) {
        std::size_t least = std::string::npos;
        for (const std::string_view prefix : {"", "1000", "10000", "1000000"}) {
            for (const std::string_view suffix : {"", "USDT"}) {
                least = std::min(least,
                                 edits_between(std::string(prefix) + name + std::string(suffix), candidate));
            }
        }
        return least;
    };
    std::string best;
    std::size_t fewest = std::string::npos;
    for (const auto& candidate : listed) {
        const std::size_t edits = distance(candidate);
        if (edits < fewest || (edits == fewest && candidate < best)) {
            fewest = edits;
            best = candidate;
        }
    }
    return best;
}

}  // namespace virtuoso
