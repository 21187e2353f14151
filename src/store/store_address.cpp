#include "store/store_address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace virtuoso {

namespace {

constexpr std::array<std::string_view, 2> schemes{"postgresql://", "postgres://"};
constexpr std::string_view expected =
    "expected a file, or postgresql://USER:PASSWORD@HOST:PORT/NAME with @ : / ? # % in user and password "
    "written as %40 %3A %2F %3F %23 %25";

std::string_view scheme_of(std::string_view text) {
    for (const auto scheme : schemes) {
        if (text.starts_with(scheme)) {
            return scheme;
        }
    }
    return {};
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const char* const digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
            plain += static_cast<char>(value);
            i += 2;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

/// Of an address of a server.
struct Parts {
    std::string_view user;      ///< with password
    std::string_view place;     ///< host, port, database
    std::string_view password;  ///< as it is written
    std::string_view parameters;
};

Parts parts_of(std::string_view address) {
    address.remove_prefix(scheme_of(address).size());
    Parts parts;
    const auto question = address.find('?');
    if (question != std::string_view::npos) {
        parts.parameters = address.substr(question + 1);
        address = address.substr(0, question);
    }
    const auto at = address.find('@');
    if (at != std::string_view::npos) {
        parts.user = address.substr(0, at);
        address = address.substr(at + 1);
        const auto colon = parts.user.find(':');
        if (colon != std::string_view::npos) {
            parts.password = parts.user.substr(colon + 1);
            parts.user = parts.user.substr(0, colon);
        }
    }
    parts.place = address;
    return parts;
}

/// Of the parameters, those that hold secrets.
std::vector<std::string_view> secrets_of(const Parts& parts) {
    std::vector<std::string_view> secrets{parts.password};
    std::string_view rest = parts.parameters;
    while (!rest.empty()) {
        const std::string_view one = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        const auto equals = one.find('=');
        if (equals != std::string_view::npos && decoded(one.substr(0, equals)).ends_with("password")) {
            secrets.push_back(one.substr(equals + 1));
        }
    }
    return secrets;
}

void hide(std::string& message, std::string_view secret) {
    constexpr std::string_view stars = "***";
    for (auto at = secret.empty() ? std::string::npos : message.find(secret); at != std::string::npos;
         at = message.find(secret, at + stars.size())) {
        message.replace(at, secret.size(), stars);
    }
}

}  // namespace

Result<StoreAddress> StoreAddress::parse(std::string_view text) {
    const auto refuse = [](std::string_view why) {
        return fail(ErrorCode::argument, fmt::format("the store's address {}: {}", why, expected));
    };
    if (text.empty() || text.find('\0') != std::string_view::npos) {
        return refuse(text.empty() ? "is empty" : "has a zero byte");
    }
    const std::string_view scheme = scheme_of(text);
    if (scheme.empty()) {
        if (text.find("://") != std::string_view::npos) {
            return refuse("is of a kind that is not known");
        }
        return StoreAddress(StoreEngine::sqlite, std::string(text));
    }
    const std::string_view rest = text.substr(scheme.size());
    const auto path = rest.find_first_of("/?#");
    const auto at = rest.find('@');
    // Else nobody knows where the password ends, and a part of it would be taken for the host's name.
    if (rest.find('@', at == std::string_view::npos ? rest.size() : at + 1) != std::string_view::npos ||
        (at != std::string_view::npos && at > path)) {
        return refuse("has an @ where none is expected");
    }
    const std::string_view user = at == std::string_view::npos ? std::string_view{} : rest.substr(0, at);
    if (std::ranges::count(user, ':') > 1) {
        return refuse("has a : within its password");
    }
    return StoreAddress(StoreEngine::postgres, std::string(text));
}

std::string StoreAddress::shown() const {
    if (engine_ == StoreEngine::sqlite) {
        return whole_;
    }
    const Parts parts = parts_of(whole_);
    return fmt::format("postgresql://{}{}{}", parts.user, parts.user.empty() ? "" : "@", parts.place);
}

std::string StoreAddress::cleaned(std::string message) const {
    if (engine_ == StoreEngine::sqlite) {
        return message;
    }
    for (const std::string_view secret : secrets_of(parts_of(whole_))) {
        hide(message, secret);
        hide(message, decoded(secret));
    }
    return message;
}

}  // namespace virtuoso
