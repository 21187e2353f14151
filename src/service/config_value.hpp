// One value of the configuration: read, judged and written.
#pragma once

#include "service/config_key.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace virtuoso {

/// Of a value that a key does not allow, in words that follow its name: "= 0 is too small: 1 to 64 are
/// allowed". The value of a secret is not repeated.
using ConfigFault = std::string;

/// A value as the environment or a flag gives it. Lists are separated by the key's separator; spaces around
/// elements do not count. Nothing is an empty text or list.
[[nodiscard]] std::expected<ConfigValue, ConfigFault> value_from_text(const ConfigKey& key,
                                                                      std::string_view text);

/// A value of any type: as it is where the key allows it, whole numbers as numbers where those are wanted.
[[nodiscard]] std::expected<ConfigValue, ConfigFault> checked_value(const ConfigKey& key, ConfigValue value);

/// Of something that is no value at all, a date for example.
[[nodiscard]] ConfigFault wrong_type(const ConfigKey& key, std::string_view shown);

/// As TOML has it; reads back as the same value. Characters that are not shown are escapes.
[[nodiscard]] std::string toml_text(const ConfigValue& value);
/// The same, but stars for a secret that is set.
[[nodiscard]] std::string shown_value(const ConfigKey& key, const ConfigValue& value);
/// Of a secret: stars where it is set.
[[nodiscard]] std::string shown_secret(const ConfigValue& value);

/// "1 to 64", "one of text, json", "true or false", …
[[nodiscard]] std::string allowed_text(const ConfigKey& key);
/// "whole number", …
[[nodiscard]] std::string_view type_name(ConfigType type) noexcept;

}  // namespace virtuoso
