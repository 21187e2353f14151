#include "store/postgres_store.hpp"

#include "store/migration.hpp"
#include "store/postgres_connection.hpp"
#include "store/store_row.hpp"
#include "store/store_sql.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace virtuoso {

namespace {

// A lock of this program's own on the server; the number is drawn.
constexpr std::string_view migration_lock = "SELECT pg_advisory_xact_lock(7318200436195)";
constexpr PostgresConnection::Patience writer_patience{.statement_ms = 30'000, .lock_ms = 5'000};

class PostgresStore final : public Store {
  public:
    PostgresStore(std::unique_ptr<PostgresConnection> connection, std::string name)
        : connection_(std::move(connection)), name_(std::move(name)) {}

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
    void interrupt() noexcept override { connection_->interrupt(); }

  private:
    [[nodiscard]] Result<std::int64_t> number(std::string_view sql, std::span<const StoreValue> values = {});
    [[nodiscard]] Result<std::vector<AppliedMigration>> applied();
    [[nodiscard]] Result<void> apply(std::span<const Migration> due);
    [[nodiscard]] Result<void> prepare_for(std::span<const StoreRecord> records);
    /// Commits when all is well, else takes everything back.
    [[nodiscard]] Result<void> end_transaction(Result<void> so_far);

    std::unique_ptr<PostgresConnection> connection_;
    std::string name_;
    std::array<bool, store_tables> prepared_{};
};

Result<std::int64_t> PostgresStore::number(std::string_view sql, std::span<const StoreValue> values) {
    const auto result = connection_->run(sql, values);
    if (!result) {
        return std::unexpected(result.error());
    }
    return result->rows() > 0 ? result->whole(0, 0) : 0;
}

Result<std::vector<AppliedMigration>> PostgresStore::applied() {
    const auto known = number("SELECT count(*) FROM pg_class WHERE oid = to_regclass('schema_version')");
    if (!known) {
        return std::unexpected(known.error());
    }
    std::vector<AppliedMigration> all;
    if (*known == 0) {
        return all;
    }
    const auto steps = connection_->run("SELECT version, hash FROM schema_version ORDER BY version");
    if (!steps) {
        return std::unexpected(steps.error());
    }
    for (int row = 0; row < steps->rows(); ++row) {
        all.push_back({steps->whole(row, 0), steps->text(row, 1)});
    }
    return all;
}

Result<void> PostgresStore::apply(std::span<const Migration> due) {
    if (auto made = connection_->execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY "
                                         "KEY, name TEXT NOT NULL, hash TEXT NOT NULL)");
        !made) {
        return made;
    }
    for (const auto& step : due) {
        if (auto done = connection_->execute(std::string(step.sql)); !done) {
            return done;
        }
        const std::array<StoreValue, 3> values{step.version, std::string(step.name), hash_of(step)};
        if (const auto told = connection_->run("INSERT INTO schema_version VALUES ($1, $2, $3)", values);
            !told) {
            return std::unexpected(told.error());
        }
    }
    return {};
}

Result<void> PostgresStore::bring_up_to_date(StoreUse use) {
    const bool writes = use == StoreUse::write;
    if (writes) {
        if (auto begun = connection_->execute("BEGIN"); !begun) {
            return begun;
        }
    }
    const auto outcome = [&]() -> Result<void> {
        if (const auto alone = writes ? number(migration_lock) : Result<std::int64_t>(0); !alone) {
            return std::unexpected(alone.error());
        }
        const auto done = applied();
        if (!done) {
            return std::unexpected(done.error());
        }
        const auto due = due_migrations(StoreEngine::postgres, name_, *done, use);
        if (!due) {
            return std::unexpected(due.error());
        }
        return due->empty() ? Result<void>{} : apply(*due);
    }();
    return writes ? end_transaction(outcome) : outcome;
}

Result<void> PostgresStore::end_transaction(Result<void> so_far) {
    if (so_far) {
        so_far = connection_->execute("COMMIT");
    } else {
        [[maybe_unused]] const auto undone = connection_->execute("ROLLBACK");  // the first fault is told
    }
    return so_far;
}

Result<void> PostgresStore::prepare_for(std::span<const StoreRecord> records) {
    for (const auto& record : records) {
        const StoreTableSpec& spec = spec_of(record.table);
        if (auto good = check_row(spec, record.row); !good) {
            return good;
        }
        bool& prepared = prepared_[static_cast<std::size_t>(record.table)];
        if (!prepared) {
            if (auto done = connection_->prepare(std::string(spec.name), insert_sql(spec)); !done) {
                return done;
            }
            prepared = true;
        }
    }
    return {};
}

