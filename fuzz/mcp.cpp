// Messages of the Model Context Protocol, of any bytes, are answered with JSON or ask the API for a path of
// its own.
#include "api/mcp_server.hpp"
#include "base/unicode.hpp"
#include "fuzz_bytes.hpp"
#include "present/json.hpp"

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace virtuoso;
    const McpServer server("0");
    const auto reply = server.take(fuzz::text_of(data, size));
    std::string text;
    if (const auto* const call = std::get_if<McpCall>(&reply)) {
        const auto is_plain = [](char c) { return c > ' ' && c < '\x7f'; };
        if (!call->target.starts_with("/api/v1/") || !std::ranges::all_of(call->target, is_plain)) {
            std::abort();
        }
        text = server.finish(*call, 200, "{}");
    } else {
        text = std::get<McpMessage>(reply).text;
    }
    if (!text.empty() && (!Json::parsed(text) || !is_valid_utf8(text) || text.contains('\n'))) {
        std::abort();
    }
    return 0;
}
