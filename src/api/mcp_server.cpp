#include "api/mcp_server.hpp"

#include "api/mcp_tools.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace virtuoso {

namespace {

using Value = nlohmann::json;

// JSON-RPC 2.0 §5.1, and the last of MCP 2026-07-28.
constexpr int parse_error = -32700;
constexpr int invalid_request = -32600;
constexpr int method_not_found = -32601;
constexpr int invalid_params = -32602;
constexpr int unsupported_version = -32022;

constexpr std::string_view modern_version = "2026-07-28";
constexpr std::array<std::string_view, 4> handshake_versions{"2025-11-25", "2025-06-18", "2025-03-26",
                                                             "2024-11-05"};
constexpr const char* version_key = "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view server_key = "io.modelcontextprotocol/serverInfo";
constexpr std::int64_t tools_ttl_ms = 3'600'000;

constexpr std::string_view instructions =
    "Virtuoso reads an exchange's perpetuals and scores each from 0 (short) to 100 (long), 50 is neither. "
    "LONG begins at 70, SHORT at "
    "30. A score is evidence, not advice: say its reliability and what it lacks, and look at signal_outcomes "
    "for how such calls fared. "
    "Times are milliseconds since 1970.";

struct Request {
    std::string id;  ///< as JSON
    std::string method;
    Value params = Value::object();
    bool modern = false;
};

std::string message(const std::string& id, std::string_view field, const Json& content) {
    return fmt::format(R"({{"jsonrpc":"2.0","id":{},"{}":{}}})", id, field, content.text());
}

std::string error(const std::string& id, int code, std::string_view text, Json data = {}) {
    Json content{{"code", code}, {"message", text}};
    if (code == unsupported_version) {
        content.set("data", std::move(data));
    }
    return message(id, "error", content);
}

McpMessage refused(const std::string& id, int code, std::string_view text, Json data = {}) {
    return {error(id, code, text, std::move(data)), false};
}

McpMessage told_error(const std::string& id, int code, std::string_view text) {
    return {error(id, code, text)};
}

Json server_info(std::string_view version) {
    return {{"name", "virtuoso"}, {"title", "Virtuoso"}, {"version", version}};
}

Json capabilities() {
    return {{"tools", Json::object()}};
}

/// What every result of the newer revisions says of itself.
std::string result(const Request& request, Json content, std::string_view version, bool lasts = false) {
    if (request.modern) {
        content.set("resultType", "complete");
        content.set("_meta", {{server_key, server_info(version)}});
        if (lasts) {
            content.set("ttlMs", tools_ttl_ms);
            content.set("cacheScope", "public");
        }
    }
    return message(request.id, "result", content);
}

std::string initialized(const Request& request, std::string_view version) {
    std::string_view chosen = handshake_versions.front();
    if (const auto asked = request.params.find("protocolVersion");
        asked != request.params.end() && asked->is_string()) {
        const auto* const known =
            std::ranges::find(handshake_versions, std::string_view(asked->get_ref<const std::string&>()));
        chosen = known == handshake_versions.end() ? chosen : *known;
    }
    return result(request,
                  {{"protocolVersion", chosen},
                   {"capabilities", capabilities()},
                   {"serverInfo", server_info(version)},
                   {"instructions", instructions}},
                  version);
}

std::string discovered(const Request& request, std::string_view version) {
    Json versions = Json::array();
    versions.push_back(modern_version);
    return result(request,
                  {{"supportedVersions", std::move(versions)},
                   {"capabilities", capabilities()},
                   {"instructions", instructions}},
                  version, true);
}

Result<std::optional<std::string>> argument_of(const Value& arguments, std::string_view name) {
    const auto found = arguments.find(name);
    if (found == arguments.end() || found->is_null()) {
        return std::optional<std::string>();
    }
    if (found->is_string()) {
        return found->get<std::string>();
    }
    if (found->is_number() || found->is_boolean()) {
        return found->dump();
    }
    return fail(ErrorCode::argument, fmt::format("the argument {} has to be a text or a number", name));
}

/// The version that a message says it is of; empty: none, so it is of a revision with a handshake.
std::string version_of(const Value& params) {
    const auto meta = params.find("_meta");
    if (meta == params.end() || !meta->is_object()) {
        return {};
    }
    const auto version = meta->find(version_key);
    return version != meta->end() && version->is_string() ? version->get<std::string>() : std::string();
}

McpServer::Reply called(const Request& request) {
    const auto name = request.params.find("name");
    if (name == request.params.end() || !name->is_string() ||
        !is_mcp_tool(name->get_ref<const std::string&>())) {
        return told_error(request.id, invalid_params,
                          fmt::format("there is no tool {}: tools/list names them",
                                      name != request.params.end() && name->is_string()
                                          ? in_quotes(name->get_ref<const std::string&>())
                                          : "without a name"));
    }
    const auto given = request.params.find("arguments");
    if (given != request.params.end() && !given->is_object()) {
        return told_error(request.id, invalid_params, "arguments has to be an object");
    }
    const Value arguments = given == request.params.end() ? Value::object() : *given;
    auto target = mcp_target(name->get_ref<const std::string&>(),
                             [&](std::string_view argument) { return argument_of(arguments, argument); });
    if (!target) {
        return told_error(request.id, invalid_params, target.error().message);
    }
    return McpCall{.target = *std::move(target), .id = request.id, .modern = request.modern};
}

McpServer::Reply reply_to(const Request& request, std::string_view version) {
    if (request.method == "tools/call") {
        return called(request);
    }
    if (request.method == "tools/list") {
        return McpMessage{result(request, {{"tools", mcp_tools()}}, version, true)};
    }
    if (request.modern && request.method == "server/discover") {
        return McpMessage{discovered(request, version)};
    }
    if (!request.modern && request.method == "initialize") {
        return McpMessage{initialized(request, version)};
    }
    if (!request.modern && request.method == "ping") {
        return McpMessage{result(request, Json::object(), version)};
    }
    return told_error(request.id, method_not_found,
                      fmt::format("{} is not served", in_quotes(request.method)));
}

}  // namespace

