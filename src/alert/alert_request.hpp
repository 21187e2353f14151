// What is sent to each kind of sink.
#pragma once

#include "alert/alert_message.hpp"
#include "alert/sink_spec.hpp"
#include "net/transport.hpp"

#include <string>
#include <vector>

namespace virtuoso {

/// A POST. The address may be a secret.
struct AlertRequest {
    Secret address;
    std::vector<HttpHeader> headers;
    std::string body;
};

/// Of what services allow in one message: Discord's text and the parts of its embed, Telegram's text.
struct AlertLimits {
    static constexpr std::size_t discord_content = 2'000;
    static constexpr std::size_t discord_title = 256;
    static constexpr std::size_t discord_description = 4'096;
    static constexpr std::size_t discord_fields = 25;
    static constexpr std::size_t discord_embed = 6'000;  ///< all of its texts together
    static constexpr std::size_t telegram_text = 4'096;
};

/// `now` is signed with the body: header X-Virtuoso-Timestamp in Unix seconds, X-Virtuoso-Signature
/// "sha256=" and the HMAC of "TIMESTAMP.BODY" where the sink has a secret; Idempotency-Key always.
[[nodiscard]] AlertRequest webhook_request(const AlertSink& sink, const AlertMessage& message, LocalTime now);
/// Nobody is mentioned, and no text from outside is Markdown.
[[nodiscard]] AlertRequest discord_request(const AlertSink& sink, const AlertMessage& message);
[[nodiscard]] AlertRequest telegram_request(const AlertSink& sink, const AlertMessage& message);
/// Precondition: the sink is one of the three above.
[[nodiscard]] AlertRequest request_of(const AlertSink& sink, const AlertMessage& message, LocalTime now);

/// A whole mail (RFC 5322) with lines that end in CRLF; its Message-ID is the alert's key.
[[nodiscard]] std::string mail_text(const SinkSpec& sink, const AlertMessage& message, LocalTime now);

/// One line that can be shown, without its end.
[[nodiscard]] std::string console_line(const AlertMessage& message);

/// Hexadecimal HMAC-SHA256 of "TIMESTAMP.BODY", as receivers compute it.
[[nodiscard]] std::string webhook_signature(const Secret& secret, std::int64_t timestamp_s,
                                            std::string_view body);

}  // namespace virtuoso
