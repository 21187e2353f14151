#include "alert/sink_spec.hpp"

#include "alert/alert_address.hpp"
#include "alert/spec_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, 5> kind_names{"console", "webhook", "discord", "telegram", "email"};
constexpr std::int64_t per_minute_max = 600;
constexpr std::size_t receivers_max = 50;

constexpr std::array<std::string_view, 3> console_keys{"severity", "kind", "per_minute"};
constexpr std::array<std::string_view, 6> webhook_keys{"url",      "secret", "ca",
                                                       "severity", "kind",   "per_minute"};
constexpr std::array<std::string_view, 5> discord_keys{"url", "ca", "severity", "kind", "per_minute"};
constexpr std::array<std::string_view, 7> telegram_keys{"token",    "chat", "api",       "ca",
                                                        "severity", "kind", "per_minute"};
constexpr std::array<std::string_view, 9> email_keys{"server", "user",     "password", "from",      "to",
                                                     "ca",     "severity", "kind",     "per_minute"};

std::span<const std::string_view> keys_of(SinkKind kind) {
    switch (kind) {
        case SinkKind::console:
            return console_keys;
        case SinkKind::webhook:
            return webhook_keys;
        case SinkKind::discord:
            return discord_keys;
        case SinkKind::telegram:
            return telegram_keys;
        case SinkKind::email:
            return email_keys;
    }
    return console_keys;
}

std::unexpected<Error> refuse(const SinkSpec& spec, std::string_view what) {
    return fail(ErrorCode::config, fmt::format("alert sink {}: {}", in_quotes(spec.name), what));
}

std::string field_of(const SinkSpec& spec, std::string_view key) {
    return fmt::format("alert sink {}, {}", in_quotes(spec.name), key);
}

Result<void> set_secret(const SinkSpec& spec, const SpecField& given, std::string& place) {
    if (!is_secret_reference(given.value)) {
        return refuse(spec, fmt::format("{} is a secret and does not stand in the configuration: write "
                                        "{}=env:NAME of a variable, or {}=file:PATH of a file of mode 0600",
                                        given.key, given.key, given.key));
    }
    place = given.value;
    return {};
}

Result<void> set_common(SinkSpec& spec, const SpecField& given) {
    const std::string field = field_of(spec, given.key);
    if (given.key == "severity") {
        const auto severity = alert_severity_from(given.value);
        if (!severity) {
            return fail(ErrorCode::config,
                        fmt::format("{} = {} is not allowed; allowed: {}{}", field, in_quotes(given.value),
                                    fmt::join(alert_severity_names(), ", "),
                                    offer_for(given.value, alert_severity_names())));
        }
        spec.severity = *severity;
        return {};
    }
    if (given.key == "kind") {
        auto kinds = parse_choices(given.value, field, occurrence_kinds());
        if (!kinds) {
            return std::unexpected(std::move(kinds.error()));
        }
        spec.kinds = *std::move(kinds);
        return {};
    }
    const auto count = parse_count(given.value, field, per_minute_max);
    if (!count) {
        return std::unexpected(count.error());
    }
    spec.per_minute = *count;
    return {};
}

Result<void> set_address(SinkSpec& spec, const SpecField& given) {
    spec.address = given.value;
    const std::string field = field_of(spec, given.key);
    if (given.key == "server") {
        return check_mail_server(spec.address, field);
    }
    if (is_secret_reference(given.value)) {
        return {};
    }
    if (spec.kind == SinkKind::discord) {
        return set_secret(spec, given, spec.address);
    }
    return check_http_address(spec.address, field,
                              spec.kind == SinkKind::webhook ? PlainText::anywhere : PlainText::loopback);
}

Result<void> set_receivers(SinkSpec& spec, const SpecField& given) {
    auto receivers = parse_words(given.value, field_of(spec, given.key));
    if (!receivers) {
        return std::unexpected(std::move(receivers.error()));
    }
    if (given.key == "from" && receivers->size() != 1) {
        return refuse(spec, "from has more than one address: keep one");
    }
    if (receivers->size() > receivers_max) {
        return refuse(spec, fmt::format("to has more than {} addresses: make several sinks", receivers_max));
    }
    for (const auto& receiver : *receivers) {
        if (!is_mail_address(receiver)) {
            return refuse(spec, fmt::format("{} = {} is no mail address: write NAME@HOST", given.key,
                                            in_quotes(receiver)));
        }
    }
    if (given.key == "from") {
        spec.from = receivers->front();
    } else {
        spec.to = *std::move(receivers);
    }
    return {};
}

Result<void> set_chat(SinkSpec& spec, const SpecField& given) {
    constexpr std::size_t length_max = 64;
    const std::string_view body =
        given.value.substr(given.value.starts_with('@') || given.value.starts_with('-'));
    const bool number = std::ranges::all_of(body, [](char letter) { return letter >= '0' && letter <= '9'; });
    const bool name = given.value.starts_with('@') && std::ranges::all_of(body, [](char letter) {
                          return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                                 (letter >= '0' && letter <= '9') || letter == '_';
                      });
    if (body.empty() || body.size() > length_max || (!name && !number)) {
        return refuse(spec, fmt::format("chat = {} is no chat: write its number, such as -1001234567890, or "
                                        "@NAME of a channel",
                                        in_quotes(given.value)));
    }
    spec.chat = given.value;
    return {};
}

