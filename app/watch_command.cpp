#include "command.hpp"
#include "service_client.hpp"
#include "watch.hpp"

#include <memory>
#include <string>

namespace virtuoso::app {

namespace {

int watch(const WatchArguments& arguments) {
    return arguments.url.empty() ? watch_exchange(arguments) : watch_service(arguments);
}

}  // namespace

void add_watch(CommandLine& line) {
    auto arguments = std::make_shared<WatchArguments>();
    auto command = line.subcommand(
        "watch",
        "The most traded symbols live, of an exchange or of a running service; ? on it explains its keys");
    arguments->live.add_to(command);
    command.option("--url", arguments->url,
                   "A running service's address, for example http://127.0.0.1:8080; options of exchanges and "
                   "scores are then the service's own, but for --symbols");
    command.option("--token-file", arguments->token_file, std::string(token_help));
    command
        .option("--top", arguments->top,
                "Only the so many most traded are shown; default: all on a terminal, else 15")
        .between(1, 2'000);
    command.option("--refresh", arguments->refresh_seconds, "Seconds between evaluations of all symbols")
        .default_shown()
        .between(0.1, 3'600.0);
    command.flag("--json", arguments->json, "One JSON object per shown symbol and refresh (docs/schema.md)");
    arguments->scoring.add_to(command);
    command.runs([arguments] { return watch(*arguments); });
}

}  // namespace virtuoso::app
