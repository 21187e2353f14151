// A connection to a PostgreSQL server.
#pragma once

#include "base/error.hpp"
#include "store/store_address.hpp"
#include "store/store_table.hpp"
#include "store/store_value.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct pg_cancel;
struct pg_conn;
struct pg_result;

namespace virtuoso {

/// A server's answer.
class PostgresResult {
  public:
    explicit PostgresResult(pg_result* result) noexcept : result_(result) {}
    [[nodiscard]] pg_result* get() const noexcept { return result_.get(); }
    [[nodiscard]] int rows() const noexcept;
    /// "" where it is nothing.
    [[nodiscard]] std::string text(int row, int column) const;
    [[nodiscard]] std::int64_t whole(int row, int column) const;
    /// Of a statement that changed rows.
    [[nodiscard]] std::size_t changed() const;
    void read(int row, std::span<const StoreColumn> columns, StoreRow& values) const;

  private:
    struct Clear {
        void operator()(pg_result* result) const noexcept;
    };
    std::unique_ptr<pg_result, Clear> result_;
};

/// Every value is a parameter. For one thread at a time but `interrupt`. Errors never hold the password.
class PostgresConnection {
  public:
    struct Patience {
        int statement_ms = 0;  ///< 0: without an end
        int lock_ms = 0;
        bool read_only = false;
    };

    /// Error: store_open.
    [[nodiscard]] static Result<std::unique_ptr<PostgresConnection>> open(const StoreAddress& address,
                                                                          Patience patience);

    [[nodiscard]] Result<PostgresResult> run(std::string_view sql, std::span<const StoreValue> values = {});
    /// Several statements, without parameters.
    [[nodiscard]] Result<void> execute(const std::string& sql);
    /// Row by row, in bounded memory, until `visit` gives false.
    [[nodiscard]] Result<void> stream(std::string_view sql, std::span<const StoreValue> values,
                                      const std::function<bool(const PostgresResult&)>& visit);
    [[nodiscard]] Result<void> prepare(const std::string& name, const std::string& sql);
    /// Sends one run of a prepared statement for each element without waiting in between.
    struct Run {
        std::string_view name;
        std::span<const StoreValue> values;
    };
    [[nodiscard]] Result<void> run_all(std::span<const Run> runs);
    void interrupt() noexcept;

  private:
    struct Finish {
        void operator()(pg_conn* connection) const noexcept;
    };
    struct FreeCancel {
        void operator()(pg_cancel* request) const noexcept;
    };
    PostgresConnection(pg_conn* connection, StoreAddress address);
    [[nodiscard]] Error error(const pg_result* result) const;
    void drain();

    std::unique_ptr<pg_conn, Finish> connection_;
    std::unique_ptr<pg_cancel, FreeCancel> cancel_;  ///< made once: `interrupt` must not touch the connection
    StoreAddress address_;
};

}  // namespace virtuoso
