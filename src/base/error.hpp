// Errors as values. Every code a user can meet has an entry in docs/errors.md.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace virtuoso {

enum class ErrorCode : std::uint8_t {
    decimal_syntax,       ///< text is not a plain decimal number
    decimal_precision,    ///< more than eight significant decimals
    decimal_range,        ///< beyond the exact range
    json_syntax,          ///< frame is not complete, valid JSON
    field_missing,        ///< a field the message needs is not there
    field_value,          ///< a field has a value the protocol does not allow
    unsupported_product,  ///< valid traffic of a product that is not decoded
    unknown_topic,        ///< topic or event type that is not known
    exchange_refused,     ///< the exchange answered with an error code
    book_level,           ///< a level is negative or of zero price
    file_open,            ///< file cannot be opened
    file_write,           ///< file cannot be written
    file_format,          ///< file is not of a known format
    journal_header,       ///< journal is not one, or of another version
    journal_torn,         ///< journal ends in the middle of a block
    journal_corrupt,      ///< a block's checksum does not match
    candle_row,           ///< a row of a candle file is malformed
    candle_order,         ///< candles are duplicated, unsorted or off their grid
    unknown_symbol,       ///< symbol does not occur in the input
    time_syntax,          ///< time is neither milliseconds nor ISO 8601
    weights,              ///< a weights file is malformed or does not add up
    network,              ///< a host cannot be reached, or does not answer
    restricted_place,     ///< the exchange does not serve the place of this machine's address
    rate_limit,           ///< more was asked than the exchange allows; it says for how long it refuses
    tls,                  ///< a peer's certificate is not accepted, or a certificate cannot be used
    argument,             ///< a command-line value is not allowed
    config,               ///< a configuration file, or a variable of the environment for it, is not allowed
    state_folder,         ///< the folder for the service's state cannot be used
    store_open,           ///< the store cannot be opened or reached
    store_schema,         ///< the store's schema is not one that this program works with
    store_busy,           ///< the store takes nothing for now: locked, full or in trouble
    store_refused,        ///< a row or a question that the store never accepts
    store_damaged,        ///< the store's file is damaged
    resources,            ///< the machine gives too little memory, too few descriptors or threads
};

/// Stable name of a code, for example "E_FIELD_VALUE".
[[nodiscard]] std::string_view name_of(ErrorCode code) noexcept;

/// All codes, in declaration order; the documentation test walks them.
[[nodiscard]] std::span<const ErrorCode> all_error_codes() noexcept;

/// What went wrong, in words that name the field, the value and the remedy.
struct Error {
    ErrorCode code;
    std::string message;

    /// "E_FIELD_VALUE: …"
    [[nodiscard]] std::string text() const;
};

template <typename T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
    return std::unexpected(Error{code, std::move(message)});
}

/// The text with what stands before the `@` of its addresses left out: "https://…@example.org/".
[[nodiscard]] std::string without_credentials(std::string_view text);

/// Quotes a value for a message: printable, at most 60 bytes of it, without the credentials of addresses.
[[nodiscard]] std::string in_quotes(std::string_view value);

/// Text of an errno value. Thread-safe, unlike strerror.
[[nodiscard]] std::string system_reason(int error_number);

}  // namespace virtuoso
