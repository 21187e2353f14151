// A configuration file's text, taken apart.
#pragma once

#include "service/config_key.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Something of a file that cannot be accepted.
struct ConfigTextFault {
    std::uint32_t line = 0;
    std::string text;
};

/// `key = value` in a section.
struct ConfigEntry {
    std::uint32_t line = 0;
    std::string section;  ///< "events.whale_trade"; empty before the first section
    std::string name;
    std::optional<ConfigValue> value;  ///< absent when it is of a type that no key has
    std::string shown;                 ///< what it is then: "a date"
};

struct ConfigText {
    std::vector<ConfigEntry> entries;     ///< in order of their lines
    std::vector<ConfigTextFault> faults;  ///< of the syntax, and sections that there are not
};

inline constexpr std::size_t config_bytes_max = 262'144;  // 256 kB

/// Reads TOML. What is broken in one line does not hide what is broken in the others: the line is left out
/// and the rest read again, up to twenty times. Text beyond `config_bytes_max`, not in UTF-8 or nested deeper
/// than any section is refused as a whole. O(size × faults).
[[nodiscard]] ConfigText parse_config_text(std::string_view text);

}  // namespace virtuoso