McpServer::Reply McpServer::take(std::string_view text) const {
    const Value parsed = Value::parse(text, nullptr, false);
    if (parsed.is_discarded()) {
        return refused("null", parse_error, "this is not JSON");
    }
    const bool answers = parsed.is_object() && (parsed.contains("result") || parsed.contains("error"));
    const auto method = parsed.is_object() ? parsed.find("method") : parsed.end();
    if (answers && method == parsed.end()) {
        return McpMessage{};  // nothing was asked of the client
    }
    const auto id = parsed.is_object() ? parsed.find("id") : parsed.end();
    const bool has_id = id != parsed.end() && (id->is_string() || id->is_number_integer());
    const std::string id_text =
        has_id ? id->dump(-1, ' ', true, Value::error_handler_t::replace) : std::string("null");
    if (method == parsed.end() || !method->is_string() || parsed.value("jsonrpc", Value()) != "2.0") {
        return refused(id_text, invalid_request,
                       "this is no request of JSON-RPC 2.0: one object with jsonrpc \"2.0\", id and method");
    }
    if (id == parsed.end()) {
        return McpMessage{};  // a notification
    }
    if (!has_id) {
        return refused("null", invalid_request, "id has to be a text or a whole number");
    }
    Request request{.id = id_text, .method = method->get<std::string>()};
    if (const auto params = parsed.find("params"); params != parsed.end()) {
        if (!params->is_object()) {
            return refused(id_text, invalid_params, "params has to be an object");
        }
        request.params = *params;
    }
    if (const std::string version = version_of(request.params); !version.empty()) {
        if (version != modern_version) {
            Json supported = Json::array();
            supported.push_back(modern_version);
            return refused(id_text, unsupported_version,
                           fmt::format("revision {} is not served", in_quotes(version)),
                           {{"supported", std::move(supported)}, {"requested", version}});
        }
        request.modern = true;
    }
    return reply_to(request, version_);
}

std::string McpServer::finish(const McpCall& call, int status, std::string_view document) const {
    constexpr int ok = 200;
    const Request request{.id = call.id, .method = {}, .modern = call.modern};
    Json texts = Json::array();
    texts.push_back({{"type", "text"}, {"text", document}});
    Json content{{"content", std::move(texts)}, {"isError", status != ok}};
    if (status == ok) {
        if (auto structured = Json::parsed(document)) {
            content.set("structuredContent", *std::move(structured));
        }
    }
    return result(request, std::move(content), version_);
}

}  // namespace virtuoso
