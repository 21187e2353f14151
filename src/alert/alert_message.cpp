#include "alert/alert_message.hpp"

#include "base/unicode.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, 4> causes{"none", "window", "quiet_hours", "flood"};

std::string plural(std::uint64_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string_view words_of(DigestCause cause) {
    switch (cause) {
        case DigestCause::none:
        case DigestCause::window:
            return "together";
        case DigestCause::quiet_hours:
            return "of the quiet hours";
        case DigestCause::flood:
            return "that came too fast to be told one by one";
    }
    return {};
}

}  // namespace

std::string_view name_of(DigestCause cause) noexcept {
    return causes[static_cast<std::size_t>(cause)];
}

AlertSeverity AlertMessage::severity() const noexcept {
    AlertSeverity gravest = AlertSeverity::info;
    for (const auto& occurrence : occurrences) {
        gravest = std::max(gravest, occurrence.severity);
    }
    return gravest;
}

std::string alert_key(std::string_view sink, std::string_view rule,
                      const std::vector<Occurrence>& occurrences) {
    constexpr std::size_t bytes = 16;
    std::string text = fmt::format("{}\n{}", sink, rule);
    for (const auto& occurrence : occurrences) {
        text += '\0';
        text += identity_of(occurrence);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
    std::string hex;
    for (std::size_t at = 0; at < bytes; ++at) {
        hex += fmt::format("{:02x}", digest[at]);
    }
    return hex;
}

std::string title_of(const AlertMessage& message) {
    if (message.total == 1 && message.occurrences.size() == 1) {
        const Occurrence& one = message.occurrences.front();
        return printable(fmt::format("{}{}{}{}{}", name_of(one.severity), ": ", one.kind,
                                     one.symbol.empty() ? "" : " ", one.symbol));
    }
    return printable(fmt::format("{}: {} of {}, {}", name_of(message.severity()),
                                 plural(message.total, "alert"), message.rule, words_of(message.cause)));
}

std::vector<std::string> lines_of(const AlertMessage& message) {
    std::vector<std::string> lines;
    for (const auto& occurrence : message.occurrences) {
        const bool several = message.occurrences.size() > 1;
        lines.push_back(printable(several
                                      ? fmt::format("{} {}", iso_text(occurrence.time), occurrence.sentence)
                                      : occurrence.sentence));
        for (const auto& line : occurrence.lines) {
            lines.push_back(printable(line));
        }
    }
    if (message.total > message.occurrences.size()) {
        lines.push_back(fmt::format("And {} more.", message.total - message.occurrences.size()));
    }
    if (message.held_back > 0) {
        lines.push_back(fmt::format("{} before {} held back by the cooldown.",
                                    plural(message.held_back, "other"),
                                    message.held_back == 1 ? "was" : "were"));
    }
    return lines;
}

std::string text_of(const AlertMessage& message) {
    return fmt::format("{}", fmt::join(lines_of(message), "\n"));
}

}  // namespace virtuoso
