// The kind of sink that docs/extending.md adds: Slack's incoming webhooks.
#pragma once

#include "alert/alert_request.hpp"
#include "alert/alert_text.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <string_view>

namespace virtuoso::examples {

// docs: slack
/// What may stand in its line of the configuration.
constexpr std::array<std::string_view, 5> slack_keys{"url", "ca", "severity", "kind", "per_minute"};

/// Slack advises 4 000 characters and cuts at 40 000; it reads & < > as the beginning of something else.
/// Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
constexpr std::size_t slack_text_max = 4'000;

inline std::size_t slack_cost(char32_t value) noexcept {
    return value == U'&' ? 5 : value == U'<' || value == U'>' ? 4 : utf16_cost(value);
}

inline std::string slack_escaped(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        escaped += letter == '&'   ? "&amp;"
                   : letter == '<' ? "&lt;"
                   : letter == '>' ? "&gt;"
                                   : std::string(1, letter);
    }
    return escaped;
}

/// Nobody is mentioned, as that takes a bare `<`, and no text from outside is markup.
inline AlertRequest slack_request(const AlertSink& sink, const AlertMessage& message) {
    const std::string text = title_of(message) + "\n" + text_of(message);
    const nlohmann::ordered_json json{
        {"text", slack_escaped(cut_at_sentence(text, slack_text_max, slack_cost))}, {"mrkdwn", false}};
    return {.address = sink.address,
            .headers = {{"Content-Type", "application/json"}},
            .body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}
// docs: end

}  // namespace virtuoso::examples
