// The fields of Bybit's streams that are known, read or not.
#pragma once

#include <string_view>

namespace virtuoso::bybit {

/// "kline.1.BTCUSDT" → "kline"
[[nodiscard]] std::string_view kind_of_topic(std::string_view topic) noexcept;

/// As `unknown_fields` takes them: what the exchange documents and what it was seen to send in 2026. Empty
/// when the kind is not known.
[[nodiscard]] std::string_view known_topic_fields(std::string_view kind) noexcept;

}  // namespace virtuoso::bybit