Result<void> PostgresStore::put(std::span<const StoreRecord> records) {
    if (auto ready = prepare_for(records); !ready) {
        return ready;
    }
    std::vector<PostgresConnection::Run> runs;
    runs.reserve(records.size());
    for (const auto& record : records) {
        runs.push_back({.name = spec_of(record.table).name, .values = record.row});
    }
    if (auto begun = connection_->execute("BEGIN"); !begun) {
        return begun;
    }
    return end_transaction(connection_->run_all(runs));
}

Result<std::size_t> PostgresStore::select(const StoreQuery& query, const StoreVisitor& visit) {
    if (const auto good = check_query(query); !good) {
        return std::unexpected(good.error());
    }
    StoreRow row;
    std::size_t visited = 0;
    const auto done =
        connection_->stream(select_sql(query), select_values(query), [&](const PostgresResult& result) {
            result.read(0, spec_of(query.table).columns, row);
            ++visited;
            return visit(row);
        });
    if (!done) {
        return std::unexpected(done.error());
    }
    return visited;
}

Result<std::int64_t> PostgresStore::last_sequence(std::string_view exchange, std::string_view symbol) {
    const std::array<StoreValue, 2> values{std::string(exchange), std::string(symbol)};
    return number(last_sequence_sql(), values);
}

Result<std::size_t> PostgresStore::remove_before(StoreTable table, std::int64_t time_ms,
                                                 std::size_t rows_max) {
    const std::array<StoreValue, 2> values{time_ms, static_cast<std::int64_t>(rows_max)};
    const auto removed = connection_->run(remove_sql(spec_of(table)), values);
    if (!removed) {
        return std::unexpected(removed.error());
    }
    return removed->changed();
}

Result<std::size_t> PostgresStore::count(StoreTable table) {
    const auto rows = number(fmt::format("SELECT count(*) FROM {}", spec_of(table).name));
    if (!rows) {
        return std::unexpected(rows.error());
    }
    return static_cast<std::size_t>(*rows);
}

Result<std::uint64_t> PostgresStore::bytes() {
    std::uint64_t all = 0;
    for (const auto& spec : all_store_tables()) {
        const std::array<StoreValue, 1> values{std::string(spec.name)};
        const auto size = number("SELECT coalesce(pg_total_relation_size(to_regclass($1)), 0)", values);
        if (!size) {
            return std::unexpected(size.error());
        }
        all += static_cast<std::uint64_t>(*size);
    }
    return all;
}

// The server looks after its own files; whole reads of every row find those that it cannot read.
Result<void> PostgresStore::check() {
    for (const auto& spec : all_store_tables()) {
        if (const auto known = connection_->run(columns_sql(spec)); !known) {
            return fail(
                known.error().code == ErrorCode::store_open ? ErrorCode::store_open : ErrorCode::store_schema,
                fmt::format("its table {} is not this program's: {}", spec.name, known.error().message));
        }
        if (const auto read = select({.table = spec.table}, [](auto) { return true; }); !read) {
            return std::unexpected(read.error());
        }
    }
    return {};
}

Result<void> PostgresStore::vacuum() {
    for (const auto& spec : all_store_tables()) {
        if (auto done = connection_->execute(fmt::format("VACUUM (ANALYZE) {}", spec.name)); !done) {
            return done;
        }
    }
    return {};
}

Result<std::int64_t> PostgresStore::schema_version() {
    const auto steps = applied();
    if (!steps) {
        return std::unexpected(steps.error());
    }
    return steps->empty() ? 0 : steps->back().version;
}

}  // namespace

Result<std::unique_ptr<Store>> open_postgres(const StoreAddress& address, StoreUse use) {
    auto connection = PostgresConnection::open(
        address, use == StoreUse::write ? writer_patience
                                        : PostgresConnection::Patience{.read_only = use == StoreUse::read});
    if (!connection) {
        return std::unexpected(connection.error());
    }
    auto store = std::make_unique<PostgresStore>(std::move(*connection), address.shown());
    if (const auto ready = store->bring_up_to_date(use); !ready) {
        return std::unexpected(ready.error());
    }
    return store;
}

}  // namespace virtuoso
