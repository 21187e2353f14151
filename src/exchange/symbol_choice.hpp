// What a user types for a contract, and what an exchange calls it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

/// The listed name that is meant: by itself, in other letters' cases, with spaces, or as other programs write
/// it: BTC/USDT:USDT, BTC-USDT-PERP, BTC_USDT, BTCUSDT.P, BINANCE:BTCUSDT. A coin alone means its USDT
/// contract. nullopt when none of `listed` is. O(listed).
[[nodiscard]] std::optional<std::string> meant_symbol(std::string_view typed,
                                                      std::span<const std::string> listed);

/// The name alone, as this program writes it, whatever is listed: "BTC/USDT:USDT" and "btc-usdt-perp" are
/// BTCUSDT.
[[nodiscard]] std::string plain_symbol(std::string_view typed);

/// The listed name that is most like it, the one of a thousand of its coins first; empty when nothing is
/// listed. O(listed × length²).
[[nodiscard]] std::string nearest_symbol(std::string_view typed, std::span<const std::string> listed);

}  // namespace virtuoso
