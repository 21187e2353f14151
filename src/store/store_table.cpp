#include "store/store_table.hpp"

#include <algorithm>
#include <array>

namespace virtuoso {

namespace {

constexpr ColumnType whole = ColumnType::whole;
constexpr ColumnType real = ColumnType::real;
constexpr ColumnType text = ColumnType::text;
constexpr bool nullable = true;
constexpr bool document = true;

constexpr std::array signal_columns{
    StoreColumn{"exchange", text},
    StoreColumn{"symbol", text},
    StoreColumn{"sequence", whole},
    StoreColumn{"id", text},
    StoreColumn{"epoch", whole},
    StoreColumn{"time_ms", whole},
    StoreColumn{"received_ms", whole},
    StoreColumn{"direction", text},
    StoreColumn{"score", real},
    StoreColumn{"coverage", real},
    StoreColumn{"reliability", real},
    StoreColumn{"orderflow", real, nullable},
    StoreColumn{"orderbook", real, nullable},
    StoreColumn{"volume", real, nullable},
    StoreColumn{"price_structure", real, nullable},
    StoreColumn{"technical", real, nullable},
    StoreColumn{"sentiment", real, nullable},
    StoreColumn{"entry", real},
    StoreColumn{"stop", real},
    StoreColumn{"target_1", real},
    StoreColumn{"target_2", real},
    StoreColumn{"target_3", real},
    StoreColumn{"settings", text},
    StoreColumn{"breakdown", text, !nullable, document},
};

constexpr std::array outcome_columns{
    StoreColumn{"exchange", text},
    StoreColumn{"symbol", text},
    StoreColumn{"sequence", whole},
    StoreColumn{"horizon", text},
    StoreColumn{"time_ms", whole},
    StoreColumn{"state", text},
    StoreColumn{"return_share", real, nullable},
    StoreColumn{"favourable_r", real, nullable},
    StoreColumn{"adverse_r", real, nullable},
    StoreColumn{"first_barrier", text, nullable},
    StoreColumn{"targets_reached", whole, nullable},
    StoreColumn{"gross_r", real, nullable},
    StoreColumn{"net_r", real, nullable},
    StoreColumn{"hole_ms", whole},
    StoreColumn{"direction", text, nullable},
    StoreColumn{"score", real, nullable},
    StoreColumn{"symbol_group", text, nullable},
    StoreColumn{"regime", text, nullable},
};

constexpr std::array score_columns{
    StoreColumn{"exchange", text},
    StoreColumn{"symbol", text},
    StoreColumn{"time_ms", whole},
    StoreColumn{"score", real, nullable},
    StoreColumn{"orderflow", real, nullable},
    StoreColumn{"orderbook", real, nullable},
    StoreColumn{"volume", real, nullable},
    StoreColumn{"price_structure", real, nullable},
    StoreColumn{"technical", real, nullable},
    StoreColumn{"sentiment", real, nullable},
    StoreColumn{"reliability", real},
};

constexpr std::array event_columns{
    StoreColumn{"exchange", text}, StoreColumn{"life", whole},
    StoreColumn{"number", whole},  StoreColumn{"time_ms", whole},
    StoreColumn{"kind", text},     StoreColumn{"severity", text},
    StoreColumn{"phase", text},    StoreColumn{"symbol", text, nullable},
    StoreColumn{"sentence", text}, StoreColumn{"numbers", text, !nullable, document},
};

constexpr std::array overview_columns{
    StoreColumn{"exchange", text},
    StoreColumn{"time_ms", whole},
    StoreColumn{"gainers", whole},
    StoreColumn{"losers", whole},
    StoreColumn{"unchanged", whole},
    StoreColumn{"total", whole},
    StoreColumn{"mean_change", real},
    StoreColumn{"volatility", real},
    StoreColumn{"turnover_24h", real},
    StoreColumn{"advance_decline", whole},
    StoreColumn{"bitcoin_volatility", real, nullable},
    StoreColumn{"bitcoin_percentile", real, nullable},
    StoreColumn{"regime", text, nullable},
    StoreColumn{"regime_rule", text},
};

constexpr std::array keeper_columns{
    StoreColumn{"exchange", text},
    StoreColumn{"life", whole},
    StoreColumn{"number", whole},
    StoreColumn{"time_ms", whole},
    StoreColumn{"asked_for", whole},
    StoreColumn{"late_ms", whole},
    StoreColumn{"duration_ms", whole},
    StoreColumn{"interval_ms", whole},
    StoreColumn{"pressure", text},
    StoreColumn{"before_bytes", whole},
    StoreColumn{"after_bytes", whole},
    StoreColumn{"candles", whole},
    StoreColumn{"open_interest_points", whole},
    StoreColumn{"trades", whole},
    StoreColumn{"others", whole},
    StoreColumn{"objects", whole},
    StoreColumn{"trimmed_bytes", whole},
    StoreColumn{"shed_bytes", whole},
    StoreColumn{"error", text, nullable},
};

constexpr std::array health_columns{
    StoreColumn{"exchange", text}, StoreColumn{"life", whole}, StoreColumn{"number", whole},
    StoreColumn{"time_ms", whole}, StoreColumn{"part", text},  StoreColumn{"good", whole},
    StoreColumn{"detail", text},
};

constexpr std::array alert_columns{
    StoreColumn{"id", text},
    StoreColumn{"sink", text},
    StoreColumn{"time_ms", whole},
    StoreColumn{"kind", text},
    StoreColumn{"exchange", text},
    StoreColumn{"symbol", text, nullable},
    StoreColumn{"payload", text},
    StoreColumn{"state", text},
    StoreColumn{"attempts", whole},
    StoreColumn{"next_try_ms", whole, nullable},
    StoreColumn{"reason", text, nullable},
    StoreColumn{"finished_ms", whole, nullable},
};

constexpr std::array specs{
    StoreTableSpec{StoreTable::signals, "signals", signal_columns, 3, 5, KeyTwice::keep},
    StoreTableSpec{StoreTable::outcomes, "outcomes", outcome_columns, 4, 4, KeyTwice::replace},
    StoreTableSpec{StoreTable::scores, "scores", score_columns, 3, 2, KeyTwice::keep},
    StoreTableSpec{StoreTable::events, "events", event_columns, 3, 3, KeyTwice::keep},
    StoreTableSpec{StoreTable::overview, "overview", overview_columns, 2, 1, KeyTwice::keep},
    StoreTableSpec{StoreTable::keeper_runs, "keeper_runs", keeper_columns, 3, 3, KeyTwice::keep},
    StoreTableSpec{StoreTable::health_transitions, "health_transitions", health_columns, 3, 3,
                   KeyTwice::keep},
    StoreTableSpec{StoreTable::alerts, "alerts", alert_columns, 2, 2, KeyTwice::replace},
};
static_assert(specs.size() == store_tables);

}  // namespace

std::optional<std::size_t> StoreTableSpec::column(std::string_view column_name) const noexcept {
    const auto found = std::ranges::find(columns, column_name, &StoreColumn::name);
    return found == columns.end() ? std::nullopt
                                  : std::optional(static_cast<std::size_t>(found - columns.begin()));
}

const StoreTableSpec& spec_of(StoreTable table) noexcept {
    return specs[static_cast<std::size_t>(table)];
}

std::span<const StoreTableSpec> all_store_tables() noexcept {
    return specs;
}

std::optional<StoreTable> store_table_from(std::string_view name) noexcept {
    const auto found = std::ranges::find(specs, name, &StoreTableSpec::name);
    return found == specs.end() ? std::nullopt : std::optional(found->table);
}

}  // namespace virtuoso
