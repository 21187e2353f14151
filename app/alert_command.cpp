#include "alert/alert_request.hpp"
#include "alert/alert_sender.hpp"
#include "alert/alert_setup.hpp"
#include "alert_trial.hpp"
#include "command.hpp"
#include "engine/system_clock.hpp"
#include "output.hpp"
#include "service_config_arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <future>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

AlertMessage test_message(const std::string& sink, LocalTime now) {
    AlertMessage message;
    message.sink = sink;
    message.rule = "test";
    message.made = now;
    message.occurrences = {{.kind = "test",
                            .symbol = {},
                            .severity = AlertSeverity::info,
                            .time = {now.ns / ns_per_ms},
                            .words = {},
                            .numbers = {},
                            .sentence = "This is a test: alerts of Virtuoso arrive here.",
                            .link = {}}};
    message.key = alert_key(sink, message.rule, message.occurrences);
    return message;
}

Result<AlertSink> sink_named(const std::string& name, const AlertSetup& setup) {
    const auto found = std::ranges::find(setup.sinks, name, &SinkSpec::name);
    if (found == setup.sinks.end()) {
        std::vector<std::string_view> names;
        names.reserve(setup.sinks.size());
        for (const auto& sink : setup.sinks) {
            names.push_back(sink.name);
        }
        return fail(ErrorCode::argument,
                    fmt::format("--sink {}: there is no sink of this name; there are: {}", in_quotes(name),
                                fmt::join(names, ", ")));
    }
    return AlertSink::resolve(*found, machine_lookup());
}

/// One attempt, and what became of it.
DeliveryReport delivered_once(AlertSink sink) {
    const SystemClock clock;
    MemoryOutbox outbox;
    outbox.put(test_message(sink.spec.name, clock.now()), clock.now());
    std::promise<DeliveryReport> promise;
    bool told = false;
    AlertSender sender({std::move(sink)}, outbox, clock, {},
                       {.console = [](const AlertMessage& message) { print("{}\n", console_line(message)); },
                        .report =
                            [&](const DeliveryReport& report) {
                                if (!std::exchange(told, true)) {
                                    promise.set_value(report);
                                }
                            }});
    sender.start();
    DeliveryReport report = promise.get_future().get();
    sender.stop(0);
    return report;
}

int test_sink(const ServiceConfigArguments& arguments, const std::string& name) {
    const auto loaded = arguments.load();
    if (!loaded) {
        return report(loaded.error());
    }
    const auto setup = AlertSetup::parse(loaded->config.alerts.sinks, loaded->config.alerts.rules);
    if (!setup) {
        return report(setup.error());
    }
    auto sink = sink_named(name, *setup);
    if (!sink) {
        return report(sink.error());
    }
    const DeliveryReport answer = delivered_once(*std::move(sink));
    if (answer.verdict == DeliveryVerdict::delivered) {
        print("{}: delivered ({})\n", name, answer.reason);
        return exit_ok;
    }
    print_error("{}: not delivered: {}\n", name, answer.reason);
    return exit_network;
}

int try_rules(const ServiceConfigArguments& arguments, const RecordingArguments& recording) {
    const auto loaded = arguments.load();
    if (!loaded) {
        return report(loaded.error());
    }
    const auto tried = try_alerts(loaded->config, recording);
    return tried ? exit_ok : report(tried.error());
}

}  // namespace

void add_alert(CommandLine& line) {
    struct Arguments {
        std::string sink;
        ServiceConfigArguments service;
        ServiceConfigArguments trial;
        RecordingArguments recording;
    };
    auto arguments = std::make_shared<Arguments>();
    auto command =
        line.subcommand("alert", "Alerts (docs/alerts.md): try a sink, or the rules over recordings");
    auto testing = command.subcommand("test", "Send one alert to a sink and say what was answered");
    testing.option("--sink", arguments->sink, "Name of a sink of the configuration").required();
    arguments->service.add_file_to(testing);
    testing.runs([arguments] { return test_sink(arguments->service, arguments->sink); });
    auto trying =
        command.subcommand("try", "Print what the rules would have told of recordings; sends nothing");
    arguments->recording.add_files_to(trying);
    arguments->trial.add_file_to(trying);
    arguments->recording.add_to(trying);
    trying.runs([arguments] { return try_rules(arguments->trial, arguments->recording); });
}

}  // namespace virtuoso::app
