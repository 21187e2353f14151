// What a WebSocket client of Binance asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

struct BinanceRequest {
    bool readable = false;  ///< a JSON object with a method
    std::string method = {};
    std::string id = "null";  ///< as JSON
    std::vector<std::string> streams = {};

    [[nodiscard]] static BinanceRequest read(std::string_view text);
    /// The answer that accepts it.
    [[nodiscard]] std::string accepted() const;
    [[nodiscard]] std::string refused(int code, std::string_view reason) const;
};

}  // namespace virtuoso::sim
