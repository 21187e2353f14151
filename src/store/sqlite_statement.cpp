#include "store/sqlite_statement.hpp"

#include "base/unicode.hpp"
#include "store/store_row.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cmath>
#include <utility>

namespace virtuoso {

namespace {

ErrorCode code_of(int answer) noexcept {
    switch (answer & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return ErrorCode::store_damaged;
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_TOOBIG:
        case SQLITE_RANGE:
        case SQLITE_MISUSE:
            return ErrorCode::store_refused;
        default:
            return ErrorCode::store_busy;  // locked, full, without rights: that may pass
    }
}

}  // namespace

Error sqlite_error(sqlite3* database, int code, std::string_view store) {
    const char* const words = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
    return {code_of(code), fmt::format("the store {}: {}", in_quotes(store), printable(words))};
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(sqlite3* database, sqlite3_stmt* statement, std::string store)
    : database_(database), statement_(statement), store_(std::move(store)) {}

Result<SqliteStatement> SqliteStatement::prepare(sqlite3* database, std::string_view sql,
                                                 std::string_view store) {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(sqlite_error(database, code, store));
    }
    return SqliteStatement(database, statement, std::string(store));
}

Error SqliteStatement::error(int code) const {
    return sqlite_error(database_, code, store_);
}

int SqliteStatement::bind_one(int index, const StoreValue& value) {
    if (const auto* const whole = std::get_if<std::int64_t>(&value)) {
        return sqlite3_bind_int64(statement_.get(), index, *whole);
    }
    if (const auto* const number = std::get_if<double>(&value); number != nullptr && std::isfinite(*number)) {
        return sqlite3_bind_double(statement_.get(), index, *number);
    }
    const auto* const text = std::get_if<std::string>(&value);
    if (text == nullptr) {
        return sqlite3_bind_null(statement_.get(), index);
    }
    if (is_storable(*text)) {
        return sqlite3_bind_text64(statement_.get(), index, text->data(), text->size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
    }
    const std::string stored = storable_text(*text);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): SQLite's own constant
    return sqlite3_bind_text64(statement_.get(), index, stored.data(), stored.size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
}

Result<void> SqliteStatement::bind(std::span<const StoreValue> values) {
    int index = 0;
    for (const auto& value : values) {
        const int code = bind_one(++index, value);
        if (code != SQLITE_OK) {
            return std::unexpected(error(code));
        }
    }
    return {};
}

Result<bool> SqliteStatement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        return std::unexpected(error(code));
    }
    return code == SQLITE_ROW;
}

void SqliteStatement::reset() noexcept {
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
}

std::int64_t SqliteStatement::whole(int column) const noexcept {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
    const unsigned char* const bytes = sqlite3_column_text(statement_.get(), column);
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return bytes == nullptr
               ? std::string()
               : std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

void SqliteStatement::read(std::span<const StoreColumn> columns, StoreRow& row) const {
    row.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const int index = static_cast<int>(i);
        if (sqlite3_column_type(statement_.get(), index) == SQLITE_NULL) {
            row[i] = std::monostate();
        } else if (columns[i].type == ColumnType::whole) {
            row[i] = whole(index);
        } else if (columns[i].type == ColumnType::real) {
            row[i] = sqlite3_column_double(statement_.get(), index);
        } else {
            row[i] = text(index);
        }
    }
}

}  // namespace virtuoso
