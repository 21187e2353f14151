#include "base/output_file.hpp"
#include "command.hpp"
#include "live_connection.hpp"
#include "output.hpp"
#include "signals.hpp"

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
};

std::string progress(const JournalRotation& journal, const FeedStatistics& statistics) {
    return fmt::format(
        "{} records, {:.1f} MiB in {} files, {} dropped · {} disconnects, {} resyncs, {} trade gaps",
        journal.records(), static_cast<double>(journal.bytes()) / (1 << 20), journal.files(),
        journal.dropped(), statistics.disconnects, statistics.resyncs, statistics.trade_gaps);
}

/// Makes the folder and writes something there. Error: file_write.
Result<void> try_folder(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return fail(ErrorCode::file_write,
                    fmt::format("--out {} cannot be created: {}", in_quotes(folder), error.message()));
    }
    constexpr std::size_t trial_bytes = 4'096;
    auto trial = OutputFile::create({.path = folder + "/virtuoso", .name = "--out"});
    auto written = trial ? trial->write(std::string(trial_bytes, ' ')) : std::unexpected(trial.error());
    if (!written) {
        return fail(ErrorCode::file_write, fmt::format("--out {}: nothing can be written there: {}",
                                                       in_quotes(folder), written.error().message));
    }
    return {};
}

/// Whether everything that was received is on the disk. Error: file_write.
Result<void> finish(JournalRotation& journal) {
    auto closed = journal.close();
    if (closed && journal.dropped() > 0) {
        return fail(ErrorCode::file_write,
                    fmt::format("{} records could not be written and are lost", journal.dropped()));
    }
    return closed;
}

int run_record(const Arguments& arguments) {
    if (const auto tried = try_folder(arguments.folder); !tried) {
        return report(tried.error());
    }
    auto opened =
        LiveConnection::open(arguments.live, {.on_notice = [](std::string_view text) { note(text); }});
    if (!opened) {
        return report(opened.error());
    }
    watch_for_interrupts();
    LiveConnection& connection = **opened;
    JournalRotation journal({.folder = arguments.folder,
                             .prefix = std::string(connection.feed().exchange()),
                             .bytes_max = arguments.rotate_mib << 20});
    connection.session().record_to(journal);
    const auto started = connection.wait_until_started(arguments.live.retry);
    const bool begun = started && !interrupted();
    if (begun) {
        print_error("recording {} symbols to {}\n", connection.feed().symbols().size(), arguments.folder);
    }
    LocalTime reported = connection.clock().now();
    if (started) {
        connection.work([&](LocalTime now) {
            if (now - reported > report_every_ns) {
                reported = now;
                print_error("{}\n", progress(journal, connection.feed().statistics()));
            }
            return true;
        });
    }
    const auto finished = finish(journal);
    if (!started) {
        return report(started.error());
    }
    print("{}\n", progress(journal, connection.feed().statistics()));
    if (!finished) {
        return report(finished.error());
    }
    return begun ? exit_ok : interrupted_exit_code();
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
    command.runs([arguments] { return run_record(*arguments); });
}

}  // namespace virtuoso::app
