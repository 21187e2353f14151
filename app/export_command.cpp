#include "base/time.hpp"
#include "base/unicode.hpp"
#include "command.hpp"
#include "gzip_stream.hpp"
#include "output.hpp"
#include "present/store_text.hpp"
#include "store_arguments.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>

namespace virtuoso::app {

namespace {

struct ExportArguments {
    StoreArguments store;
    std::string table;
    std::string since;
    std::string until;
    std::string symbol;
    std::string format = "csv";
    bool gzip = false;
};

/// Lines to the standard output, in blocks.
class Lines {
  public:
    explicit Lines(bool compressed) {
        if (compressed) {
            gzip_.emplace();
        }
    }
    /// False when nobody takes them any more.
    [[nodiscard]] bool add(std::string_view line) {
        constexpr std::size_t block = 64U << 10U;
        waiting_ += line;
        if (waiting_.size() >= block) {
            pass_on();
        }
        return !output_is_broken();
    }
    [[nodiscard]] Result<void> finish() {
        pass_on();
        if (gzip_) {
            print_bytes(gzip_->finish());
        }
        return finish_output();
    }

  private:
    void pass_on() {
        if (gzip_) {
            print_bytes(gzip_->add(printable_lines(waiting_)));
        } else {
            print_text(waiting_);
        }
        waiting_.clear();
    }

    std::string waiting_;
    std::optional<GzipStream> gzip_;
};

Result<std::optional<std::int64_t>> time_from(const std::string& text, std::string_view name) {
    if (text.empty()) {
        return std::nullopt;
    }
    const auto time = parse_time(text, name);
    if (!time) {
        return std::unexpected(time.error());
    }
    return time->ms;
}

Result<StoreQuery> query_of(const ExportArguments& arguments) {
    const auto table = store_table_from(arguments.table);
    if (!table) {
        return fail(ErrorCode::argument, fmt::format("{} is no table", in_quotes(arguments.table)));
    }
    const auto since = time_from(arguments.since, "--since");
    const auto until = time_from(arguments.until, "--until");
    if (!since || !until) {
        return std::unexpected(since ? until.error() : since.error());
    }
    StoreQuery query{.table = *table, .since_ms = *since, .until_ms = *until};
    if (!arguments.symbol.empty()) {
        if (!spec_of(*table).column("symbol")) {
            return fail(ErrorCode::argument,
                        fmt::format("--symbol: {} are of no symbol", in_quotes(arguments.table)));
        }
        query.where.push_back({"symbol", arguments.symbol});
    }
    return query;
}

int run_export(const ExportArguments& arguments) {
    const auto query = query_of(arguments);
    if (!query) {
        return report(query.error());
    }
    if (arguments.gzip && ::isatty(STDOUT_FILENO) == 1) {
        return report(
            {ErrorCode::argument, "--gzip: what is compressed is not for a terminal: add > FILE.gz"});
    }
    const auto store = arguments.store.open_to_read();
    if (!store) {
        return report(store.error());
    }
    const StoreTableSpec& spec = spec_of(query->table);
    const bool csv = arguments.format == "csv";
    Lines lines(arguments.gzip);
    if (csv) {
        static_cast<void>(lines.add(csv_header(spec)));
    }
    const auto done = (*store)->select(*query, [&](std::span<const StoreValue> row) {
        return lines.add(csv ? csv_line(row) : ndjson_line(spec, row));
    });
    if (const auto finished = lines.finish(); !finished) {
        return report(finished.error());
    }
    return done ? exit_ok : report(done.error());
}

}  // namespace

void add_export(CommandLine& line) {
    auto arguments = std::make_shared<ExportArguments>();
    auto command = line.subcommand("export", "What the service has kept, as CSV or JSON (docs/schema.md)");
    std::vector<std::string> tables;
    for (const auto& spec : all_store_tables()) {
        tables.emplace_back(spec.name);
    }
    command.option("TABLE", arguments->table, "Which of its tables").one_of(std::move(tables)).required();
    command.option("--since", arguments->since, "From this time on: 2024-08-08T23:54:15Z or ms since 1970");
    command.option("--until", arguments->until, "Before this time");
    command.option("--symbol", arguments->symbol, "Of this symbol alone");
    command.option("--format", arguments->format, "csv, or ndjson: one object a line")
        .one_of({"csv", "ndjson"})
        .default_shown();
    command.flag("--gzip", arguments->gzip, "Compressed");
    arguments->store.add_to(command);
    command.runs([arguments] { return run_export(*arguments); });
}

}  // namespace virtuoso::app
