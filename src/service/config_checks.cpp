#include "service/config_checks.hpp"

#include "alert/secret.hpp"
#include "analysis/confluence.hpp"
#include "base/unicode.hpp"
#include "net/url.hpp"
#include "service/listen_address.hpp"
#include "sim/faults.hpp"
#include "store/store_address.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

bool is_url(const std::string& text, std::string_view scheme) {
    return text.empty() || ((text.starts_with(std::string(scheme) + "://") ||
                             text.starts_with(std::string(scheme) + "s://")) &&
                            printable(text) == text && text.find(' ') == std::string::npos &&
                            Url::parse(text, "address").has_value());
}

}  // namespace

bool is_rest_url(const std::string& text) {
    return is_url(text, "http");
}

bool is_stream_url(const std::string& text) {
    return is_url(text, "ws");
}

bool is_sim_fault(const std::string& text) {
    return sim::Fault::parse(text, 0).has_value();
}

bool is_symbol_text(const std::string& text) {
    constexpr std::size_t length_max = 64;
    return !text.empty() && text.size() <= length_max && printable(text) == text;
}

bool is_thresholds(const std::string& text) {
    return !text.empty() && thresholds_from(text).has_value();
}

bool is_store_address(const std::string& text) {
    return text.empty() || (printable(text) == text && StoreAddress::parse(text).has_value());
}

bool is_listen_address(const std::string& text) {
    return ListenAddress::parse(text).has_value();
}

bool is_token_reference(const std::string& text) {
    return text.empty() || (printable(text) == text && is_secret_reference(text));
}

bool is_host_name(const std::string& text) {
    constexpr std::size_t length_max = 255;
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    constexpr std::string_view six = "0123456789abcdefABCDEF:.";
    const std::string_view inner = std::string_view(text).substr(0, text.size() - 1);
    return !text.empty() && text.size() <= length_max &&
           (text.find_first_not_of(letters) == std::string::npos ||
            (text.starts_with('[') && text.ends_with(']') && inner.size() > 2 &&
             inner.find_first_not_of(six, 1) == std::string_view::npos));
}

bool is_origin(const std::string& text) {
    const bool plain = text.starts_with("http://");
    if (!plain && !text.starts_with("https://")) {
        return false;
    }
    const std::string rest = text.substr(plain ? 7 : 8);
    const std::string host(host_without_port(rest));
    const std::string_view port = std::string_view(rest).substr(host.size());
    const bool has_capitals = std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
    const auto digits = port.substr(port.empty() ? 0 : 1);
    return is_host_name(host) && !has_capitals &&
           (port.empty() || (port.starts_with(':') && !digits.empty() && digits.size() <= 5 &&
                             digits.find_first_not_of("0123456789") == std::string_view::npos));
}

}  // namespace virtuoso
