#include "api/stream_request.hpp"

#include "present/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

namespace virtuoso {

namespace {

using Value = nlohmann::json;

constexpr std::array<std::string_view, 4> ops{"subscribe", "unsubscribe", "list", "ping"};  // as StreamOp

std::string shown(const Value& value) {
    return in_quotes(value.dump(-1, ' ', false, Value::error_handler_t::replace));
}

Result<StreamOp> op_of(const Value& object) {
    const auto found = object.find("op");
    if (found == object.end()) {
        return fail(
            ErrorCode::argument,
            fmt::format("op is missing: it is one of {}, as in {{\"op\":\"ping\"}}", fmt::join(ops, ", ")));
    }
    for (std::size_t place = 0; place < ops.size(); ++place) {
        if (found->is_string() && found->get_ref<const std::string&>() == ops[place]) {
            return static_cast<StreamOp>(place);
        }
    }
    return fail(ErrorCode::argument,
                fmt::format("op is {}: it has to be one of {}", shown(*found), fmt::join(ops, ", ")));
}

Result<std::vector<std::string>> channels_of(const Value& object, StreamOp op) {
    const bool wanted = op == StreamOp::subscribe || op == StreamOp::unsubscribe;
    const auto found = object.find("channels");
    std::vector<std::string> channels;
    if (!wanted && found == object.end()) {
        return channels;
    }
    if (!wanted) {
        return fail(ErrorCode::argument, fmt::format("channels is given, but op {} takes none: leave it out",
                                                     ops[static_cast<std::size_t>(op)]));
    }
    if (found == object.end() || !found->is_array() || found->empty()) {
        return fail(ErrorCode::argument,
                    fmt::format("channels is {}: it has to be a list of names, as [\"overview\"]",
                                found == object.end() ? "missing" : shown(*found)));
    }
    if (found->size() > StreamRequest::channels_max) {
        return fail(ErrorCode::argument, fmt::format("channels has {} names: send at most {} in one message",
                                                     found->size(), StreamRequest::channels_max));
    }
    for (const Value& channel : *found) {
        if (!channel.is_string()) {
            return fail(ErrorCode::argument, fmt::format("channels has {} in it: each has to be a text, as "
                                                         "\"overview\"",
                                                         shown(channel)));
        }
        channels.push_back(channel.get<std::string>());
    }
    return channels;
}

Result<std::string> id_of(const Value& object) {
    const auto found = object.find("id");
    if (found == object.end() || found->is_null()) {
        return std::string("null");
    }
    const bool text =
        found->is_string() && found->get_ref<const std::string&>().size() <= StreamRequest::id_max;
    if (!text && !found->is_number_integer()) {
        return fail(ErrorCode::argument, fmt::format("id is {}: it has to be a whole number or a text of at "
                                                     "most {} bytes",
                                                     shown(*found), StreamRequest::id_max));
    }
    return text ? Json(found->get<std::string>()).text() : found->dump();
}

}  // namespace

Result<StreamRequest> StreamRequest::parse(std::string_view text) {
    const Value object = Value::parse(text, nullptr, false);
    if (object.is_discarded() || !object.is_object()) {
        return fail(ErrorCode::json_syntax, fmt::format("{} is no JSON object: write {{\"op\":\"subscribe\","
                                                        "\"channels\":[\"overview\"]}}",
                                                        in_quotes(text)));
    }
    for (const auto& [field, value] : object.items()) {
        if (field != "op" && field != "channels" && field != "id") {
            return fail(ErrorCode::argument,
                        fmt::format("field {} is none of op, channels, id", in_quotes(field)));
        }
    }
    const auto op = op_of(object);
    auto channels = op ? channels_of(object, *op) : Result<std::vector<std::string>>();
    auto id = id_of(object);
    if (!op || !channels || !id) {
        return std::unexpected(!op ? op.error() : !channels ? channels.error() : id.error());
    }
    return StreamRequest{.op = *op, .channels = std::move(*channels), .id = std::move(*id)};
}

}  // namespace virtuoso
