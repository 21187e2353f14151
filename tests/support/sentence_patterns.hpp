// What the patterns of sentences are made of, and how a number in a text is held against a value.
#pragma once

#include "analysis/component.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>

namespace virtuoso::test {

inline const std::string number = R"(([+-]?[0-9]+(?:\.[0-9]+)?))";
inline const std::string money = R"(([0-9]+(?:\.[0-9]+)?(?: [KMB])?))";
inline const std::string span = R"(([0-9]+(?:\.[0-9]+)? (?:s|min|h|days)))";
inline const std::string quote = "(?:USDT|of quote currency)";
inline const std::string on_frame = "(1m|5m|30m|4h)";

inline double raw(const SubScore& sub, std::string_view name) {
    return sub.raw_value(name).value_or(std::nan(""));
}

/// Half a unit of the last digit that is written.
inline double half_digit(const std::string& digits) {
    const auto point = digits.find('.');
    const auto places = point == std::string::npos ? 0 : digits.find_last_of("0123456789") - point;
    return 0.5 * std::pow(10.0, -static_cast<double>(places)) * (1 + 1e-9);
}

/// The text, rounded as it is, is this value.
inline bool is(const std::string& text, double value) {
    const auto space = text.find(' ');
    const auto digits = text.substr(0, space);
    double unit = 1;
    if (space != std::string::npos) {
        static const std::map<std::string, double> units{{"K", 1e3},  {"M", 1e6},   {"B", 1e9},      {"s", 1},
                                                         {"min", 60}, {"h", 3'600}, {"days", 86'400}};
        unit = units.at(text.substr(space + 1));
    }
    return std::fabs(std::stod(digits) * unit - value) <= half_digit(digits) * unit + 1e-9 * std::fabs(value);
}

/// Six significant digits.
inline bool is_price(const std::string& text, double value) {
    return std::fabs(std::stod(text) - value) <= std::max(5.1e-6 * std::fabs(value), 5.1e-9);
}

/// Where the numbers differ by more than a millionth their texts do.
inline bool apart(const std::string& a, const std::string& b, double x, double y) {
    return a != b || std::fabs(x - y) <= 1e-6 * std::max(std::fabs(x), std::fabs(y));
}

inline bool leans(const SubScore& sub, bool up) {
    return up ? *sub.lean > 0 : *sub.lean < 0;
}

inline std::string frame_of(const SubScore& sub) {
    return sub.timeframe ? std::string(name_of(*sub.timeframe)) : std::string();
}

inline double framed(const SubScore& sub) {
    return raw(sub, frame_of(sub));
}

/// The lean of the told timeframe's own number, where number and lean have one sign by definition.
inline bool same_sign(const SubScore& sub, double value) {
    return value == 0 ? *sub.lean == 0 : leans(sub, value > 0);
}

}  // namespace virtuoso::test
