#include "store/sqlite_store.hpp"

#include "base/unicode.hpp"
#include "store/migration.hpp"
#include "store/sqlite_statement.hpp"
#include "store/store_row.hpp"
#include "store/store_sql.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace virtuoso {

namespace {

constexpr mode_t private_file = 0600;
constexpr int writer_patience_ms = 250;  // it comes again by itself
constexpr int reader_patience_ms = 5'000;

struct Close {
    void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, Close>;

class SqliteStore final : public Store {
  public:
    SqliteStore(Database database, std::string path)
        : database_(std::move(database)), path_(std::move(path)) {}

    [[nodiscard]] Result<void> configure(StoreUse use);
    [[nodiscard]] Result<void> bring_up_to_date(StoreUse use);

    [[nodiscard]] Result<void> put(std::span<const StoreRecord> records) override;
    [[nodiscard]] Result<std::size_t> select(const StoreQuery& query, const StoreVisitor& visit) override;
    [[nodiscard]] Result<std::int64_t> last_sequence(std::string_view exchange,
                                                     std::string_view symbol) override;
    [[nodiscard]] Result<std::size_t> remove_before(StoreTable table, std::int64_t time_ms,
                                                    std::size_t rows_max) override;
    [[nodiscard]] Result<std::size_t> count(StoreTable table) override;
    [[nodiscard]] Result<std::uint64_t> bytes() override;
    [[nodiscard]] Result<void> check() override;
    [[nodiscard]] Result<void> vacuum() override;
    [[nodiscard]] Result<std::int64_t> schema_version() override;
    void interrupt() noexcept override { sqlite3_interrupt(database_.get()); }

  private:
    [[nodiscard]] Result<void> execute(const std::string& sql);
    [[nodiscard]] Result<std::int64_t> number(std::string_view sql, std::span<const StoreValue> values = {});
    /// A file that somebody removed goes on taking rows, which nobody will find. Error: store_open.
    [[nodiscard]] Result<void> still_there();
    [[nodiscard]] Result<void> insert(const StoreRecord& record);
    [[nodiscard]] Result<std::vector<AppliedMigration>> applied();
    [[nodiscard]] Result<void> apply(std::span<const Migration> due);
    /// Commits when all is well, else takes everything back.
    [[nodiscard]] Result<void> end_transaction(Result<void> so_far);

    Database database_;
    std::string path_;
    std::array<std::optional<SqliteStatement>, store_tables> inserts_;  ///< destroyed before the database
};

Result<void> SqliteStore::execute(const std::string& sql) {
    const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(sqlite_error(database_.get(), code, path_));
    }
    return {};
}

Result<std::int64_t> SqliteStore::number(std::string_view sql, std::span<const StoreValue> values) {
    auto statement = SqliteStatement::prepare(database_.get(), sql, path_);
    if (!statement) {
        return std::unexpected(statement.error());
    }
    if (const auto bound = statement->bind(values); !bound) {
        return std::unexpected(bound.error());
    }
    const auto found = statement->step();
    if (!found) {
        return std::unexpected(found.error());
    }
    return *found ? statement->whole(0) : 0;
}

// FULL: at two commits a second the disk can be waited for each time, and what was put survives a loss of
// power, too. NORMAL would leave that to the next checkpoint.
Result<void> SqliteStore::configure(StoreUse use) {
    sqlite3_busy_timeout(database_.get(), use == StoreUse::write ? writer_patience_ms : reader_patience_ms);
    sqlite3_extended_result_codes(database_.get(), 1);
    if (use != StoreUse::write) {
        return use == StoreUse::read ? execute("PRAGMA query_only=1") : Result<void>{};
    }
    return execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216;"
        "PRAGMA foreign_keys=OFF");
}

Result<std::vector<AppliedMigration>> SqliteStore::applied() {
    const auto known = number("SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'");
    if (!known) {
        return std::unexpected(known.error());
    }
    if (*known == 0) {
        const auto others = number("SELECT count(*) FROM sqlite_master");
        if (others && *others > 0) {
            return fail(
                ErrorCode::store_schema,
                fmt::format("{} is a database of another program: name a file of its own for the store",
                            in_quotes(path_)));
        }
        return others ? Result<std::vector<AppliedMigration>>() : std::unexpected(others.error());
    }
    auto statement = SqliteStatement::prepare(
        database_.get(), "SELECT version, hash FROM schema_version ORDER BY version", path_);
    if (!statement) {
        return std::unexpected(statement.error());
    }
    std::vector<AppliedMigration> all;
    auto row = statement->step();
    for (; row && *row; row = statement->step()) {
        all.push_back({statement->whole(0), statement->text(1)});
    }
    if (!row) {
        return std::unexpected(row.error());
    }
    return all;
}