Result<void> set_field(SinkSpec& spec, const SpecField& given) {
    const auto known = keys_of(spec.kind);
    if (std::ranges::find(known, given.key) == known.end() || given.relation != SpecRelation::is) {
        return refuse(spec,
                      fmt::format("a sink of kind {} has no key {}{}; there are: {}", name_of(spec.kind),
                                  in_quotes(given.key), offer_for(given.key, known), fmt::join(known, ", ")));
    }
    if (given.key == "url" || given.key == "api" || given.key == "server") {
        return set_address(spec, given);
    }
    if (given.key == "secret" || given.key == "token" || given.key == "password") {
        return set_secret(spec, given, spec.secret);
    }
    if (given.key == "chat") {
        return set_chat(spec, given);
    }
    if (given.key == "from" || given.key == "to") {
        return set_receivers(spec, given);
    }
    if (given.key == "user" || given.key == "ca") {
        (given.key == "ca" ? spec.ca_file : spec.user) = given.value;
        return {};
    }
    return set_common(spec, given);
}

/// What a sink of its kind cannot do without; empty when all is there.
std::string_view missing_in(const SinkSpec& spec) {
    switch (spec.kind) {
        case SinkKind::console:
            return {};
        case SinkKind::webhook:
            return spec.address.empty() ? "url=https://… , or url=env:NAME where the address is a secret"
                                        : "";
        case SinkKind::discord:
            return spec.address.empty() ? "url=env:NAME or url=file:PATH, the webhook's address" : "";
        case SinkKind::telegram:
            return spec.secret.empty() ? "token=env:NAME or token=file:PATH, the bot's token"
                   : spec.chat.empty() ? "chat=NUMBER or chat=@CHANNEL"
                                       : "";
        case SinkKind::email:
            return spec.address.empty() ? "server=smtps://HOST:465"
                   : spec.from.empty()  ? "from=NAME@HOST"
                   : spec.to.empty()    ? "to=NAME@HOST,NAME@HOST"
                   : spec.user.empty() != spec.secret.empty()
                       ? "user and password together, or neither where the server asks for none"
                       : "";
    }
    return {};
}

}  // namespace

std::string_view name_of(SinkKind kind) noexcept {
    return kind_names[static_cast<std::size_t>(kind)];
}

std::span<const std::string_view> sink_kind_names() noexcept {
    return kind_names;
}

Result<SinkSpec> SinkSpec::parse(std::string_view text) {
    const auto parts = parse_spec(text, "alert sink");
    if (!parts) {
        return std::unexpected(parts.error());
    }
    SinkSpec spec;
    spec.name = parts->name;
    if (parts->words.size() != 1) {
        return refuse(
            spec, fmt::format("behind the name stands one word, its kind: {}", fmt::join(kind_names, ", ")));
    }
    const auto* const kind = std::ranges::find(kind_names, parts->words.front());
    if (kind == kind_names.end()) {
        return refuse(spec,
                      fmt::format("there is no kind {}{}; there are: {}", in_quotes(parts->words.front()),
                                  offer_for(parts->words.front(), kind_names), fmt::join(kind_names, ", ")));
    }
    spec.kind = static_cast<SinkKind>(kind - kind_names.begin());
    for (const auto& field : parts->fields) {
        if (auto set = set_field(spec, field); !set) {
            return std::unexpected(std::move(set.error()));
        }
    }
    if (const auto missing = missing_in(spec); !missing.empty()) {
        return refuse(spec, fmt::format("a sink of kind {} needs {}", name_of(spec.kind), missing));
    }
    if (spec.kind == SinkKind::telegram && spec.address.empty()) {
        spec.address = "https://api.telegram.org";
    }
    return spec;
}

bool SinkSpec::accepts(const Occurrence& occurrence) const {
    return occurrence.severity >= severity &&
           (kinds.empty() || std::ranges::find(kinds, occurrence.kind) != kinds.end());
}

Result<AlertSink> AlertSink::resolve(SinkSpec spec, const Secret::Lookup& environment) {
    AlertSink sink{.spec = std::move(spec), .address = {}, .secret = {}};
    if (is_secret_reference(sink.spec.address)) {
        const std::string field = field_of(sink.spec, "url");
        auto address = Secret::read(sink.spec.address, field, environment);
        if (!address) {
            return std::unexpected(std::move(address.error()));
        }
        sink.address = *std::move(address);
        const auto plain = sink.spec.kind == SinkKind::webhook ? PlainText::anywhere : PlainText::loopback;
        if (auto checked = check_http_address(sink.address.exposed(), field, plain); !checked) {
            return std::unexpected(std::move(checked.error()));
        }
    } else {
        sink.address = Secret(sink.spec.address);
    }
    if (!sink.spec.secret.empty()) {
        auto secret = Secret::read(sink.spec.secret, field_of(sink.spec, "secret"), environment);
        if (!secret) {
            return std::unexpected(std::move(secret.error()));
        }
        sink.secret = *std::move(secret);
    }
    return sink;
}

std::string AlertSink::hidden_in(std::string text) const {
    return secret.hidden_in(is_secret_reference(spec.address) ? address.hidden_in(std::move(text))
                                                              : std::move(text));
}

}  // namespace virtuoso
