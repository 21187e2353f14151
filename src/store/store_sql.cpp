#include "store/store_sql.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

std::string names_of(std::span<const StoreColumn> columns, std::string_view order = {}) {
    std::string names;
    for (const auto& column : columns) {
        names += fmt::format("{}{}{}", names.empty() ? "" : ", ", column.name, order);
    }
    return names;
}

}  // namespace

std::string insert_sql(const StoreTableSpec& spec) {
    std::string values;
    for (std::size_t i = 1; i <= spec.columns.size(); ++i) {
        values += fmt::format("{}${}", i == 1 ? "" : ", ", i);
    }
    std::string twice = "NOTHING";
    if (spec.twice == KeyTwice::replace) {
        twice = "UPDATE SET ";
        for (const auto& column : spec.columns.subspan(spec.key_columns)) {
            twice +=
                fmt::format("{}{} = excluded.{}", twice.ends_with(' ') ? "" : ", ", column.name, column.name);
        }
    }
    return fmt::format("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO {}", spec.name,
                       names_of(spec.columns), values, names_of(spec.columns.first(spec.key_columns)), twice);
}

std::string select_sql(const StoreQuery& query) {
    const StoreTableSpec& spec = spec_of(query.table);
    std::string text = fmt::format("SELECT {} FROM {}", names_of(spec.columns), spec.name);
    std::size_t parameters = 0;
    const auto add = [&](std::string_view column, std::string_view relation) {
        text +=
            fmt::format(" {} {} {} ${}", parameters == 0 ? "WHERE" : "AND", column, relation, parameters + 1);
        ++parameters;
    };
    if (query.since_ms) {
        add(spec.time().name, ">=");
    }
    if (query.until_ms) {
        add(spec.time().name, "<");
    }
    for (const auto& match : query.where) {
        add(match.column, "=");
    }
    const std::string_view order = query.newest_first ? " DESC" : "";
    text += fmt::format(" ORDER BY {}{}, {}", spec.time().name, order,
                        names_of(spec.columns.first(spec.key_columns), order));
    if (query.limit) {
        text += fmt::format(" LIMIT ${}", parameters + 1);
    }
    return text;
}

StoreRow select_values(const StoreQuery& query) {
    StoreRow values;
    if (query.since_ms) {
        values.emplace_back(*query.since_ms);
    }
    if (query.until_ms) {
        values.emplace_back(*query.until_ms);
    }
    for (const auto& match : query.where) {
        values.push_back(match.value);
    }
    if (query.limit) {
        values.emplace_back(static_cast<std::int64_t>(*query.limit));
    }
    return values;
}

std::string remove_sql(const StoreTableSpec& spec) {
    const std::string key = names_of(spec.columns.first(spec.key_columns));
    return fmt::format("DELETE FROM {} WHERE ({}) IN (SELECT {} FROM {} WHERE {} < $1 ORDER BY {} LIMIT $2)",
                       spec.name, key, key, spec.name, spec.time().name, spec.time().name);
}

std::string columns_sql(const StoreTableSpec& spec) {
    return fmt::format("SELECT {} FROM {} LIMIT 0", names_of(spec.columns), spec.name);
}

std::string_view last_sequence_sql() noexcept {
    return "SELECT coalesce(max(sequence), 0) FROM signals WHERE exchange = $1 AND symbol = $2";
}

}  // namespace virtuoso