Result<void> SqliteStore::apply(std::span<const Migration> due) {
    if (auto made =
            execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT "
                    "NOT NULL, hash TEXT NOT NULL) STRICT");
        !made) {
        return made;
    }
    for (const auto& step : due) {
        if (auto done = execute(std::string(step.sql)); !done) {
            return done;
        }
        const std::array<StoreValue, 3> values{step.version, std::string(step.name), hash_of(step)};
        if (const auto told = number("INSERT INTO schema_version VALUES ($1, $2, $3)", values); !told) {
            return std::unexpected(told.error());
        }
    }
    return {};
}

Result<void> SqliteStore::bring_up_to_date(StoreUse use) {
    const bool writes = use == StoreUse::write;
    if (writes) {
        // Before it is asked how far the schema is: another process may bring it up to date just now.
        if (auto begun = execute("BEGIN IMMEDIATE"); !begun) {
            return begun;
        }
    }
    const auto outcome = [&]() -> Result<void> {
        const auto done = applied();
        if (!done) {
            return std::unexpected(done.error());
        }
        const auto due = due_migrations(StoreEngine::sqlite, path_, *done, use);
        if (!due) {
            return std::unexpected(due.error());
        }
        return due->empty() ? Result<void>{} : apply(*due);
    }();
    return writes ? end_transaction(outcome) : outcome;
}

Result<void> SqliteStore::end_transaction(Result<void> so_far) {
    if (so_far) {
        so_far = execute("COMMIT");
    }
    if (!so_far) {
        [[maybe_unused]] const auto undone = execute("ROLLBACK");  // what went wrong first is told
    }
    return so_far;
}

Result<void> SqliteStore::still_there() {
    int moved = 0;
    const int code = sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (code == SQLITE_OK && moved != 0) {
        return fail(ErrorCode::store_open,
                    fmt::format("{} was removed, renamed or replaced while it was in use", in_quotes(path_)));
    }
    return {};
}

Result<void> SqliteStore::insert(const StoreRecord& record) {
    auto& statement = inserts_[static_cast<std::size_t>(record.table)];
    if (!statement) {
        auto made = SqliteStatement::prepare(database_.get(), insert_sql(spec_of(record.table)), path_);
        if (!made) {
            return std::unexpected(made.error());
        }
        statement.emplace(std::move(*made));
    }
    auto outcome = statement->bind(record.row);
    if (outcome) {
        if (const auto stepped = statement->step(); !stepped) {
            outcome = std::unexpected(stepped.error());
        }
    }
    statement->reset();
    return outcome;
}

Result<void> SqliteStore::put(std::span<const StoreRecord> records) {
    for (const auto& record : records) {
        if (auto good = check_row(spec_of(record.table), record.row); !good) {
            return good;
        }
    }
    if (auto there = still_there(); !there) {
        return there;
    }
    if (auto begun = execute("BEGIN IMMEDIATE"); !begun) {
        return begun;
    }
    Result<void> outcome;
    for (const auto& record : records) {
        outcome = insert(record);
        if (!outcome) {
            break;
        }
    }
    return end_transaction(outcome);
}

Result<std::size_t> SqliteStore::select(const StoreQuery& query, const StoreVisitor& visit) {
    if (const auto good = check_query(query); !good) {
        return std::unexpected(good.error());
    }
    auto statement = SqliteStatement::prepare(database_.get(), select_sql(query), path_);
    if (!statement) {
        return std::unexpected(statement.error());
    }
    const StoreRow values = select_values(query);
    if (const auto bound = statement->bind(values); !bound) {
        return std::unexpected(bound.error());
    }
    StoreRow row;
    std::size_t visited = 0;
    auto found = statement->step();
    for (; found && *found; found = statement->step()) {
        statement->read(spec_of(query.table).columns, row);
        ++visited;
        if (!visit(row)) {
            return visited;
        }
    }
    if (!found) {
        return std::unexpected(found.error());
    }
    return visited;
}

