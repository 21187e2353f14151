// Any bytes are headers of a request: what is found in them is a part of them.
#include "api/request_headers.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(virtuoso::takes_gzip(text));
    const bool has = virtuoso::has_tag(text, "\"0123\"");
    const bool may_have = text.find('*') != std::string::npos || text.find("\"0123\"") != std::string::npos;
    const auto is_part = [&](std::string_view found) {
        return found.empty() || text.find(found) != std::string::npos;
    };
    if ((has && !may_have) || !is_part(virtuoso::bearer_token(text)) ||
        !is_part(virtuoso::bearer_subprotocol(text))) {
        __builtin_trap();
    }
    return 0;
}
