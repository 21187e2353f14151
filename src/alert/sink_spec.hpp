// Where alerts go, as the configuration says it, and with its secrets read.
#pragma once

#include "alert/occurrence.hpp"
#include "alert/secret.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

enum class SinkKind : std::uint8_t { console, webhook, discord, telegram, email };

/// "console", "webhook", "discord", "telegram", "email"
[[nodiscard]] std::string_view name_of(SinkKind kind) noexcept;
[[nodiscard]] std::span<const std::string_view> sink_kind_names() noexcept;

/// No secret stands here, only where it is to be found.
struct SinkSpec {
    std::string name;
    SinkKind kind = SinkKind::console;
    std::string address;  ///< URL, or reference to one; of Telegram its API, of e-mail the server
    std::string secret;   ///< reference: a webhook's signing key, Telegram's token, a mail account's password
    std::string chat;     ///< of Telegram: a number, or @channel
    std::string user;     ///< of e-mail; empty: without logging in
    std::string from;
    std::vector<std::string> to;
    std::string ca_file;                           ///< of an authority to trust besides the machine's
    AlertSeverity severity = AlertSeverity::info;  ///< nothing below it comes here
    std::vector<std::string> kinds;                ///< nothing else comes here; empty: all
    std::int64_t per_minute = 10;                  ///< what is more in a minute comes as one digest

    /// "team: discord url=env:DISCORD_URL severity=warning". Error: config, with field, value and remedy; it
    /// never repeats what may be a secret in the wrong place.
    [[nodiscard]] static Result<SinkSpec> parse(std::string_view text);

    [[nodiscard]] bool accepts(const Occurrence& occurrence) const;
};

/// With everything that is needed to send.
struct AlertSink {
    SinkSpec spec;
    Secret address;  ///< URL; of Discord it is the secret
    Secret secret;

    /// Errors: config, file_open (a file of a secret).
    [[nodiscard]] static Result<AlertSink> resolve(SinkSpec spec, const Secret::Lookup& environment);

    /// `text` without what it holds of address and secret.
    [[nodiscard]] std::string hidden_in(std::string text) const;
};

}  // namespace virtuoso
