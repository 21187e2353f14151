#include "service/kept_alerts.hpp"

#include "alert/alert_message.hpp"
#include "store/store_cell.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

const StoreTableSpec& alerts() {
    return spec_of(StoreTable::alerts);
}

std::optional<OutboxEntry> entry_of(std::span<const StoreValue> row) {
    const auto* const payload = store_cell<std::string>(alerts(), row, "payload");
    const auto* const attempts = store_cell<std::int64_t>(alerts(), row, "attempts");
    const auto* const next = store_cell<std::int64_t>(alerts(), row, "next_try_ms");
    auto message = payload != nullptr ? alert_from_json(*payload) : fail(ErrorCode::field_missing, "payload");
    if (!message) {
        return std::nullopt;
    }
    return OutboxEntry{.message = *std::move(message),
                       .attempts = static_cast<std::uint32_t>(attempts != nullptr ? *attempts : 0),
                       .next_try = {(next != nullptr ? *next : 0) * ns_per_ms}};
}

}  // namespace

StoreRow alert_row(const OutboxChange& change, const std::string& exchange) {
    const AlertMessage& message = change.entry.message;
    StoreRow row(alerts().columns.size());
    const auto set = [&](std::string_view column, StoreValue value) {
        if (const auto place = alerts().column(column)) {
            row[*place] = std::move(value);
        }
    };
    const bool waits = change.state == OutboxState::waiting;
    set("id", message.key);
    set("sink", message.sink);
    set("time_ms", message.made.ns / ns_per_ms);
    set("exchange", exchange);
    if (!message.occurrences.empty()) {
        const Occurrence& first = message.occurrences.front();
        set("kind", first.kind);
        set("symbol", first.symbol.empty() ? StoreValue() : StoreValue(first.symbol));
    }
    set("payload", alert_json(message));
    set("state", std::string(name_of(change.state)));
    set("attempts", static_cast<std::int64_t>(change.entry.attempts) + (waits ? 0 : 1));
    set("next_try_ms", waits ? StoreValue(change.entry.next_try.ns / ns_per_ms) : StoreValue());
    set("reason", change.reason.empty() ? StoreValue() : StoreValue(std::string(change.reason)));
    set("finished_ms", waits ? StoreValue() : StoreValue(change.at.ns / ns_per_ms));
    return row;
}

Result<KeptAlerts> read_alerts(Store& store, const std::string& exchange, std::int64_t now_ms) {
    KeptAlerts kept;
    const auto waiting = store.select(
        {.table = StoreTable::alerts,
         .where = {{"exchange", exchange}, {"state", std::string(name_of(OutboxState::waiting))}}},
        [&](std::span<const StoreValue> row) {
            if (auto entry = entry_of(row)) {
                kept.waiting.push_back(*std::move(entry));
            } else {
                ++kept.unreadable;
            }
            return true;
        });
    if (!waiting) {
        return std::unexpected(waiting.error());
    }
    const auto done = store.select(
        {.table = StoreTable::alerts, .since_ms = now_ms - ms_per_day, .where = {{"exchange", exchange}}},
        [&](std::span<const StoreValue> row) {
            const auto* const state = store_cell<std::string>(alerts(), row, "state");
            const auto* const key = store_cell<std::string>(alerts(), row, "id");
            if (state != nullptr && key != nullptr && *state != name_of(OutboxState::waiting)) {
                kept.done.push_back(*key);
            }
            return true;
        });
    if (!done) {
        return std::unexpected(done.error());
    }
    return kept;
}

}  // namespace virtuoso
