#include "command.hpp"
#include "keeper_picture.hpp"
#include "live_connection.hpp"
#include "output.hpp"
#include "service/keeper_run.hpp"
#include "service_arguments.hpp"

#include <fmt/format.h>

#include <memory>

namespace virtuoso::app {

namespace {

constexpr std::int64_t ask_again_ms = 100;
constexpr std::int64_t patience_ns = 60'000'000'000;

struct Arguments {
    ServiceArguments service;
    bool json = false;
    int limit = 20;
};

int finish(const Arguments& arguments, const std::string& document, const KeeperRunNews& news) {
    if (arguments.json) {
        print_text(document);
    } else {
        print("{}\n", news.line);
    }
    return news.failed ? exit_network : exit_ok;
}

int run(const Arguments& arguments, ServiceClient& service) {
    const SystemClock clock;
    const LocalTime begun = clock.now();
    const auto over = [&] { return clock.now() - begun > patience_ns; };
    const auto accepted = service.post("/api/v1/keeper/run", over);
    if (!accepted) {
        return report(accepted.error());
    }
    const auto asked = keeper_run_news(*accepted);
    if (!asked) {
        return report(asked.error());
    }
    while (!over()) {
        const auto document = service.get(fmt::format("/api/v1/keeper/runs/{}", asked->number), over);
        if (!document) {
            return report(document.error());
        }
        const auto news = keeper_run_news(*document);
        if (!news) {
            return report(news.error());
        }
        if (news->over) {
            return finish(arguments, *document, *news);
        }
        service.wait(ask_again_ms, over);
    }
    return report(
        Error{ErrorCode::network,
              fmt::format("run {} is not over: `virtuoso keeper show` tells when it is", asked->number)});
}

int show(const Arguments& arguments, ServiceClient& service) {
    const auto document =
        service.get(fmt::format("/api/v1/keeper?limit={}", arguments.limit), [] { return false; });
    if (!document) {
        return report(document.error());
    }
    if (arguments.json) {
        print_text(*document);
        return exit_ok;
    }
    const auto picture = keeper_picture(*document);
    if (!picture) {
        return report(picture.error());
    }
    print("{}", *picture);
    return exit_ok;
}

}  // namespace

void add_keeper(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand("keeper", "The memory keeper of a running service");
    auto run_command = command.subcommand("run", "Have it run now, and tell what it did");
    arguments->service.add_to(run_command);
    run_command.flag("--json", arguments->json, "The run as a JSON object (docs/schema.md)");
    run_command.runs([arguments] {
        return with_service(arguments->service,
                            [&](ServiceClient& service) { return run(*arguments, service); });
    });
    auto show_command = command.subcommand("show", "Its schedule, the memory, and its last runs");
    arguments->service.add_to(show_command);
    show_command.option("--limit", arguments->limit, "Runs shown")
        .default_shown()
        .between(1, static_cast<int>(KeeperHistory::runs_max));
    show_command.flag("--json", arguments->json, "All of it as a JSON object (docs/schema.md)");
    show_command.runs([arguments] {
        return with_service(arguments->service,
                            [&](ServiceClient& service) { return show(*arguments, service); });
    });
}

}  // namespace virtuoso::app
