// The fields of Binance's streams that are known, read or not.
#pragma once

#include <string_view>

namespace virtuoso::binance {

/// "btcusdt@kline_1m" → "kline", "btcusdt@depth@100ms" → "depth"
[[nodiscard]] std::string_view kind_of_stream(std::string_view stream) noexcept;

/// Of combined frames, as `unknown_fields` takes them: what the exchange documents and what it was seen to
/// send in 2026. Empty when the kind is not known.
[[nodiscard]] std::string_view known_stream_fields(std::string_view kind) noexcept;

}  // namespace virtuoso::binance
