#include "base/error.hpp"

#include "base/unicode.hpp"

#include <fmt/format.h>

#include <array>
#include <system_error>

namespace virtuoso {

namespace {

struct NamedCode {
    ErrorCode code;
    std::string_view name;
};

constexpr std::array names{
    NamedCode{ErrorCode::decimal_syntax, "E_DECIMAL_SYNTAX"},
    NamedCode{ErrorCode::decimal_precision, "E_DECIMAL_PRECISION"},
    NamedCode{ErrorCode::decimal_range, "E_DECIMAL_RANGE"},
    NamedCode{ErrorCode::json_syntax, "E_JSON_SYNTAX"},
    NamedCode{ErrorCode::field_missing, "E_FIELD_MISSING"},
    NamedCode{ErrorCode::field_value, "E_FIELD_VALUE"},
    NamedCode{ErrorCode::unsupported_product, "E_UNSUPPORTED_PRODUCT"},
    NamedCode{ErrorCode::unknown_topic, "E_UNKNOWN_TOPIC"},
    NamedCode{ErrorCode::exchange_refused, "E_EXCHANGE_REFUSED"},
    NamedCode{ErrorCode::book_level, "E_BOOK_LEVEL"},
    NamedCode{ErrorCode::file_open, "E_FILE_OPEN"},
    NamedCode{ErrorCode::file_write, "E_FILE_WRITE"},
    NamedCode{ErrorCode::file_format, "E_FILE_FORMAT"},
    NamedCode{ErrorCode::journal_header, "E_JOURNAL_HEADER"},
    NamedCode{ErrorCode::journal_torn, "E_JOURNAL_TORN"},
    NamedCode{ErrorCode::journal_corrupt, "E_JOURNAL_CORRUPT"},
    NamedCode{ErrorCode::candle_row, "E_CANDLE_ROW"},
    NamedCode{ErrorCode::candle_order, "E_CANDLE_ORDER"},
    NamedCode{ErrorCode::unknown_symbol, "E_UNKNOWN_SYMBOL"},
    NamedCode{ErrorCode::time_syntax, "E_TIME_SYNTAX"},
    NamedCode{ErrorCode::weights, "E_WEIGHTS"},
    NamedCode{ErrorCode::network, "E_NETWORK"},
    NamedCode{ErrorCode::restricted_place, "E_RESTRICTED_PLACE"},
    NamedCode{ErrorCode::rate_limit, "E_RATE_LIMIT"},
    NamedCode{ErrorCode::tls, "E_TLS"},
    NamedCode{ErrorCode::argument, "E_ARGUMENT"},
    NamedCode{ErrorCode::config, "E_CONFIG"},
    NamedCode{ErrorCode::state_folder, "E_STATE_FOLDER"},
    NamedCode{ErrorCode::store_open, "E_STORE_OPEN"},
    NamedCode{ErrorCode::store_schema, "E_STORE_SCHEMA"},
    NamedCode{ErrorCode::store_busy, "E_STORE_BUSY"},
    NamedCode{ErrorCode::store_refused, "E_STORE_REFUSED"},
    NamedCode{ErrorCode::store_damaged, "E_STORE_DAMAGED"},
    NamedCode{ErrorCode::resources, "E_RESOURCES"},
};

constexpr auto codes = [] {
    std::array<ErrorCode, names.size()> result{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        result[i] = names[i].code;
    }
    return result;
}();

}  // namespace

std::string_view name_of(ErrorCode code) noexcept {
    for (const auto& entry : names) {
        if (entry.code == code) {
            return entry.name;
        }
    }
    return "E_UNKNOWN";
}

std::span<const ErrorCode> all_error_codes() noexcept {
    return codes;
}

std::string Error::text() const {
    return fmt::format("{}: {}", name_of(code), message);
}

// Whoever types an address types its password with it.
std::string without_credentials(std::string_view text) {
    std::string result;
    for (auto scheme = text.find("://"); scheme != std::string_view::npos; scheme = text.find("://")) {
        result += text.substr(0, scheme + 3);
        text.remove_prefix(scheme + 3);
        const auto authority = text.substr(0, text.find_first_of("/?# "));
        if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
            result += "…";
            text.remove_prefix(at);
        }
    }
    return result += text;
}

std::string in_quotes(std::string_view whole) {
    constexpr std::size_t length_max = 60;
    const std::string value = without_credentials(whole);
    std::string_view shown = std::string_view(value).substr(0, length_max);
    if (value.size() > length_max) {
        // Not in the middle of a character.
        while (!shown.empty() && (static_cast<unsigned char>(value[shown.size()]) & 0xc0U) == 0x80U) {
            shown.remove_suffix(1);
        }
    }
    return fmt::format("\"{}{}\"", printable(shown), value.size() > length_max ? "…" : "");
}

std::string system_reason(int error_number) {
    return std::generic_category().message(error_number);
}

}  // namespace virtuoso
