#include "service/config_loader.hpp"

#include "base/nearest_name.hpp"
#include "base/unicode.hpp"
#include "service/config_rules.hpp"
#include "service/config_text.hpp"
#include "service/config_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::string_view variable_prefix = "VIRTUOSO_";

std::size_t index_of(const ConfigKey& key) {
    return static_cast<std::size_t>(&key - config_keys().data());
}

std::vector<std::string_view> names_in(std::string_view section) {
    std::vector<std::string_view> names;
    for (const auto& key : config_keys()) {
        if (key.section == section) {
            names.push_back(key.name);
        }
    }
    return names;
}

/// The key of that name in a section where it was not looked for.
const ConfigKey* namesake(std::string_view name) {
    const auto found = std::ranges::find(config_keys(), name, &ConfigKey::name);
    return found == config_keys().end() ? nullptr : &*found;
}

std::string unknown_key(const ConfigEntry& entry) {
    const ConfigKey* const other = namesake(entry.name);
    if (entry.section.empty()) {
        std::vector<std::string_view> names;
        for (const auto& key : config_keys()) {
            names.push_back(key.name);
        }
        const ConfigKey& nearest = other != nullptr ? *other : *namesake(nearest_name(entry.name, names));
        return fmt::format("{} stands before the first section; is it {}?", in_quotes(entry.name),
                           title_of(nearest));
    }
    const auto names = names_in(entry.section);
    const std::string meant =
        other != nullptr ? title_of(*other) : std::string(nearest_name(entry.name, names));
    return fmt::format("[{}] has no key {}; is it {}? There are: {}", entry.section, in_quotes(entry.name),
                       meant, fmt::join(names, ", "));
}

/// Set by others: keys of accounts and the token of clients, which are no configuration, and what Kubernetes
/// tells of services that are called virtuoso or virtuoso-api.
bool is_foreign(const EnvironmentVariable& variable) {
    const std::string_view name = variable.name;
    const std::string_view value = variable.value;
    const auto holds = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
    const bool is_address = value.starts_with("tcp://") || value.starts_with("udp://");
    return name == "VIRTUOSO_TOKEN" || name.starts_with("VIRTUOSO_BYBIT_") ||
           name.starts_with("VIRTUOSO_BINANCE_") || name.ends_with("_SERVICE_HOST") ||
           name.ends_with("_SERVICE_PORT") || holds("_SERVICE_PORT_") ||
           (name.ends_with("_PORT") && is_address) || (holds("_PORT_") && (holds("_TCP") || holds("_UDP")));
}

class Loader {
  public:
    explicit Loader(const ConfigSources& sources) : sources_(sources) {
        loaded_.origins.resize(config_keys().size());
        faulty_.resize(config_keys().size());
    }

    std::expected<LoadedConfig, ConfigErrors> load() {
        if (sources_.file) {
            loaded_.file = sources_.file->path;
            read_file(*sources_.file);
        }
        read_environment();
        for (const auto& flag : sources_.flags) {
            const auto* const text = std::get_if<std::string>(&flag.value);
            set(*flag.key, {ConfigOrigin::Kind::flag, std::string(flag.key->flag), 0},
                text != nullptr ? value_from_text(*flag.key, *text) : checked_value(*flag.key, flag.value));
        }
        check_together();
        if (!errors_.empty()) {
            return std::unexpected(std::move(errors_));
        }
        return std::move(loaded_);
    }

  private:
    void read_file(const ConfigFileText& file) {
        ConfigText text = parse_config_text(file.text);
        std::vector<ConfigTextFault> faults = std::move(text.faults);
        std::vector<std::uint32_t> lines(config_keys().size(), 0);
        for (auto& entry : text.entries) {
            const ConfigKey* const key = config_key(entry.section, entry.name);
            if (key == nullptr) {
                faults.push_back({entry.line, unknown_key(entry)});
                continue;
            }
            std::uint32_t& first = lines[index_of(*key)];
            if (first != 0) {
                faults.push_back(
                    {entry.line, fmt::format("{} was already given on line {}", title_of(*key), first)});
                continue;
            }
            first = entry.line;
            auto value = entry.value ? checked_value(*key, *std::move(entry.value))
                                     : std::unexpected(wrong_type(*key, entry.shown));
            if (!value) {
                faults.push_back({entry.line, fmt::format("{} {}", title_of(*key), value.error())});
                faulty_[index_of(*key)] = true;
                continue;
            }
            accept(*key, {ConfigOrigin::Kind::file, file.path, entry.line}, *std::move(value));
        }
        std::ranges::stable_sort(faults, {}, &ConfigTextFault::line);
        for (const auto& fault : faults) {
            const ConfigOrigin place{ConfigOrigin::Kind::file, file.path, fault.line};
            refuse(ErrorCode::config, fmt::format("{}: {}", place.text(), fault.text));
        }
    }

