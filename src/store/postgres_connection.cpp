#include "store/postgres_connection.hpp"

#include "base/unicode.hpp"
#include "store/store_row.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>
#include <vector>

namespace virtuoso {

namespace {

/// Parameters as texts, which have to live until they were sent.
class Parameters {
  public:
    explicit Parameters(std::span<const StoreValue> values) {
        texts_.reserve(values.size());
        for (const auto& value : values) {
            texts_.push_back(text_of(value));
        }
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto* const number = std::get_if<double>(&values[i]);
            const bool nothing = values[i].index() == 0 || (number != nullptr && !std::isfinite(*number));
            pointers_.push_back(nothing ? nullptr : texts_[i].c_str());
        }
    }
    [[nodiscard]] const char* const* pointers() const noexcept { return pointers_.data(); }
    [[nodiscard]] int count() const noexcept { return static_cast<int>(pointers_.size()); }

  private:
    static std::string text_of(const StoreValue& value) {
        if (const auto* const whole = std::get_if<std::int64_t>(&value)) {
            return fmt::format("{}", *whole);
        }
        if (const auto* const number = std::get_if<double>(&value)) {
            return fmt::format("{}", *number);
        }
        const auto* const text = std::get_if<std::string>(&value);
        return text == nullptr ? std::string() : storable_text(*text);
    }

    std::vector<std::string> texts_;
    std::vector<const char*> pointers_;
};

// By the first letters of SQLSTATE.
ErrorCode code_of(std::string_view state) noexcept {
    if (state.starts_with("22") || state.starts_with("23")) {
        return ErrorCode::store_refused;
    }
    if (state.starts_with("08") || state.starts_with("57P")) {
        return ErrorCode::store_open;
    }
    return state.starts_with("XX0") ? ErrorCode::store_damaged : ErrorCode::store_busy;
}

void say_nothing(void* /*nobody*/, const PGresult* /*notice*/) {}

template <typename Number>
Number number_from(std::string_view text) {
    Number value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

void PostgresResult::Clear::operator()(pg_result* result) const noexcept {
    PQclear(result);
}

int PostgresResult::rows() const noexcept {
    return PQntuples(get());
}

std::string PostgresResult::text(int row, int column) const {
    return {PQgetvalue(get(), row, column), static_cast<std::size_t>(PQgetlength(get(), row, column))};
}

std::int64_t PostgresResult::whole(int row, int column) const {
    return number_from<std::int64_t>(text(row, column));
}

std::size_t PostgresResult::changed() const {
    return number_from<std::size_t>(PQcmdTuples(get()));
}

void PostgresResult::read(int row, std::span<const StoreColumn> columns, StoreRow& values) const {
    values.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const int column = static_cast<int>(i);
        if (PQgetisnull(get(), row, column) != 0) {
            values[i] = std::monostate();
        } else if (columns[i].type == ColumnType::whole) {
            values[i] = whole(row, column);
        } else if (columns[i].type == ColumnType::real) {
            values[i] = number_from<double>(text(row, column));
        } else {
            values[i] = text(row, column);
        }
    }
}

void PostgresConnection::Finish::operator()(pg_conn* connection) const noexcept {
    PQfinish(connection);
}

void PostgresConnection::FreeCancel::operator()(pg_cancel* request) const noexcept {
    PQfreeCancel(request);
}

PostgresConnection::PostgresConnection(pg_conn* connection, StoreAddress address)
    : connection_(connection), address_(std::move(address)) {}

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const StoreAddress& address,
                                                                     Patience patience) {
    // What libpq says of an address that it does not understand may quote a password.
    char* said = nullptr;
    PQconninfoOption* const understood = PQconninfoParse(address.whole().c_str(), &said);
    PQfreemem(said);
    if (understood == nullptr) {
        return fail(
            ErrorCode::store_open,
            fmt::format("the store's address {} is none that PostgreSQL's client understands: see its "
                        "port and its parameters",
                        in_quotes(address.shown())));
    }
    PQconninfoFree(understood);
    // The address comes last: what it says itself holds.
    constexpr std::array names{"connect_timeout",  "tcp_user_timeout", "keepalives_idle",
                               "application_name", "dbname",           static_cast<const char*>(nullptr)};
    const std::array values{
        "5", "10000", "10", "virtuoso", address.whole().c_str(), static_cast<const char*>(nullptr)};
    std::unique_ptr<PostgresConnection> made(
        new PostgresConnection(PQconnectdbParams(names.data(), values.data(), 1), address));
    pg_conn* const connection = made->connection_.get();
    if (PQstatus(connection) != CONNECTION_OK) {
        return fail(ErrorCode::store_open, made->error(nullptr).message);
    }
    made->cancel_.reset(PQgetCancel(connection));
    PQsetNoticeReceiver(connection, say_nothing, nullptr);
    const auto ready = made->execute(
        fmt::format("SET client_encoding='UTF8'; SET extra_float_digits=1; SET statement_timeout={}; SET "
                    "lock_timeout={}; SET default_transaction_read_only={}",
                    patience.statement_ms, patience.lock_ms, patience.read_only ? "on" : "off"));
    if (!ready) {
        return std::unexpected(ready.error());
    }
    return made;
}

