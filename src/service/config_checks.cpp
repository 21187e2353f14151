#include "service/config_checks.hpp"

#include "alert/secret.hpp"
#include "analysis/confluence.hpp"
#include "base/unicode.hpp"
#include "net/url.hpp"
#include "service/listen_address.hpp"
#include "sim/faults.hpp"
#include "store/store_address.hpp"

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

}  // namespace virtuoso
