#include "alert/alert_request.hpp"

#include "alert/alert_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace virtuoso {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::int64_t ns_per_s = 1'000'000'000;

std::string compact(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

AlertRequest json_request(const Secret& address, std::string body) {
    return {.address = address, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

int colour_of(AlertSeverity severity) {
    constexpr std::array<int, 3> colours{0x3498db, 0xf1c40f, 0xe74c3c};
    return colours[static_cast<std::size_t>(severity)];
}

/// Numbers of a single occurrence: names and values short enough for every limit together.
Json discord_fields(const AlertMessage& message) {
    constexpr std::size_t shown_max = 12;
    constexpr std::size_t name_max = 80;
    Json fields = Json::array();
    if (message.occurrences.size() != 1) {
        return fields;
    }
    for (const auto& number : message.occurrences.front().numbers) {
        if (fields.size() < shown_max) {
            fields.push_back({{"name", discord_escaped(cut_at_sentence(number.name, name_max, discord_cost))},
                              {"value", discord_escaped(fmt::format("{:.6g}", number.value))},
                              {"inline", true}});
        }
    }
    return fields;
}

}  // namespace

std::string webhook_signature(const Secret& secret, std::int64_t timestamp_s, std::string_view body) {
    const std::string text = fmt::format("{}.{}", timestamp_s, body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    HMAC(EVP_sha256(), secret.exposed().data(), static_cast<int>(secret.exposed().size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    std::string hex;
    for (unsigned at = 0; at < length; ++at) {
        hex += fmt::format("{:02x}", digest[at]);
    }
    return hex;
}

AlertRequest webhook_request(const AlertSink& sink, const AlertMessage& message, LocalTime now) {
    AlertRequest request = json_request(sink.address, alert_json(message));
    request.headers.push_back({"Idempotency-Key", message.key});
    const std::int64_t timestamp = now.ns / ns_per_s;
    request.headers.push_back({"X-Virtuoso-Timestamp", fmt::format("{}", timestamp)});
    if (!sink.secret.empty()) {
        request.headers.push_back(
            {"X-Virtuoso-Signature",
             fmt::format("sha256={}", webhook_signature(sink.secret, timestamp, request.body))});
    }
    return request;
}

// What the embed holds besides the description stays below 1 800, so that the whole stays below its limit.
AlertRequest discord_request(const AlertSink& sink, const AlertMessage& message) {
    constexpr std::size_t description_max = 4'000;
    static_assert(description_max <= AlertLimits::discord_description);
    const std::string title = title_of(message);
    const std::string text = text_of(message);
    const Occurrence& first = message.occurrences.front();
    Json embed{{"title", discord_escaped(cut_at_sentence(title, AlertLimits::discord_title, discord_cost))},
               {"description", discord_escaped(cut_at_sentence(text, description_max, discord_cost))},
               {"color", colour_of(message.severity())},
               {"timestamp", iso_text(first.time)},
               {"fields", discord_fields(message)}};
    if (first.link.starts_with("https://") || first.link.starts_with("http://")) {
        embed["url"] = first.link;
    }
    constexpr std::size_t content_max = 300;  // the embed says the rest
    const std::string content =
        fmt::format("{}. {}", title, message.occurrences.size() == 1 ? first.sentence : "");
    const Json json{{"content", discord_escaped(cut_at_sentence(content, content_max, discord_cost))},
                    {"embeds", Json::array({std::move(embed)})},
                    {"allowed_mentions", {{"parse", Json::array()}}}};
    return json_request(sink.address, compact(json));
}

AlertRequest telegram_request(const AlertSink& sink, const AlertMessage& message) {
    constexpr std::size_t title_max = 400;
    const std::string title = cut_at_sentence(title_of(message), title_max, telegram_cost);
    const std::string head = fmt::format("<b>{}</b>\n", telegram_escaped(title));
    const std::string body = cut_at_sentence(
        text_of(message), AlertLimits::telegram_text - cost_of(head, utf16_cost), telegram_cost);
    const Json json{{"chat_id", sink.spec.chat},
                    {"text", head + telegram_escaped(body)},
                    {"parse_mode", "HTML"},
                    {"link_preview_options", {{"is_disabled", true}}}};
    std::string_view api = sink.address.exposed();
    while (api.ends_with('/')) {
        api.remove_suffix(1);
    }
    return json_request(Secret(fmt::format("{}/bot{}/sendMessage", api, sink.secret.exposed())),
                        compact(json));
}

AlertRequest request_of(const AlertSink& sink, const AlertMessage& message, LocalTime now) {
    switch (sink.spec.kind) {
        case SinkKind::discord:
            return discord_request(sink, message);
        case SinkKind::telegram:
            return telegram_request(sink, message);
        default:
            return webhook_request(sink, message, now);
    }
}

std::string console_line(const AlertMessage& message) {
    std::string line = title_of(message);
    for (const auto& sentence : lines_of(message)) {
        line += fmt::format(" | {}", sentence);
    }
    constexpr std::size_t line_max = 2'000;
    return cut_at_sentence(line, line_max);
}

}  // namespace virtuoso
