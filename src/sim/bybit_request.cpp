#include "sim/bybit_request.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace virtuoso::sim {

namespace {

std::string quoted(std::string_view text) {
    return nlohmann::json(text).dump();
}

}  // namespace

BybitRequest BybitRequest::read(std::string_view text) {
    const auto frame = nlohmann::json::parse(text, nullptr, false);
    BybitRequest request;
    if (!frame.is_object()) {
        return request;
    }
    request.readable = true;
    const auto text_at = [&](const char* name) {
        const auto found = frame.find(name);
        return found != frame.end() && found->is_string() ? found->get<std::string>() : std::string{};
    };
    request.operation = text_at("op");
    request.id = text_at("req_id");
    if (const auto found = frame.find("args"); found != frame.end() && found->is_array()) {
        for (const auto& topic : *found) {
            if (topic.is_string()) {
                request.topics.push_back(topic.get<std::string>());
            }
        }
    }
    return request;
}

std::string BybitReply::text() const {
    return fmt::format(R"({{"success":{},"ret_msg":{},"conn_id":"sim-{:08x}","req_id":{},"op":{}}})", success,
                       quoted(message), connection, quoted(request_id), quoted(operation));
}

}  // namespace virtuoso::sim
