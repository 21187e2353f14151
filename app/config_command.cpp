#include "api/config_in_force.hpp"
#include "command.hpp"
#include "output.hpp"
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

int show(const ServiceConfigArguments& arguments, bool json) {
    const auto loaded = arguments.load();
    if (!loaded) {
        return report(loaded.error());
    }
    if (json) {
        print_text(config_json(*loaded).text(2) + "\n");
    } else {
        print_prose(config_show_text(*loaded));
    }
    return exit_ok;
}

int init(const std::string& named) {
    if (named == "-") {
        print_text(config_init_text());
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
        print_text(config_page());
        return exit_ok;
    });
}

}  // namespace virtuoso::app
