#include "sim/binance_request.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace virtuoso::sim {

BinanceRequest BinanceRequest::read(std::string_view text) {
    BinanceRequest request;
    const auto frame = nlohmann::json::parse(text, nullptr, false);
    if (!frame.is_object() || !frame.contains("method") || !frame["method"].is_string()) {
        return request;
    }
    request.readable = true;
    request.method = frame["method"].get<std::string>();
    if (frame.contains("id")) {
        request.id = frame["id"].dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
    if (const auto streams = frame.find("params"); streams != frame.end() && streams->is_array()) {
        for (const auto& stream : *streams) {
            request.streams.push_back(stream.is_string() ? stream.get<std::string>() : std::string{});
        }
    }
    return request;
}

std::string BinanceRequest::accepted() const {
    return fmt::format(R"({{"result":{},"id":{}}})", method == "GET_PROPERTY" ? "true" : "null", id);
}

std::string BinanceRequest::refused(int code, std::string_view reason) const {
    return nlohmann::json{{"error", {{"code", code}, {"msg", reason}}},
                          {"id", nlohmann::json::parse(id, nullptr, false)}}
        .dump();
}

}  // namespace virtuoso::sim
