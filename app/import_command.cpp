#include "command.hpp"
#include "engine/record_census.hpp"
#include "journal/journal_writer.hpp"
#include "journal/merged_recording.hpp"
#include "output.hpp"
#include "output_target.hpp"
#include "progress_bar.hpp"
#include "recording_arguments.hpp"

#include <memory>
#include <string>
#include <utility>

namespace virtuoso::app {

namespace {

struct Arguments {
    std::string output;
    bool force = false;
    RecordingArguments recording;
};

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

/// Error: any of the files'. Nothing is left of what was written, then.
Result<void> import_all(const Arguments& arguments) {
    auto file = open_output(OutputKind::journal, "--output", arguments.output, arguments.recording.files,
                            arguments.force);
    auto writer = file ? JournalWriter::into(std::move(*file)) : std::unexpected(file.error());
    if (!writer) {
        return std::unexpected(writer.error());
    }
    RecordCensus census;
    auto imported = import_files(arguments.recording, *writer, census);
    if (imported) {
        imported = writer->close();
    }
    if (!imported) {
        writer->abandon();
        return imported;
    }
    print("{}: {} records, {} of them understood, of {} symbol(s), {} bytes\n", arguments.output,
          writer->records(), census.understood(), census.symbols().size(), writer->bytes_written());
    return {};
}

int run_import(const Arguments& arguments) {
    const auto imported = import_all(arguments);
    return imported ? exit_ok : report(imported.error());
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
    add_force_to(command, arguments->force);
    arguments->recording.add_to(command);
    command.runs([arguments] { return run_import(*arguments); });
}

}  // namespace virtuoso::app
