#include "service/config_page.hpp"

#include "service/config_value.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::string_view page_head =
    R"(<!-- Made by `virtuoso config page`, of the table that the program itself follows. Do not edit. -->

# Configuration

`virtuoso run` needs no configuration: every key has a default. A value is set by, each over the one before:

1. one file in [TOML](https://toml.io/en/v1.0.0): the one that `--config FILE` names, else `$XDG_CONFIG_HOME/virtuoso/config.toml`
   (`~/.config/virtuoso/config.toml`), else `/etc/virtuoso/config.toml`, else none;
2. the environment: `VIRTUOSO_SECTION_KEY`. Elements of a list stand between commas, those of `sim_faults`
   and of alerts between semicolons. An empty variable is an empty text or list;
3. a flag of the command line, where a key has one.

| command | does |
|---|---|
| `virtuoso config init [FILE]` | writes a file with every key at its default and a comment on each; `-` prints it; nothing is overwritten |
| `virtuoso config check FILE` | tells everything that is wrong with a file at once, and exits with 4 |
| `virtuoso config show` | what is in effect, and what set it; `--json` for programs ([schema](schema.md)); secrets are masked |

Nothing is passed over: a section, key or variable that there is not, a value of the wrong type or beyond its limits, a key given
twice, a broken line are refused with file, line, key, what is allowed and the nearest name that there is. All of them are told at
once. Variables that begin with `VIRTUOSO_` have to name a key, but for account keys (`VIRTUOSO_BYBIT_…`, `VIRTUOSO_BINANCE_…`) and those
that Kubernetes sets for services called `virtuoso` (`VIRTUOSO_SERVICE_HOST`, `VIRTUOSO_PORT`, …).

SIGHUP reads the configuration again. Keys marked "live" apply at once; changes of the others are told and wait for the next start.
With an error in it, the whole configuration stays as it was.

Names that end in `_s` are seconds, in `_ms` milliseconds; seconds may have a fraction.
)";

/// Keys of one section, in order.
template <typename Visit>
void for_keys_of(const ConfigSection& section, Visit&& visit) {
    for (const auto& key : config_keys()) {
        if (key.section == section.name) {
            visit(key);
        }
    }
}

std::string default_of(const ConfigKey& key) {
    return toml_text(value_of(key, ServiceConfig{}));
}

/// As a cell of a table.
std::string cell(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
        text.insert(at, 1, '\\');
    }
    return text;
}

}  // namespace

std::string config_init_text() {
    std::string text =
        "# Configuration of `virtuoso run`, every key at its default. What is left out has it too.\n"
        "# Each line says what is allowed, the variable of the environment and the flag that go over it.\n";
    for (const auto& section : config_sections()) {
        text += fmt::format("\n# {}\n[{}]\n", section.sentence, section.name);
        for_keys_of(section, [&](const ConfigKey& key) {
            text += fmt::format("# {}\n#   {} · {}{}{}\n{} = {}\n", key.sentence, allowed_text(key),
                                variable_of(key), key.flag.empty() ? "" : " · ", key.flag, key.name,
                                default_of(key));
        });
    }
    return text;
}

std::string config_show_text(const LoadedConfig& loaded) {
    std::string text = loaded.file.empty()
                           ? "# No configuration file.\n"
                           : fmt::format("# Configuration file: {}\n", in_quotes(loaded.file));
    for (const auto& section : config_sections()) {
        text += fmt::format("\n[{}]\n", section.name);
        for_keys_of(section, [&](const ConfigKey& key) {
            const auto line =
                fmt::format("{} = {}", key.name, shown_value(key, value_of(key, loaded.config)));
            text += fmt::format("{:<40} # {}\n", line, loaded.origin_of(key).text());
        });
    }
    return text;
}

std::string config_page() {
    std::string page(page_head);
    for (const auto& section : config_sections()) {
        page += fmt::format("\n## [{}]\n\n{}\n\n", section.name, section.sentence);
        page += "| key | default | allowed | set by | what it does |\n|---|---|---|---|---|\n";
        for_keys_of(section, [&](const ConfigKey& key) {
            page += fmt::format("| `{}`{} | `{}` | {} | `{}`{} | {} |\n", key.name, key.live ? " live" : "",
                                default_of(key), cell(allowed_text(key)), variable_of(key),
                                key.flag.empty() ? "" : fmt::format(", `{}`", key.flag), key.sentence);
        });
    }
    return page;
}

}  // namespace virtuoso
