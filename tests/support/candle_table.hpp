// A table of candles as other programs write it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

namespace virtuoso::test {

/// With a header; prices go up and down.
inline std::string candle_table(int count, std::int64_t step_ms) {
    std::string text = "timestamp_ms,open,high,low,close,volume\n";
    for (int i = 0; i < count; ++i) {
        const double open = 100 + 5 * std::sin(i / 9.0);
        const double close = 100 + 5 * std::sin((i + 1) / 9.0);
        text += fmt::format("{},{:.4f},{:.4f},{:.4f},{:.4f},{}\n", 1'736'899'200'000 + i * step_ms, open,
                            std::max(open, close) + 0.1, std::min(open, close) - 0.1, close, 10 + i % 7);
    }
    return text;
}

}  // namespace virtuoso::test
