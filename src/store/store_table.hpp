// The store's tables as data: both engines, exports, documentation and tests follow it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace virtuoso {

enum class StoreTable : std::uint8_t {
    signals,             ///< each with what an audit needs
    outcomes,            ///< what became of a signal by a horizon or a barrier
    scores,              ///< a minute's sample of every symbol
    events,              ///< notable ones
    overview,            ///< the market as a whole, once a minute
    keeper_runs,         ///< of the memory keeper
    health_transitions,  ///< a part of the service became good or bad
    alerts               ///< what is to be delivered, and what became of it
};
inline constexpr std::size_t store_tables = 8;

enum class ColumnType : std::uint8_t { whole, real, text };

struct StoreColumn {
    std::string_view name;
    ColumnType type = ColumnType::whole;
    bool nullable = false;
    bool document = false;  ///< a text that is a JSON document
};

/// What a row does whose key is there already.
enum class KeyTwice : std::uint8_t {
    keep,    ///< nothing: what was written stays
    replace  ///< takes the place of the one before
};

struct StoreTableSpec {
    StoreTable table = StoreTable::signals;
    std::string_view name;
    std::span<const StoreColumn> columns;
    std::size_t key_columns = 0;  ///< the first so many are the primary key
    std::size_t time_column = 0;  ///< index: exchange time or the service's own, in ms
    KeyTwice twice = KeyTwice::keep;

    [[nodiscard]] const StoreColumn& time() const noexcept { return columns[time_column]; }
    /// nullopt when there is none of that name.
    [[nodiscard]] std::optional<std::size_t> column(std::string_view column_name) const noexcept;
};

[[nodiscard]] const StoreTableSpec& spec_of(StoreTable table) noexcept;
/// In the order of the enumeration.
[[nodiscard]] std::span<const StoreTableSpec> all_store_tables() noexcept;
/// "signals" and so on; nullopt for other names.
[[nodiscard]] std::optional<StoreTable> store_table_from(std::string_view name) noexcept;

}  // namespace virtuoso
