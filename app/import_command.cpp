#include "command.hpp"
#include "engine/record_census.hpp"
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

// Error: file_format when nothing of the files is understood.
Result<void> check_understood(const RecordCensus& census) {
    for (const auto& [code, refused] : census.refused()) {
        note(fmt::format("{} of {} records cannot be read, {}, first: {}", refused.count, census.records(),
                         name_of(code), refused.first_message));
    }
    if (census.understood() > 0) {
        return {};
    }
    return fail(
        ErrorCode::file_format,
        fmt::format("of {} records none tells anything of a market: nothing was imported", census.records()));
}

Result<void> import_files(const RecordingArguments& arguments, JournalWriter& writer, RecordCensus& census) {
    auto merged = MergedRecording::open(arguments.files, arguments.options());
    if (!merged) {
        return std::unexpected(merged.error());
    }
    ProgressBar bar("importing");
    const auto read = read_records(**merged, {}, [&](const RawRecord& record) {
        if (writer.records() % 4096 == 0) {
            bar.show((*merged)->progress());
        }
        census.take(record);
        return writer.append(record);
    });
    if (!read) {
        return read;
    }
    bar.clear();
    for (const auto& notice : (*merged)->notices()) {
        note(notice);
    }
    return check_understood(census);
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
    RecordCensus census;
    if (const auto imported = import_files(arguments.recording, *writer, census); !imported) {
        return abandon(imported.error());
    }
    if (const auto closed = writer->close(); !closed) {
        return abandon(closed.error());
    }
    if (std::rename(partial.c_str(), arguments.output.c_str()) != 0) {
        return abandon(
            {ErrorCode::file_write, fmt::format("cannot rename {} to {}", partial, arguments.output)});
    }
    print("{}: {} records, {} of them understood, of {} symbol(s), {} bytes\n", arguments.output,
          writer->records(), census.understood(), census.symbols().size(), writer->bytes_written());
    return exit_ok;
}

}  // namespace

void add_import(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand("import", "Turn recordings of other programs into a journal");
    command
        .option("FILE", arguments->recording.files,
                "Captures, archives or tables (`virtuoso formats`), joined by the time of receipt")
        .required();
    command.option("-o,--output", arguments->output, "Journal to write").required();
    command.option("--symbol", arguments->recording.file_symbol, "The same as --symbol-name");
    arguments->recording.add_to(command);
    command.runs([arguments] { return run_import(*arguments); });
}

}  // namespace virtuoso::app