Error PostgresConnection::error(const pg_result* result) const {
    const char* const state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* const primary =
        result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    std::string words = primary != nullptr ? primary : PQerrorMessage(connection_.get());
    while (!words.empty() && words.back() == '\n') {
        words.pop_back();
    }
    std::ranges::replace(words, '\n', ' ');
    const bool lost = PQstatus(connection_.get()) != CONNECTION_OK;
    return {lost ? ErrorCode::store_open : code_of(state == nullptr ? "" : state),
            fmt::format("the store {}: {}", in_quotes(address_.shown()),
                        printable(address_.cleaned(std::move(words))))};
}

Result<PostgresResult> PostgresConnection::run(std::string_view sql, std::span<const StoreValue> values) {
    const Parameters parameters(values);
    PostgresResult result(PQexecParams(connection_.get(), std::string(sql).c_str(), parameters.count(),
                                       nullptr, parameters.pointers(), nullptr, nullptr, 0));
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        return std::unexpected(error(result.get()));
    }
    return result;
}

Result<void> PostgresConnection::execute(const std::string& sql) {
    const PostgresResult result(PQexec(connection_.get(), sql.c_str()));
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        return std::unexpected(error(result.get()));
    }
    return {};
}

void PostgresConnection::drain() {
    while (PGresult* const rest = PQgetResult(connection_.get())) {
        PQclear(rest);
    }
}

Result<void> PostgresConnection::stream(std::string_view sql, std::span<const StoreValue> values,
                                        const std::function<bool(const PostgresResult&)>& visit) {
    const Parameters parameters(values);
    if (PQsendQueryParams(connection_.get(), std::string(sql).c_str(), parameters.count(), nullptr,
                          parameters.pointers(), nullptr, nullptr, 0) == 0) {
        return std::unexpected(error(nullptr));
    }
    PQsetSingleRowMode(connection_.get());
    while (PGresult* const one = PQgetResult(connection_.get())) {
        const PostgresResult result(one);
        const auto status = PQresultStatus(one);
        if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK) {
            const Error what = error(one);
            drain();
            return std::unexpected(what);
        }
        if (status == PGRES_SINGLE_TUPLE && !visit(result)) {
            interrupt();
            drain();
            return {};
        }
    }
    return {};
}

Result<void> PostgresConnection::prepare(const std::string& name, const std::string& sql) {
    const PostgresResult result(PQprepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
        return std::unexpected(error(result.get()));
    }
    return {};
}

// So few at a time that their answers fit into the socket's buffer: nobody reads them while they are sent.
Result<void> PostgresConnection::run_all(std::span<const Run> runs) {
    constexpr std::size_t together = 200;
    for (std::size_t first = 0; first < runs.size(); first += together) {
        std::optional<Error> wrong;
        if (PQenterPipelineMode(connection_.get()) == 0) {
            return std::unexpected(error(nullptr));
        }
        for (const auto& run : runs.subspan(first, std::min(together, runs.size() - first))) {
            const Parameters parameters(run.values);
            if (PQsendQueryPrepared(connection_.get(), std::string(run.name).c_str(), parameters.count(),
                                    parameters.pointers(), nullptr, nullptr, 0) == 0) {
                wrong = error(nullptr);
                break;
            }
        }
        bool synchronised = PQpipelineSync(connection_.get()) == 0;
        int nothing = 0;
        // Between the answers of two statements stands a null.
        while (!synchronised && nothing < 2 && PQstatus(connection_.get()) == CONNECTION_OK) {
            const PostgresResult result(PQgetResult(connection_.get()));
            nothing = result.get() == nullptr ? nothing + 1 : 0;
            const auto status = result.get() == nullptr ? PGRES_COMMAND_OK : PQresultStatus(result.get());
            synchronised = status == PGRES_PIPELINE_SYNC;
            if (status == PGRES_FATAL_ERROR && !wrong) {
                wrong = error(result.get());
            }
        }
        if (PQstatus(connection_.get()) != CONNECTION_OK) {
            return std::unexpected(wrong.value_or(error(nullptr)));
        }
        PQexitPipelineMode(connection_.get());
        if (wrong) {
            return std::unexpected(*wrong);
        }
    }
    return {};
}

void PostgresConnection::interrupt() noexcept {
    std::array<char, 256> why{};
    PQcancel(cancel_.get(), why.data(), static_cast<int>(why.size()));
}

}  // namespace virtuoso