    void read_environment() {
        std::vector<std::string> names;
        names.reserve(config_keys().size());
        for (const auto& key : config_keys()) {
            names.push_back(variable_of(key));
        }
        const std::vector<std::string_view> known(names.begin(), names.end());
        for (const auto& variable : sources_.environment) {
            const auto found = std::ranges::find(known, variable.name);
            if (found != known.end()) {
                const ConfigKey& key = config_keys()[static_cast<std::size_t>(found - known.begin())];
                set(key, {ConfigOrigin::Kind::environment, variable.name, 0},
                    value_from_text(key, variable.value));
            } else if (variable.name.starts_with(variable_prefix) && !is_foreign(variable)) {
                refuse(
                    ErrorCode::config,
                    fmt::format("environment: there is no {}; is it {}? `virtuoso config init -` lists them",
                                printable(variable.name), nearest_name(variable.name, known)));
            }
        }
    }

    void set(const ConfigKey& key, ConfigOrigin origin, std::expected<ConfigValue, ConfigFault> value) {
        if (value) {
            accept(key, std::move(origin), *std::move(value));
            return;
        }
        const bool is_flag = origin.kind == ConfigOrigin::Kind::flag;
        faulty_[index_of(key)] = true;
        refuse(is_flag ? ErrorCode::argument : ErrorCode::config,
               is_flag ? fmt::format("{} {}", origin.name, value.error())
                       : fmt::format("{}: {} {}", origin.text(), title_of(key), value.error()));
    }

    void accept(const ConfigKey& key, ConfigOrigin origin, ConfigValue value) {
        set_value(key, std::move(value), loaded_.config);
        loaded_.origins[index_of(key)] = std::move(origin);
    }

    /// Rules over several keys. A rule of which one is already refused says nothing more.
    void check_together() {
        for (const auto& rule : config_rules()) {
            bool by_flag = false;
            bool is_judged = true;
            std::string values;
            for (const auto* key : rule.keys()) {
                const auto& origin = loaded_.origins[index_of(*key)];
                by_flag = by_flag || origin.kind == ConfigOrigin::Kind::flag;
                is_judged = is_judged && !faulty_[index_of(*key)];
                values += fmt::format("{}{} = {} ({})", values.empty() ? "" : ", ", title_of(*key),
                                      shown_value(*key, value_of(*key, loaded_.config)), origin.text());
            }
            if (is_judged && !rule.holds(loaded_.config)) {
                refuse(by_flag ? ErrorCode::argument : ErrorCode::config,
                       fmt::format("{}: {}{}{}", values, rule.why == nullptr ? "" : rule.why(loaded_.config),
                                   rule.why == nullptr ? "" : "; ", rule.sentence));
            }
        }
    }

    void refuse(ErrorCode code, std::string message) { errors_.push_back({code, std::move(message)}); }

    const ConfigSources& sources_;
    LoadedConfig loaded_;
    std::vector<bool> faulty_;
    ConfigErrors errors_;
};

}  // namespace

std::string ConfigOrigin::text() const {
    switch (kind) {
        case Kind::built_in:
            return "default";
        case Kind::file:
            return line == 0 ? printable(name) : fmt::format("{}:{}", printable(name), line);
        case Kind::environment:
            return name;
        case Kind::flag:
            return fmt::format("flag {}", name);
    }
    return {};
}

const ConfigOrigin& LoadedConfig::origin_of(const ConfigKey& key) const {
    return origins[index_of(key)];
}

std::expected<LoadedConfig, ConfigErrors> load_config(const ConfigSources& sources) {
    return Loader(sources).load();
}

}  // namespace virtuoso
