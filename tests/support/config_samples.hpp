// A value for every key of the configuration that is allowed and not its default.
#pragma once

#include "service/config_loader.hpp"
#include "service/config_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace virtuoso::test {

inline ConfigValue default_value(const ConfigKey& key) {
    return value_of(key, ServiceConfig{});
}

/// The first choice, or the example, that is not the default.
inline std::string sample_text(const ConfigKey& key, const std::string& usual) {
    const auto other = std::ranges::find_if(key.choices, [&](auto choice) { return choice != usual; });
    return other != key.choices.end() ? std::string(*other)
                                      : std::string(key.example.empty() ? "plain text" : key.example);
}

/// Numbers differ little from their defaults, so that they keep their order among each other.
inline double sample_number(const ConfigKey& key, double usual) {
    constexpr double step = 1e-4;
    return usual < key.high ? usual + (key.high - usual) * step : usual - (usual - key.low) * step;
}

inline ConfigValue sample_value(const ConfigKey& key) {
    struct Make {
        const ConfigKey& key;
        ConfigValue operator()(const std::string& usual) const { return sample_text(key, usual); }
        ConfigValue operator()(bool usual) const { return !usual; }
        ConfigValue operator()(std::int64_t usual) const {
            if (!key.choices.empty()) {
                return std::int64_t{std::stoll(sample_text(key, fmt::format("{}", usual)))};
            }
            const double near = sample_number(key, static_cast<double>(usual));
            const auto whole = static_cast<std::int64_t>(std::llround(near));
            return whole != usual ? whole : usual + (static_cast<double>(usual) < key.high ? 1 : -1);
        }
        ConfigValue operator()(double usual) const { return sample_number(key, usual); }
        ConfigValue operator()(const std::vector<std::string>& usual) const {
            return std::vector<std::string>{sample_text(key, usual.empty() ? "" : usual.front())};
        }
    };
    return std::visit(Make{key}, default_value(key));
}

/// As the environment has it.
inline std::string environment_text(const ConfigKey& key, const ConfigValue& value) {
    if (const auto* const text = std::get_if<std::string>(&value)) {
        return *text;
    }
    const auto* const list = std::get_if<std::vector<std::string>>(&value);
    return list == nullptr ? toml_text(value)
                           : fmt::format("{}", fmt::join(*list, std::string(1, key.separator) + " "));
}

/// What else has to be set for a key to be allowed, as lines of TOML.
inline std::string companions(const ConfigKey& key) {
    if (key.name == "rest_url") {
        return "exchange.stream_url = \"wss://127.0.0.1:8443\"\n";
    }
    if (key.name == "stream_url") {
        return "exchange.rest_url = \"https://127.0.0.1:8443\"\n";
    }
    return key.name == "sim_faults" ? "exchange.name = \"sim\"\n" : "";
}

/// One line that sets a key, where no section is open.
inline std::string toml_line(const ConfigKey& key, const std::string& value) {
    return fmt::format("{}.{} = {}\n", key.section, key.name, value);
}

/// The same, on line 2.
inline std::string second_line(const ConfigKey& key, const std::string& value) {
    return fmt::format("\n{}.{} = {}\n", key.section, key.name, value);
}

inline std::expected<LoadedConfig, ConfigErrors> load_text(const std::string& text) {
    return load_config({.file = ConfigFileText{"c.toml", text}});
}

/// All that is wrong, a line each; empty when nothing is.
inline std::string errors_in(const std::expected<LoadedConfig, ConfigErrors>& loaded) {
    std::string text;
    if (!loaded) {
        for (const auto& error : loaded.error()) {
            text += error.text() + "\n";
        }
    }
    return text;
}

}  // namespace virtuoso::test
