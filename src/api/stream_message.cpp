#include "api/stream_message.hpp"

#include "present/json.hpp"

#include <fmt/format.h>

#include <memory>

namespace virtuoso {

namespace {

SharedText shared(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

std::string json_text(std::string_view text) {
    return Json(text).text();
}

}  // namespace

SharedText stream_data(const StreamData& data) {
    return shared(fmt::format(
        R"({{"schema":"virtuoso.stream/1","kind":"{}","channel":{},"sequence":{},"{}":{},"data":{}}})",
        data.kind, json_text(data.channel), data.sequence, data.left_out_name, data.left_out, data.document));
}

SharedText stream_channels(std::string_view kind, const std::string& id,
                           const std::vector<std::string>& channels) {
    return shared(fmt::format(R"({{"schema":"virtuoso.stream/1","kind":"{}","id":{},"channels":{}}})", kind,
                              id, Json(channels).text()));
}

SharedText stream_pong(const std::string& id, std::int64_t time_ms) {
    return shared(
        fmt::format(R"({{"schema":"virtuoso.stream/1","kind":"pong","id":{},"time_ms":{}}})", id, time_ms));
}

SharedText stream_error(const std::string& id, std::string_view channel, const Error& error) {
    return shared(fmt::format(
        R"({{"schema":"virtuoso.stream/1","kind":"error","id":{},"channel":{},"code":"{}","message":{}}})",
        id, channel.empty() ? "null" : json_text(channel), name_of(error.code), json_text(error.message)));
}

}  // namespace virtuoso
