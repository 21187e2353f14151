#include "command.hpp"
#include "live_connection.hpp"
#include "output.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

namespace virtuoso::app {

namespace {

constexpr std::int64_t report_every_ns = 10'000'000'000;

struct Arguments {
    LiveArguments live;
    std::string folder;
    std::uint64_t rotate_mib = 512;
    double duration_seconds = 0;
};

std::string progress(const JournalRotation& journal, const FeedStatistics& statistics) {
    return fmt::format(
        "{} records, {:.1f} MiB in {} files, {} dropped · {} disconnects, {} resyncs, {} trade gaps",
        journal.records(), static_cast<double>(journal.bytes()) / (1 << 20), journal.files(),
        journal.dropped(), statistics.disconnects, statistics.resyncs, statistics.trade_gaps);
}

int run_record(const Arguments& arguments) {
    std::error_code error;
    std::filesystem::create_directories(arguments.folder, error);
    if (error) {
        return report({ErrorCode::file_write, fmt::format("--out {} cannot be created: {}",
                                                          in_quotes(arguments.folder), error.message())});
    }
    watch_for_interrupts();
    auto opened =
        LiveConnection::open(arguments.live, {.on_notice = [](std::string_view text) { note(text); }});
    if (!opened) {
        return report(opened.error());
    }
    LiveConnection& connection = **opened;
    JournalRotation journal({.folder = arguments.folder,
                             .prefix = std::string(connection.feed().exchange()),
                             .bytes_max = arguments.rotate_mib << 20});
    connection.session().record_to(journal);
    if (const auto started = connection.wait_until_started(arguments.live.retry); !started) {
        return report(started.error());
    }
    print_error("recording {} symbols to {}\n", connection.feed().symbols().size(), arguments.folder);
    LocalTime reported = connection.clock().now();
    connection.work(arguments.duration_seconds, [&](LocalTime now) {
        if (now - reported > report_every_ns) {
            reported = now;
            print_error("{}\n", progress(journal, connection.feed().statistics()));
        }
    });
    const auto closed = journal.close();
    print("{}\n", progress(journal, connection.feed().statistics()));
    return closed ? exit_ok : report(closed.error());
}

}  // namespace

void add_record(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand("record", "Record an exchange's traffic to journals");
    arguments->live.add_to(command);
    command.option("--out", arguments->folder, "Folder of the journals; made when it is missing").required();
    command.option("--rotate-mb", arguments->rotate_mib, "A new journal after so many MiB, and every hour")
        .default_shown()
        .between(1, 1'000'000);
    command.option("--duration", arguments->duration_seconds, "Stop after so many seconds; default: never")
        .positive();
    command.runs([arguments] { return run_record(*arguments); });
}

}  // namespace virtuoso::app
