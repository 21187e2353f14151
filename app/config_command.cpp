#include "command.hpp"
#include "output.hpp"
#include "present/json.hpp"
#include "service/config_file.hpp"
#include "service/config_page.hpp"
#include "service/config_value.hpp"
#include "service_config_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace virtuoso::app {

namespace {

int check(const std::string& path) {
    auto file = read_config_file(path);
    if (!file) {
        return report(file.error());
    }
    const auto loaded = load_config({.file = std::move(*file)});
    if (!loaded) {
        const int code = report(loaded.error());
        const auto count = loaded.error().size();
        print_error("{} error{}\n", count, count == 1 ? "" : "s");
        return code;
    }
    const auto by_file = std::ranges::count(loaded->origins, ConfigOrigin::Kind::file, &ConfigOrigin::kind);
    print("{}: no errors; it sets {} of {} keys, the others have their defaults\n", path, by_file,
          config_keys().size());
    return exit_ok;
}

Json json_of(const ConfigKey& key, const ConfigValue& value) {
    if (key.secret) {
        return {shown_value(key, value)};
    }
    return std::visit([](const auto& plain) { return Json(plain); }, value);
}

Json json_of(const ConfigOrigin& origin) {
    Json json = Json::object();
    switch (origin.kind) {
        case ConfigOrigin::Kind::built_in:
            json.set("kind", "default");
            return json;
        case ConfigOrigin::Kind::file:
            json.set("kind", "file");
            json.set("name", origin.name);
            json.set("line", origin.line);
            return json;
        case ConfigOrigin::Kind::environment:
            json.set("kind", "environment");
            break;
        case ConfigOrigin::Kind::flag:
            json.set("kind", "flag");
            break;
    }
    json.set("name", origin.name);
    return json;
}

std::string json_text(const LoadedConfig& loaded) {
    Json keys = Json::array();
    for (const auto& key : config_keys()) {
        Json json = Json::object();
        json.set("section", key.section);
        json.set("key", key.name);
        json.set("value", json_of(key, value_of(key, loaded.config)));
        json.set("origin", json_of(loaded.origin_of(key)));
        keys.push_back(std::move(json));
    }
    Json json = Json::object();
    json.set("schema", "virtuoso.config/1");
    json.set("file", loaded.file.empty() ? Json() : Json(loaded.file));
    json.set("keys", std::move(keys));
    return json.text(2);
}

int show(const ServiceConfigArguments& arguments, bool json) {
    const auto loaded = arguments.load();
    if (!loaded) {
        return report(loaded.error());
    }
    print("{}{}", json ? json_text(*loaded) : config_show_text(*loaded), json ? "\n" : "");
    return exit_ok;
}

int init(const std::string& named) {
    if (named == "-") {
        print("{}", config_init_text());
        return exit_ok;
    }
    const auto path = named.empty() ? user_config_file(machine_lookup()) : named;
    if (!path) {
        return report({ErrorCode::argument,
                       "neither XDG_CONFIG_HOME nor HOME is an absolute path: name a file, or - to print"});
    }
    if (const auto written = write_new_config_file(*path, config_init_text()); !written) {
        return report(written.error());
    }
    print("{}: written, every key at its default; `virtuoso config check FILE` tries it\n", *path);
    return exit_ok;
}

}  // namespace

void add_config(CommandLine& line) {
    struct Arguments {
        std::string file;
        bool json = false;
        ServiceConfigArguments service;
    };
    auto arguments = std::make_shared<Arguments>();
    auto command =
        line.subcommand("config", "The service's configuration: check, show, init (docs/configuration.md)");
    auto checking = command.subcommand("check", "Tell everything that is wrong with a file");
    checking.option("FILE", arguments->file, "Configuration file").required();
    checking.runs([arguments] { return check(arguments->file); });
    auto showing = command.subcommand("show", "What is in effect, and what set it");
    arguments->service.add_to(showing);
    showing.flag("--json", arguments->json, "One JSON object, see docs/schema.md");
    showing.runs([arguments] { return show(arguments->service, arguments->json); });
    auto beginning =
        command.subcommand("init", "Write a file with every key at its default and a comment on each");
    beginning.option("FILE", arguments->file,
                     "File that is not there yet, or - to print; default: the user's own");
    beginning.runs([arguments] { return init(arguments->file); });
    command.subcommand("page", "Print docs/configuration.md").runs([] {
        print("{}", config_page());
        return exit_ok;
    });
}

}  // namespace virtuoso::app
