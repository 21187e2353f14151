// Names of Binance's streams: "btcusdt@depth@100ms".
#pragma once

#include <string>
#include <string_view>

namespace virtuoso::binance {

/// "BTCUSDT" → "btcusdt"
[[nodiscard]] inline std::string stream_symbol(std::string_view symbol) {
    std::string result(symbol);
    for (char& letter : result) {
        letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return result;
}

/// "btcusdt@depth@100ms" → "BTCUSDT"
[[nodiscard]] inline std::string symbol_of_stream(std::string_view stream) {
    std::string result(stream.substr(0, stream.find('@')));
    for (char& letter : result) {
        letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
    return result;
}

}  // namespace virtuoso::binance
