// Numbers as sentences give them: no more digits than they mean.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace virtuoso {

/// "18.4 M", "65.8 k", "412"
[[nodiscard]] inline std::string money_text(double value) {
    const double size = std::fabs(value);
    if (size >= 999.5e6) {
        return fmt::format("{:.2f} G", value / 1e9);
    }
    if (size >= 999'500) {
        return fmt::format("{:.1f} M", value / 1e6);
    }
    return size >= 999.5 ? fmt::format("{:.1f} k", value / 1e3) : fmt::format("{:.0f}", value);
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

/// The same for small moves: "0.12 %"
[[nodiscard]] inline std::string move_text(double share) {
    return fmt::format("{:.2f} %", share * 100);
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
