#include "command.hpp"
#include "journal/journal_writer.hpp"
#include "journal/merged_recording.hpp"
#include "output.hpp"
#include "progress_bar.hpp"
#include "recording_arguments.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <memory>

namespace virtuoso::app {

namespace {

struct Arguments {
    std::string output;
    RecordingArguments recording;
};

bool same_file(const std::string& a, const std::string& b) {
    struct stat status_a {};
    struct stat status_b {};
    return ::stat(a.c_str(), &status_a) == 0 && ::stat(b.c_str(), &status_b) == 0 &&
           status_a.st_dev == status_b.st_dev && status_a.st_ino == status_b.st_ino;
}

Result<void> import_files(const RecordingArguments& arguments, JournalWriter& writer) {
    auto merged = MergedRecording::open(arguments.files, arguments.options());
    if (!merged) {
        return std::unexpected(merged.error());
    }
    ProgressBar bar("importing");
    const auto read = read_records(**merged, {}, [&](const RawRecord& record) {
        if (writer.records() % 4096 == 0) {
            bar.show((*merged)->progress());
        }
        return writer.append(record);
    });
    if (!read) {
        return read;
    }
    bar.clear();
    for (const auto& notice : (*merged)->notices()) {
        note(notice);
    }
    return {};
}

// Written beside the target and renamed at the end: an import that fails leaves nothing half done.
int run_import(const Arguments& arguments) {
    for (const auto& path : arguments.recording.files) {
        if (same_file(path, arguments.output)) {
            return report(
                {ErrorCode::argument,
                 fmt::format("--output {} is one of the input files: give another name", arguments.output)});
        }
    }
    const std::string partial = arguments.output + ".partial";
    const auto abandon = [&partial](const Error& error) {
        std::remove(partial.c_str());
        return report(error);
    };
    auto writer = JournalWriter::create(partial);
    if (!writer) {
        return report(writer.error());
    }
    if (const auto imported = import_files(arguments.recording, *writer); !imported) {
        return abandon(imported.error());
    }
    if (const auto closed = writer->close(); !closed) {
        return abandon(closed.error());
    }
    if (std::rename(partial.c_str(), arguments.output.c_str()) != 0) {
        return abandon(
            {ErrorCode::file_write, fmt::format("cannot rename {} to {}", partial, arguments.output)});
    }
    print("{}: {} records, {} bytes\n", arguments.output, writer->records(), writer->bytes_written());
    return exit_ok;
}

}  // namespace

void add_import(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand("import", "Turn recordings of other programs into a journal");
    command
        .option("FILE", arguments->recording.files,
                "Captures, archives or candle files, joined by the time of receipt")
        .required();
    command.option("-o,--output", arguments->output, "Journal to write").required();
    command.option("--symbol", arguments->recording.file_symbol, "Symbol of files that do not name theirs");
    arguments->recording.add_to(command);
    command.runs([arguments] { return run_import(*arguments); });
}

}  // namespace virtuoso::app
