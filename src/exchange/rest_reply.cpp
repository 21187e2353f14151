#include "exchange/rest_reply.hpp"

namespace virtuoso {

RestRequest::RestRequest(std::string_view target) {
    const auto mark = target.find('?');
    path_ = target.substr(0, mark);
    query_ = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

std::string_view RestRequest::parameter(std::string_view name) const noexcept {
    std::string_view rest = query_;
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const auto pair = rest.substr(0, end);
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
            return pair.substr(equals + 1);
        }
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return {};
}

}  // namespace virtuoso
