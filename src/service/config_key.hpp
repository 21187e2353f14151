// The table of everything that can be configured. Reading, checking, showing and the documentation follow it.
#pragma once

#include "service/config.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace virtuoso {

/// A value of a key: text, truth, whole number, number, list of texts.
using ConfigValue = std::variant<std::string, bool, std::int64_t, double, std::vector<std::string>>;
/// Where a key's value stands; the same alternatives in the same order.
using ConfigField = std::variant<std::string*, bool*, std::int64_t*, double*, std::vector<std::string>*>;

enum class ConfigType : std::uint8_t { text, truth, whole_number, number, list };

/// True when a text, or an element of a list, is allowed.
using ConfigCheck = bool (*)(const std::string& text);
/// Why a text is not allowed.
using ConfigReason = std::string (*)(const std::string& text);

struct ConfigKey {
    std::string_view section;  ///< "universe", or "events.whale_trade" for a section in a section
    std::string_view name;
    ConfigField (*field)(ServiceConfig& config);  ///< also tells the type
    std::string_view sentence;                    ///< what it does
    std::string_view unit = "";
    double low = 0;  ///< of numbers, both ends allowed
    double high = 0;
    std::span<const std::string_view> choices = {};  ///< empty: any
    ConfigCheck check = nullptr;
    ConfigReason why = nullptr;     ///< what is wrong with a text that `check` refuses, in words
    std::string_view allowed = "";  ///< in words, what `check` accepts
    std::string_view example = "";  ///< an accepted text or element that is not the default
    std::string_view flag = "";     ///< of the `run` command; empty: none
    char separator = ',';           ///< between the elements of a list in the environment
    bool secret = false;            ///< never shown
    bool guarded = false;  ///< shown, but not when it is refused: a secret may stand there by mistake
    bool live = false;     ///< a reload applies it; else it waits for the next start
};

struct ConfigSection {
    std::string_view name;
    std::string_view sentence;
};

/// In the order in which they are shown: all keys of a section stand together.
[[nodiscard]] std::span<const ConfigKey> config_keys();
[[nodiscard]] std::span<const ConfigSection> config_sections();

/// Null when there is none of that name.
[[nodiscard]] const ConfigKey* config_key(std::string_view section, std::string_view name);

[[nodiscard]] ConfigType type_of(const ConfigKey& key);
[[nodiscard]] ConfigValue value_of(const ConfigKey& key, const ServiceConfig& config);
/// Precondition: `value` is of the key's type.
void set_value(const ConfigKey& key, ConfigValue value, ServiceConfig& config);

/// "[universe] deep"
[[nodiscard]] std::string title_of(const ConfigKey& key);
/// "VIRTUOSO_UNIVERSE_DEEP"
[[nodiscard]] std::string variable_of(const ConfigKey& key);

}  // namespace virtuoso