Result<std::int64_t> SqliteStore::last_sequence(std::string_view exchange, std::string_view symbol) {
    const std::array<StoreValue, 2> values{std::string(exchange), std::string(symbol)};
    return number(last_sequence_sql(), values);
}

Result<std::size_t> SqliteStore::remove_before(StoreTable table, std::int64_t time_ms, std::size_t rows_max) {
    const std::array<StoreValue, 2> values{time_ms, static_cast<std::int64_t>(rows_max)};
    if (const auto removed = number(remove_sql(spec_of(table)), values); !removed) {
        return std::unexpected(removed.error());
    }
    return static_cast<std::size_t>(sqlite3_changes64(database_.get()));
}

Result<std::size_t> SqliteStore::count(StoreTable table) {
    const auto rows = number(fmt::format("SELECT count(*) FROM {}", spec_of(table).name));
    if (!rows) {
        return std::unexpected(rows.error());
    }
    return static_cast<std::size_t>(*rows);
}

Result<std::uint64_t> SqliteStore::bytes() {
    const auto pages = number("PRAGMA page_count");
    const auto size = number("PRAGMA page_size");
    if (!pages || !size) {
        return std::unexpected(pages ? size.error() : pages.error());
    }
    std::error_code none;
    const auto log = std::filesystem::file_size(path_ + "-wal", none);
    return static_cast<std::uint64_t>(*pages) * static_cast<std::uint64_t>(*size) + (none ? 0 : log);
}

Result<void> SqliteStore::check() {
    auto statement = SqliteStatement::prepare(database_.get(), "PRAGMA integrity_check(1)", path_);
    if (!statement) {
        return std::unexpected(statement.error());
    }
    const auto found = statement->step();
    if (!found) {
        return std::unexpected(found.error());
    }
    if (const std::string said = statement->text(0); said != "ok") {
        return fail(ErrorCode::store_damaged,
                    fmt::format("the store {} is damaged: {}", in_quotes(path_), printable(said)));
    }
    for (const auto& spec : all_store_tables()) {
        if (const auto whole = SqliteStatement::prepare(database_.get(), columns_sql(spec), path_); !whole) {
            return fail(ErrorCode::store_schema, fmt::format("its table {} is not this program's: {}",
                                                             spec.name, whole.error().message));
        }
    }
    return {};
}

Result<void> SqliteStore::vacuum() {
    for (auto& statement : inserts_) {
        statement.reset();
    }
    if (auto done = execute("VACUUM"); !done) {
        return done;
    }
    return execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<std::int64_t> SqliteStore::schema_version() {
    if (const auto there = still_there(); !there) {
        return std::unexpected(there.error());
    }
    const auto steps = applied();
    if (!steps) {
        return std::unexpected(steps.error());
    }
    return steps->empty() ? 0 : steps->back().version;
}

/// What SQLite keeps beside a file that is gone would be taken for the new one's.
void leave_no_traces_of_another(const std::string& path) {
    std::error_code none;
    if (!std::filesystem::exists(path, none)) {
        for (const char* const suffix : {"-wal", "-shm"}) {
            std::filesystem::remove(path + suffix, none);
        }
    }
}

/// Readable by its owner alone, as SQLite's other files beside it will be.
Result<void> make_file(const std::string& path) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): its interface
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, private_file);
    if (file < 0) {
        return fail(ErrorCode::store_open,
                    fmt::format("the store {} cannot be written: {}", in_quotes(path), system_reason(errno)));
    }
    ::close(file);
    return {};
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const StoreAddress& address, StoreUse use) {
    const std::string& path = address.whole();
    std::error_code none;
    if (use == StoreUse::write) {
        leave_no_traces_of_another(path);
        if (const auto made = make_file(path); !made) {
            return std::unexpected(made.error());
        }
    } else if (!std::filesystem::exists(path, none)) {
        return fail(ErrorCode::store_open,
                    fmt::format("there is no store {}: `virtuoso run` makes it, --store names another",
                                in_quotes(path)));
    }
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(opened);
    if (code != SQLITE_OK) {
        return fail(ErrorCode::store_open, sqlite_error(opened, code, path).message);
    }
    auto store = std::make_unique<SqliteStore>(std::move(database), path);
    if (const auto ready = store->configure(use); !ready) {
        return std::unexpected(ready.error());
    }
    if (const auto ready = store->bring_up_to_date(use); !ready) {
        return std::unexpected(ready.error());
    }
    return store;
}

}  // namespace virtuoso
