// Rows of the store as documents.
#pragma once

#include "present/json.hpp"
#include "store/store_table.hpp"
#include "store/store_value.hpp"

#include <span>
#include <string_view>

namespace virtuoso {

/// A field for every column but those to `skip`. Texts that hold documents ("breakdown", "numbers") are
/// written out as such.
[[nodiscard]] Json row_json(const StoreTableSpec& spec, std::span<const StoreValue> row,
                            std::span<const std::string_view> skip = {});

/// Of `alerts`: its columns without the message, and what of the message a list shows. It has the names of
/// sinks alone, never their addresses.
[[nodiscard]] Json alert_row_json(std::span<const StoreValue> row);

}  // namespace virtuoso
