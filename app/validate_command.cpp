// `virtuoso validate`: whether a running service does all that it should, as a report with its evidence.
#include "base/small_file.hpp"
#include "base/time.hpp"
#include "base/unicode.hpp"
#include "command.hpp"
#include "output.hpp"
#include "output_target.hpp"
#include "progress_bar.hpp"
#include "service_address.hpp"
#include "service_arguments.hpp"
#include "service_observer.hpp"
#include "service_trials.hpp"
#include "signals.hpp"
#include "validation/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

struct Arguments {
    ServiceArguments service;
    double minutes = 12;
    double every_seconds = 5;
    std::string out;
    std::string against;
    std::string silence;
    std::string restart;
    bool force = false;
};

/// The report in its three forms: opened before the watch, so that it is not done for nothing.
struct Files {
    std::string folder;
    std::vector<OutputFile> files;  ///< as `forms`
};

struct Form {
    std::string_view name;
    std::string (*written)(const validation::Report& report);
};
constexpr std::array forms{Form{"report.md", validation::report_markdown},
                           Form{"report.html", validation::report_html},
                           Form{"report.json", validation::report_json}};

/// "validation-20261127T163000Z" where none is given.
std::string folder_of(const Arguments& arguments) {
    if (!arguments.out.empty()) {
        return arguments.out;
    }
    const SystemClock clock;
    std::string time = iso_text(ExchangeTime{clock.now().ns / 1'000'000}).substr(0, 19);
    std::erase_if(time, [](char letter) { return letter == '-' || letter == ':'; });
    return fmt::format("validation-{}Z", time);
}

Result<Files> open_files(const Arguments& arguments) {
    Files files{.folder = folder_of(arguments), .files = {}};
    std::error_code error;
    std::filesystem::create_directories(files.folder, error);
    if (error) {
        return fail(ErrorCode::file_write,
                    fmt::format("the folder {} cannot be made: {}: give --out another one",
                                in_quotes(files.folder), error.message()));
    }
    std::vector<std::string> inputs;
    if (!arguments.against.empty()) {
        inputs.push_back(arguments.against);
    }
    files.files.reserve(forms.size());
    for (const Form& form : forms) {
        const auto path = std::filesystem::path(files.folder) / form.name;
        auto file = open_output(OutputKind::validation, "--out", path.string(), inputs, arguments.force);
        if (!file) {
            return std::unexpected(file.error());
        }
        files.files.push_back(*std::move(file));
    }
    return files;
}

void watch(const Arguments& arguments, ServiceObserver& observer, validation::Observations& seen) {
    constexpr int looks_a_sample = 6;
    const auto whole_ms = static_cast<std::int64_t>(arguments.minutes * 60e3);
    const std::int64_t end_ms = seen.begun_ms + whole_ms;
    ProgressBar bar("watching");
    for (int looks = 0; !observer.over(); ++looks) {
        const std::int64_t next_ms = std::min(end_ms, observer.now_ms() + seen.every_ms);
        observer.look();
        if (looks % looks_a_sample == 0) {
            observer.sample();
        }
        if (observer.now_ms() >= end_ms) {
            break;
        }
        while (!observer.over() && observer.now_ms() < next_ms) {
            bar.show(static_cast<double>(observer.now_ms() - seen.begun_ms) / static_cast<double>(whole_ms));
            observer.wait(std::clamp<std::int64_t>(next_ms - observer.now_ms(), 1, 200));
        }
    }
}

void print_findings(const validation::Report& report, const std::string& folder) {
    for (const auto& [criterion, outcome] : report.findings) {
        print("{:8}  {:9} {}: {}\n", name_of(outcome.judgement), criterion->id, criterion->wanted,
              printable(outcome.evidence.value));
    }
    if (report.comparison) {
        for (const auto& text : report.comparison->regressions) {
            print("WORSE     {}\n", printable(text));
        }
    }
    using validation::Judgement;
    print("\n{}: {} passed, {} failed, {} not seen; confidence {:.0f} %. The report: {}\n",
          name_of(report.verdict()), report.count(Judgement::pass), report.count(Judgement::fail),
          report.count(Judgement::not_seen), report.confidence() * 100,
          in_quotes((std::filesystem::path(folder) / "report.html").string()));
}

