// A statement of SQLite with its parameters and its rows.
#pragma once

#include "base/error.hpp"
#include "store/store_table.hpp"
#include "store/store_value.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace virtuoso {

/// What an answer of SQLite means. `store`: its name for the message.
[[nodiscard]] Error sqlite_error(sqlite3* database, int code, std::string_view store);

/// Valid as long as its database. A handle that can be used again after `reset`.
class SqliteStatement {
  public:
    [[nodiscard]] static Result<SqliteStatement> prepare(sqlite3* database, std::string_view sql,
                                                         std::string_view store);

    /// The values have to live until the statement was run. Texts that cannot be stored as they are, are
    /// copied.
    [[nodiscard]] Result<void> bind(std::span<const StoreValue> values);
    /// True when there is a row, false at the end.
    [[nodiscard]] Result<bool> step();
    /// Ready for other values. What went wrong was told by `step`.
    void reset() noexcept;

    /// Of the row that `step` found; `types` are of its columns.
    void read(std::span<const StoreColumn> columns, StoreRow& row) const;
    [[nodiscard]] std::int64_t whole(int column) const noexcept;
    [[nodiscard]] std::string text(int column) const;

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    SqliteStatement(sqlite3* database, sqlite3_stmt* statement, std::string store);
    [[nodiscard]] int bind_one(int index, const StoreValue& value);
    [[nodiscard]] Error error(int code) const;

    sqlite3* database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    std::string store_;
};

}  // namespace virtuoso
