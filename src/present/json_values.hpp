// Values of documents that may be absent.
#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "present/json.hpp"

#include <optional>

namespace virtuoso {

[[nodiscard]] inline Json or_null(const std::optional<double>& number) {
    return number ? Json(*number) : Json(nullptr);
}
/// Exact text.
template <typename Tag>
[[nodiscard]] Json or_null(const std::optional<Decimal<Tag>>& number) {
    return number ? Json(to_text(*number)) : Json(nullptr);
}
[[nodiscard]] inline Json or_null(const std::optional<ExchangeTime>& time) {
    return time ? Json(time->ms) : Json(nullptr);
}

}  // namespace virtuoso
