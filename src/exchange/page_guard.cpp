#include "exchange/page_guard.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

bool has_controls(std::string_view cursor) {
    return std::ranges::any_of(cursor,
                               [](char letter) { return (letter >= 0 && letter < ' ') || letter == 0x7f; });
}

}  // namespace

Result<void> PageGuard::follow(std::string_view cursor) {
    if (cursor.size() > cursor_length_max || has_controls(cursor)) {
        return fail(ErrorCode::field_value,
                    fmt::format("nextPageCursor = {} ({} bytes) is not a cursor: the list is not read "
                                "further",
                                in_quotes(cursor), cursor.size()));
    }
    if (followed_.contains(cursor)) {
        return fail(ErrorCode::field_value,
                    fmt::format("nextPageCursor = {} was given before: the exchange's list has no end",
                                in_quotes(cursor)));
    }
    if (is_last()) {
        return fail(ErrorCode::field_value,
                    fmt::format("nextPageCursor = {} leads beyond {} pages: the exchange's list has no end",
                                in_quotes(cursor), pages_max_));
    }
    followed_.emplace(cursor);
    return {};
}

}  // namespace virtuoso
