#include "exchange/rest_reply.hpp"

#include "exchange/symbol_name.hpp"

#include <algorithm>

namespace virtuoso {

RestRequest::RestRequest(std::string_view target) {
    const auto mark = target.find('?');
    path_ = target.substr(0, mark);
    std::string_view rest = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        if (const auto equals = pair.find('='); equals != std::string_view::npos) {
            parameters_.push_back(
                {percent_decoded(pair.substr(0, equals)), percent_decoded(pair.substr(equals + 1))});
        }
    }
}

std::string_view RestRequest::parameter(std::string_view name) const noexcept {
    for (const auto& given : parameters_) {
        if (given.name == name) {
            return given.value;
        }
    }
    return {};
}

}  // namespace virtuoso
