// Numbers as sentences give them: no more digits than they mean.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

namespace virtuoso {

/// "1.41 B", "18.4 M", "65.8 K", "412", "0.31"
[[nodiscard]] inline std::string money_text(double value) {
    const double size = std::fabs(value);
    if (size == 0) {
        return "0";
    }
    if (size >= 999.95e6) {
        return fmt::format("{:.2f} B", value / 1e9);
    }
    if (size >= 999'950) {
        return fmt::format("{:.1f} M", value / 1e6);
    }
    if (size >= 999.5) {
        return fmt::format("{:.1f} K", value / 1e3);
    }
    return size >= 9.5 ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value);
}

/// A stretch of time as long as it is: "45 s", "5.7 min", "3.2 h", "12 days".
[[nodiscard]] inline std::string span_text(double seconds) {
    const auto in = [](double value, std::string_view unit) {
        std::string text = fmt::format("{:.{}f}", value, value < 9.95 ? 1 : 0);
        if (text.ends_with(".0")) {
            text.resize(text.size() - 2);
        }
        return fmt::format("{} {}", text, unit);
    };
    if (seconds < 90) {
        return fmt::format("{:.0f} s", seconds);
    }
    if (seconds < 90 * 60) {
        return in(seconds / 60, "min");
    }
    return seconds < 48 * 3'600 ? in(seconds / 3'600, "h") : in(seconds / 86'400, "days");
}

/// So many decimals; what rounds to zero has no sign.
[[nodiscard]] inline std::string fixed_text(double value, int places) {
    std::string text = fmt::format("{:.{}f}", value, places);
    return text.find_first_not_of("-0.") == std::string::npos && text.front() == '-' ? text.substr(1) : text;
}

/// Two numbers that are compared: as many more decimals as it takes to tell them apart, where they differ by
/// more than a millionth.
[[nodiscard]] inline std::pair<std::string, std::string> told_apart(double a, double b, int places) {
    constexpr int places_max = 12;
    const bool differ = std::fabs(a - b) > 1e-6 * std::max(std::fabs(a), std::fabs(b));
    std::pair<std::string, std::string> texts;
    do {
        texts = {fixed_text(a, places), fixed_text(b, places)};
    } while (texts.first == texts.second && differ && ++places <= places_max);
    return texts;
}

/// A price with six significant digits: "61811.7", "0.0412344"
[[nodiscard]] inline std::string price_text(double value) {
    const int whole = value >= 1 ? static_cast<int>(std::floor(std::log10(value))) + 1 : 0;
    const int leading = value > 0 && value < 1 ? -static_cast<int>(std::floor(std::log10(value))) - 1 : 0;
    const int places = whole > 0 ? std::max(6 - whole, 0) : std::min(6 + leading, 8);
    std::string text = fmt::format("{:.{}f}", value, places);
    while (text.find('.') != std::string::npos && (text.back() == '0' || text.back() == '.')) {
        const bool point = text.back() == '.';
        text.pop_back();
        if (point) {
            break;
        }
    }
    return text;
}

/// A share as "61 %", with a decimal below ten percent.
[[nodiscard]] inline std::string percent_text(double share) {
    const double percent = share * 100;
    return std::fabs(percent) < 9.95 ? fmt::format("{:.1f} %", percent) : fmt::format("{:.0f} %", percent);
}

/// Of small moves, with as many digits as show that it is one: "0.12 %", "0.0031 %".
[[nodiscard]] inline std::string small_percent(double share) {
    return fmt::format("{} %", told_apart(share * 100, 0, 2).first);
}

/// Two amounts that are compared, written out where their short forms are alike though they differ.
[[nodiscard]] inline std::pair<std::string, std::string> money_apart(double a, double b) {
    std::pair<std::string, std::string> texts{money_text(a), money_text(b)};
    if (texts.first == texts.second) {
        if (auto exact = told_apart(a, b, 0); exact.first != exact.second) {
            return exact;
        }
    }
    return texts;
}

/// What sizes of a symbol are paid in: "USDT" of BTCUSDT.
[[nodiscard]] inline std::string_view quote_currency(std::string_view symbol) noexcept {
    for (const std::string_view quote : {"USDT", "USDC", "FDUSD", "BUSD", "USD", "EUR", "BTC"}) {
        if (symbol.size() > quote.size() && symbol.ends_with(quote)) {
            return quote;
        }
    }
    return symbol.ends_with("PERP") ? "USDC" : "of quote currency";
}

}  // namespace virtuoso