Result<void> write_report(const validation::Report& report, Files& files) {
    for (std::size_t i = 0; i < forms.size(); ++i) {
        if (auto written = write_whole(files.files[i], forms.at(i).written(report)); !written) {
            return written;
        }
    }
    return {};
}

Result<std::string> previous_report(const Arguments& arguments) {
    constexpr std::size_t bytes_max = std::size_t{16} << 20;
    if (arguments.against.empty()) {
        return std::string();
    }
    return read_small_file(arguments.against, bytes_max);
}

/// Errors: argument, also where something else answers there; network.
Result<std::unique_ptr<ServiceClient>> simulated_exchange(const std::string& url) {
    auto exchange = ServiceClient::open_without_token(url, "--silence");
    if (!exchange) {
        return exchange;
    }
    constexpr int ok = 200;
    const auto faults = (*exchange)->answer_to("/admin/faults", [] { return interrupted(); });
    if (!faults || faults->status != ok) {
        return fail(faults ? ErrorCode::argument : ErrorCode::network,
                    fmt::format("--silence = {}: no simulated exchange answers there: give the address that "
                                "`virtuoso sim` listens on",
                                in_quotes(url)));
    }
    return exchange;
}

int validate(const Arguments& arguments, ServiceClient& service) {
    watch_for_interrupts();
    const auto previous = previous_report(arguments);
    if (!previous) {
        return report(previous.error());
    }
    validation::Observations seen{.url = service.url(),
                                  .every_ms = static_cast<std::int64_t>(arguments.every_seconds * 1e3)};
    if (!arguments.against.empty()) {
        if (const auto readable = validation::compare(validation::make_report(seen), *previous); !readable) {
            return report(
                {readable.error().code, in_quotes(arguments.against) + ": " + readable.error().message});
        }
    }
    ServiceObserver observer(service, seen, [] { return interrupted(); });
    if (const auto begun = observer.begin(); !begun) {
        return report(begun.error());
    }
    std::unique_ptr<ServiceClient> exchange;
    if (!arguments.silence.empty()) {
        auto found = simulated_exchange(arguments.silence);
        if (!found) {
            return report(found.error());
        }
        exchange = std::move(*found);
    }
    auto files = open_files(arguments);
    if (!files) {
        return report(files.error());
    }
    watch(arguments, observer, seen);
    if (!interrupted()) {
        observer.finish();
    }
    if (!arguments.restart.empty() && !interrupted()) {
        seen.restart = try_restart(observer, arguments.restart, service.is_local());
    }
    if (exchange != nullptr && !interrupted()) {
        seen.silence = try_silence(observer, service, *exchange);
    }
    if (interrupted()) {
        return interrupted_exit_code();
    }
    validation::Report made = validation::make_report(seen);
    if (!arguments.against.empty()) {
        made.comparison = *validation::compare(made, *previous);
    }
    if (const auto written = write_report(made, *files); !written) {
        return report(written.error());
    }
    print_findings(made, files->folder);
    if (const auto printed = finish_output(); !printed) {
        return report(printed.error());
    }
    return made.verdict() == validation::Judgement::pass ? exit_ok : exit_not_passed;
}

}  // namespace

void add_validate(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand(
        "validate", "Watch a running service and report, with evidence, whether it does all that it should");
    arguments->service.add_to(command);
    command
        .option("--minutes", arguments->minutes,
                "Watched for so long; less than 12 leaves some things unseen")
        .default_shown()
        .between(0.05, 1'440.0);
    command.option("--every", arguments->every_seconds, "Seconds between two looks")
        .default_shown()
        .between(0.2, 60.0);
    command.option("--out", arguments->out,
                   "Folder for report.md, report.html and report.json; default: validation-TIME");
    command.option("--against", arguments->against,
                   "The report.json of an earlier validation: names what became worse");
    command.option("--silence", arguments->silence,
                   "Address of the simulated exchange that it follows, such as http://127.0.0.1:8090: it is "
                   "made to fall "
                   "silent, and the memory keeper has to run nevertheless");
    command.option("--restart", arguments->restart,
                   "A command that restarts the service, such as 'systemctl restart virtuoso': nothing may "
                   "be lost by it");
    add_force_to(command, arguments->force);
    command.runs([arguments] {
        return with_service(arguments->service,
                            [&](ServiceClient& service) { return validate(*arguments, service); });
    });
}

}  // namespace virtuoso::app
