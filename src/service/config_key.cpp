#include "service/config_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

const ConfigKey* config_key(std::string_view section, std::string_view name) {
    const auto keys = config_keys();
    const auto found = std::ranges::find_if(
        keys, [&](const ConfigKey& key) { return key.section == section && key.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

ConfigType type_of(const ConfigKey& key) {
    ServiceConfig config;
    return static_cast<ConfigType>(key.field(config).index());
}

ConfigValue value_of(const ConfigKey& key, const ServiceConfig& config) {
    // The field is only read.
    return std::visit([](const auto* field) { return ConfigValue(*field); },
                      key.field(const_cast<ServiceConfig&>(config)));
}

void set_value(const ConfigKey& key, ConfigValue value, ServiceConfig& config) {
    std::visit(
        [&](auto* field) { *field = std::get<std::remove_pointer_t<decltype(field)>>(std::move(value)); },
        key.field(config));
}

std::string title_of(const ConfigKey& key) {
    return fmt::format("[{}] {}", key.section, key.name);
}

std::string variable_of(const ConfigKey& key) {
    std::string name = fmt::format("VIRTUOSO_{}_{}", key.section, key.name);
    std::ranges::transform(name, name.begin(), [](char letter) {
        return letter == '.'                    ? '_'
               : letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A')
                                                : letter;
    });
    return name;
}

}  // namespace virtuoso
