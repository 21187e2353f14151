// Where the key of a trading account comes from.
#pragma once

#include "exchange/bybit/api_key.hpp"

#include <optional>
#include <string>

namespace virtuoso::app {

inline constexpr const char* account_key_variable = "VIRTUOSO_BYBIT_API_KEY";
inline constexpr const char* account_secret_variable = "VIRTUOSO_BYBIT_API_SECRET";

/// Of the file if one is named, else of the two variables, else the simulated exchange's own; nullopt where
/// there is none. Before any other thread runs. Errors: file_open, file_format, argument.
[[nodiscard]] Result<std::optional<bybit::ApiKey>> account_key(const std::string& key_file,
                                                               const std::string& exchange);

/// Before a key is read: no core file, and no other process of this user may look into this one.
void keep_memory_private();

}  // namespace virtuoso::app
