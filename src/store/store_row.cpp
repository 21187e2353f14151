#include "store/store_row.hpp"

#include "base/unicode.hpp"

#include <fmt/format.h>

#include <cmath>

namespace virtuoso {

namespace {

bool is_nothing(const StoreValue& value) noexcept {
    const auto* const number = std::get_if<double>(&value);
    return value.index() == 0 || (number != nullptr && !std::isfinite(*number));
}

bool fits(const StoreColumn& column, const StoreValue& value) noexcept {
    // The alternatives stand in the order of the types, after the one for nothing.
    return is_nothing(value) ? column.nullable : value.index() == static_cast<std::size_t>(column.type) + 1;
}

std::unexpected<Error> refuse(const StoreTableSpec& spec, std::string_view what) {
    return fail(ErrorCode::store_refused, fmt::format("{}: {}", spec.name, what));
}

}  // namespace

Result<void> check_row(const StoreTableSpec& spec, const StoreRow& row) {
    if (row.size() != spec.columns.size()) {
        return refuse(spec, fmt::format("a row of {} values, and the table has {} columns", row.size(),
                                        spec.columns.size()));
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (!fits(spec.columns[i], row[i])) {
            return refuse(spec, fmt::format("{} {}", spec.columns[i].name,
                                            is_nothing(row[i]) ? "is nothing" : "is of another type"));
        }
    }
    return {};
}

Result<void> check_query(const StoreQuery& query) {
    const StoreTableSpec& spec = spec_of(query.table);
    for (const auto& match : query.where) {
        const auto column = spec.column(match.column);
        if (!column) {
            return refuse(spec, fmt::format("has no column {}", in_quotes(match.column)));
        }
        if (match.value.index() != static_cast<std::size_t>(spec.columns[*column].type) + 1) {
            return refuse(spec, fmt::format("{} is matched with a value of another type", match.column));
        }
    }
    return {};
}

std::string storable_text(std::string_view text) {
    constexpr char32_t replacement = 0xfffd;
    std::string stored;
    stored.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        append_utf8(stored, point.valid && point.value != 0 ? point.value : replacement);
        text.remove_prefix(point.bytes);
    }
    return stored;
}

bool is_storable(std::string_view text) noexcept {
    return text.find('\0') == std::string_view::npos && is_valid_utf8(text);
}

}  // namespace virtuoso
