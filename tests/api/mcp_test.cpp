// The Model Context Protocol, message by message; its official clients are asked in contract/check_mcp.mjs.
#include "api/mcp_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <variant>

namespace virtuoso {
namespace {

using Value = nlohmann::json;

const McpServer server("1.2.3");

std::string request(const std::string& method, const std::string& params = "{}",
                    const std::string& id = "7") {
    return fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"{}","params":{}}})", id, method, params);
}

Value answered(const std::string& message) {
    const auto reply = server.take(message);
    const auto* const text = std::get_if<McpMessage>(&reply);
    if (text == nullptr) {
        ADD_FAILURE() << message << " asks the API";
        return {};
    }
    return Value::parse(text->text);
}

std::string target(const std::string& arguments) {
    const auto reply = server.take(request("tools/call", arguments));
    const auto* const call = std::get_if<McpCall>(&reply);
    return call != nullptr ? call->target : "answered: " + std::get<McpMessage>(reply).text;
}

constexpr const char* modern = R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})";

TEST(Mcp, HandshakesAsEachRevisionDoes) {
    for (const std::string version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
        const auto result =
            answered(request("initialize", R"({"protocolVersion":")" + version + R"("})"))["result"];
        EXPECT_EQ(result["protocolVersion"], version);
        EXPECT_EQ(result["serverInfo"]["version"], "1.2.3");
        EXPECT_TRUE(result["capabilities"].contains("tools"));
        EXPECT_FALSE(result.contains("resultType")) << "these revisions do not know it";
    }
    EXPECT_EQ(
        answered(request("initialize", R"({"protocolVersion":"2099-01-01"})"))["result"]["protocolVersion"],
        "2025-11-25");
    EXPECT_EQ(answered(request("ping"))["result"], Value::object());
}

TEST(Mcp, TheRevisionWithoutOneSaysWhatItIsInEveryResult) {
    const auto found = answered(request("server/discover", modern))["result"];
    EXPECT_EQ(found["supportedVersions"], Value::array({"2026-07-28"}));
    for (const auto& result : {found, answered(request("tools/list", modern))["result"]}) {
        EXPECT_EQ(result["resultType"], "complete");
        EXPECT_EQ(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "virtuoso");
        EXPECT_TRUE(result["ttlMs"].is_number_integer());
    }
    const auto other = answered(request(
        "tools/list", R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2099-01-01"}})"))["error"];
    EXPECT_EQ(other["code"], -32022);
    EXPECT_EQ(other["data"]["requested"], "2099-01-01");
    EXPECT_EQ(answered(request("initialize", modern))["error"]["code"], -32601) << "it was removed";
    EXPECT_EQ(answered(request("server/discover"))["error"]["code"], -32601)
        << "by which older ones are known";
}

TEST(Mcp, ToolsAreReadOnlyAndDescribed) {
    const auto tools = answered(request("tools/list"))["result"]["tools"];
    std::vector<std::string> names;
    for (const auto& tool : tools) {
        names.push_back(tool["name"]);
        EXPECT_TRUE(tool["annotations"]["readOnlyHint"]);
        EXPECT_GT(tool["description"].get<std::string>().size(), 40U);
        EXPECT_EQ(tool["inputSchema"]["type"], "object");
    }
    EXPECT_EQ(names, (std::vector<std::string>{"market_overview", "top_signals", "explain_score",
                                               "symbol_history", "signal_outcomes", "events", "health"}));
}

TEST(Mcp, CallsAskTheApi) {
    EXPECT_EQ(target(R"({"name":"market_overview"})"), "/api/v1/overview");
    EXPECT_EQ(target(R"({"name":"top_signals","arguments":{"sort":"score","limit":5,"signal":null}})"),
              "/api/v1/symbols?sort=score&limit=5");
    EXPECT_EQ(target(R"({"name":"explain_score","arguments":{"symbol":"BTCUSDT"}})"),
              "/api/v1/symbols/BTCUSDT/confluence");
    EXPECT_EQ(target(R"({"name":"explain_score","arguments":{"symbol":"../x?y=1#\n"}})"),
              "/api/v1/symbols/..%2Fx%3Fy%3D1%23%0A/confluence");
    EXPECT_EQ(target(R"({"name":"events","arguments":{"symbol":"A&severity=info"}})"),
              "/api/v1/events?symbol=A%26severity%3Dinfo");
}

TEST(Mcp, WhatCannotBeAskedIsTold) {
    const auto code = [](const std::string& params) {
        return answered(request("tools/call", params))["error"]["code"];
    };
    for (const std::string params :
         {R"({})", R"({"name":"rm"})", R"({"name":7})", R"({"name":"explain_score"})",
          R"({"name":"explain_score","arguments":[]})",
          R"({"name":"explain_score","arguments":{"symbol":{}}})"}) {
        EXPECT_EQ(code(params), -32602) << params;
    }
    EXPECT_EQ(answered(request("resources/list"))["error"]["code"], -32601);
    EXPECT_EQ(answered("{")["error"]["code"], -32700);
    EXPECT_EQ(answered("")["error"]["code"], -32700);
    for (const std::string message :
         {"[]", "7", R"({"jsonrpc":"1.0","id":1,"method":"ping"})", R"({"jsonrpc":"2.0","id":1})",
          R"({"jsonrpc":"2.0","id":[],"method":"ping"})"}) {
        EXPECT_EQ(answered(message)["error"]["code"], -32600) << message;
    }
    EXPECT_EQ(answered(request("ping", "[]"))["error"]["code"], -32602);
}

TEST(Mcp, NotificationsAndAnswersAreNotAnswered) {
    for (const std::string message : {R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                                      R"({"jsonrpc":"2.0","id":1,"result":{}})",
                                      R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}})"}) {
        const auto reply = server.take(message);
        ASSERT_TRUE(std::holds_alternative<McpMessage>(reply)) << message;
        EXPECT_EQ(std::get<McpMessage>(reply).text, "") << message;
    }
}

TEST(Mcp, IdsComeBackAsTheyWere) {
    for (const std::string id : {"7", "-1", "\"a\"", R"("\u00fc\n")", "9007199254740993"}) {
        EXPECT_EQ(answered(request("ping", "{}", id))["id"], Value::parse(id)) << id;
    }
}

TEST(Mcp, DocumentsAndProblemsCompleteACall) {
    const McpCall call{.target = "/api/v1/health", .id = "\"x\""};
    const auto good = Value::parse(server.finish(call, 200, R"({"schema":"a","n":1})"))["result"];
    EXPECT_FALSE(good["isError"]);
    EXPECT_EQ(good["structuredContent"]["n"], 1);
    EXPECT_EQ(Value::parse(good["content"][0]["text"].get<std::string>())["schema"], "a");
    const auto bad = Value::parse(server.finish(call, 404, R"({"title":"no such symbol"})"))["result"];
    EXPECT_TRUE(bad["isError"]);
    EXPECT_FALSE(bad.contains("structuredContent"));
    EXPECT_EQ(Value::parse(server.finish({.target = {}, .id = "1", .modern = true}, 200,
                                         "{}"))["result"]["resultType"],
              "complete");
}

}  // namespace
}  // namespace virtuoso
