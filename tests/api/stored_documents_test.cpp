// Pages of what the store keeps.
#include "service/kept_alerts.hpp"
#include "support/alert_samples.hpp"
#include "support/live_api.hpp"
#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace virtuoso {

namespace {

using Document = nlohmann::json;

constexpr std::int64_t begun = 1'764'201'600'000;
constexpr std::int64_t signals_kept = 57;

void set(StoreTable table, StoreRow& row, std::string_view column, StoreValue value) {
    row[*spec_of(table).column(column)] = std::move(value);
}

/// Three at a time have the same time, as on a busy machine.
std::vector<StoreRecord> signals() {
    std::vector<StoreRecord> records;
    for (std::int64_t i = 0; i < signals_kept; ++i) {
        StoreRow row = test::sample_row(StoreTable::signals, i);
        const auto put = [&](std::string_view column, StoreValue value) {
            set(StoreTable::signals, row, column, std::move(value));
        };
        put("exchange", std::string(i == 5 ? "bybit" : "sim"));
        put("symbol", std::string(i % 2 == 0 ? "BTCUSDT" : "ETHUSDT"));
        put("sequence", i / 2 + 1);
        put("id", fmt::format("signal-{}", i));
        put("time_ms", begun + i / 3);
        put("direction", std::string(i % 4 < 2 ? "LONG" : "SHORT"));
        put("breakdown", std::string(R"({"schema":"virtuoso.signal/1"})"));
        records.push_back({StoreTable::signals, row});
    }
    return records;
}

std::vector<StoreRecord> outcomes() {
    std::vector<StoreRecord> records;
    for (const std::string horizon : {"5m", "plan"}) {
        for (std::int64_t sequence = 1; sequence <= 20; ++sequence) {
            StoreRow row = test::sample_row(StoreTable::outcomes, sequence);
            const auto put = [&](std::string_view column, StoreValue value) {
                set(StoreTable::outcomes, row, column, std::move(value));
            };
            put("exchange", std::string("sim"));
            put("symbol", std::string("BTCUSDT"));
            put("sequence", sequence);
            put("horizon", horizon);
            put("time_ms", begun + sequence);
            records.push_back({StoreTable::outcomes, row});
        }
    }
    return records;
}

std::vector<StoreRecord> scores() {
    std::vector<StoreRecord> records;
    for (std::int64_t minute = 0; minute < 100; ++minute) {
        StoreRow row = test::score_row("BTCUSDT", begun + minute * 60'000, static_cast<double>(minute));
        row[0] = std::string("sim");
        records.push_back({StoreTable::scores, row});
    }
    StoreRow gone = test::score_row("GONEUSDT", begun, 1);
    gone[0] = std::string("sim");
    records.push_back({StoreTable::scores, gone});
    return records;
}

/// Two that were delivered, one that waits, one that was given up, one of another exchange and one whose
/// message is none.
std::vector<StoreRecord> alerts() {
    constexpr std::int64_t ns_per_ms = 1'000'000;
    std::vector<StoreRecord> records;
    const auto add = [&](const std::string& sink, OutboxState state, std::uint32_t failed,
                         const char* reason) {
        const auto number = static_cast<std::int64_t>(records.size());
        auto message = test::message_of({test::long_signal("BTCUSDT", begun + number)}, sink);
        message.made = {(begun + number) * ns_per_ms};
        const OutboxEntry entry{
            .message = message, .attempts = failed, .next_try = {(begun + 60'000) * ns_per_ms}};
        records.push_back(
            {StoreTable::alerts,
             alert_row({.entry = entry, .state = state, .at = {(begun + 500) * ns_per_ms}, .reason = reason},
                       number == 4 ? "bybit" : "sim")});
    };
    add("console", OutboxState::delivered, 0, "");
    add("team", OutboxState::delivered, 2, "");
    add("team", OutboxState::waiting, 3, "HTTP 503");
    add("team", OutboxState::dead, 0, "HTTP 404");
    add("console", OutboxState::delivered, 0, "");
    add("console", OutboxState::delivered, 0, "");
    set(StoreTable::alerts, records.back().row, "payload",
        std::string(R"({"url":"https://no.message/secret"})"));
    set(StoreTable::alerts, records.back().row, "kind", std::string("health"));
    set(StoreTable::alerts, records.back().row, "symbol", StoreValue());
    return records;
}

/// Written before the service begins.
class StoredPlace {
  public:
    StoredPlace() {
        const auto store = open_store(*StoreAddress::parse(path()), StoreUse::write);
        for (const auto& records : {signals(), outcomes(), scores(), alerts()}) {
            EXPECT_TRUE((*store)->put(records));
        }
    }
    [[nodiscard]] std::string path() const { return folder_.file("kept.db"); }

  private:
    test::TemporaryDirectory folder_;
};

class StoredDocuments : private StoredPlace, public test::LiveApi {
  protected:
    StoredDocuments() : LiveApi({.store = StoredPlace::path()}) {}

    /// Rows of all pages, in the order in which they came.
    std::vector<Document> all(const std::string& path, const std::string& list) {
        std::vector<Document> rows;
        for (std::string until;;) {
            const Document page = json(path + until);
            EXPECT_TRUE(page.contains(list)) << path << until << page;
            rows.insert(rows.end(), page[list].begin(), page[list].end());
            if (page["next_until"].is_null() || rows.size() > 1'000) {
                return rows;
            }
            until = fmt::format("&until={}", page["next_until"].get<std::int64_t>());
        }
    }
};

TEST_F(StoredDocuments, PagesOfSignalsLoseNoneAndRepeatNone) {
    for (const int limit : {1, 2, 5, 56, 1'000}) {
        const auto rows = all(fmt::format("/api/v1/signals?limit={}", limit), "signals");
        EXPECT_EQ(rows.size(), signals_kept - 1) << limit;  // one is of another exchange
        std::set<std::string> ids;
        std::int64_t before = begun + signals_kept;
        for (const auto& row : rows) {
            ids.insert(row["id"]);
            EXPECT_LE(row["time_ms"].get<std::int64_t>(), std::exchange(before, row["time_ms"]));
            EXPECT_FALSE(row.contains("breakdown"));
        }
        EXPECT_EQ(ids.size(), rows.size()) << limit;
        EXPECT_FALSE(ids.contains("signal-5"));
    }
}

TEST_F(StoredDocuments, SignalsAreNarrowedByEveryParameter) {
    const auto rows = all("/api/v1/signals?limit=3&symbol=ETHUSDT&direction=SHORT", "signals");
    EXPECT_EQ(rows.size(), 14U);
    for (const auto& row : rows) {
        EXPECT_EQ(row["symbol"], "ETHUSDT");
        EXPECT_EQ(row["direction"], "SHORT");
    }
    const auto since = all(fmt::format("/api/v1/signals?limit=2&since={}", begun + 17), "signals");
    EXPECT_EQ(since.size(), 6U);
    EXPECT_TRUE(all(fmt::format("/api/v1/signals?limit=2&since={}", begun + 100), "signals").empty());
}

TEST_F(StoredDocuments, ASignalComesWithItsOutcomes) {
    const auto known = json("/api/v1/signals/signal-4");
    EXPECT_EQ(known["signal"]["sequence"], 3);
    EXPECT_EQ(known["signal"]["breakdown"]["schema"], "virtuoso.signal/1");
    ASSERT_EQ(known["outcomes"].size(), 2U);
    for (const auto& outcome : known["outcomes"]) {
        EXPECT_EQ(outcome["symbol"], known["signal"]["symbol"]);
        EXPECT_EQ(outcome["sequence"], 3);
    }
    EXPECT_TRUE(json("/api/v1/signals/signal-3")["outcomes"].empty());
    EXPECT_EQ(get("/api/v1/signals/signal-5").status, 404) << "of another exchange";
    EXPECT_EQ(get("/api/v1/signals/signal-57").status, 404);
}

TEST_F(StoredDocuments, PagesOfOutcomesLoseNone) {
    EXPECT_EQ(all("/api/v1/outcomes?limit=3", "outcomes").size(), 40U);
    EXPECT_EQ(all("/api/v1/outcomes?limit=3&horizon=plan", "outcomes").size(), 20U);
}

TEST_F(StoredDocuments, AlertsTellWhatBecameOfThem) {
    const auto rows = all("/api/v1/alerts?limit=2", "alerts");
    ASSERT_EQ(rows.size(), 5U) << "one is of another exchange";
    const auto& dead = rows[1];
    EXPECT_EQ(dead["state"], "dead");
    EXPECT_EQ(dead["attempts"], 1);
    EXPECT_EQ(dead["reason"], "HTTP 404");
    EXPECT_EQ(dead["finished_ms"], begun + 500);
    EXPECT_TRUE(dead["next_try_ms"].is_null());
    const auto& waiting = rows[2];
    EXPECT_EQ(waiting["state"], "waiting");
    EXPECT_EQ(waiting["attempts"], 3);
    EXPECT_EQ(waiting["next_try_ms"], begun + 60'000);
    EXPECT_TRUE(waiting["finished_ms"].is_null());
    const auto& delivered = rows[3];
    EXPECT_EQ(delivered["time_ms"], begun + 1);
    EXPECT_EQ(delivered["sink"], "team");
    EXPECT_EQ(delivered["attempts"], 3);
    EXPECT_TRUE(delivered["reason"].is_null());
    EXPECT_EQ(delivered["rule"], "long-btc");
    EXPECT_EQ(delivered["severity"], "info");
    EXPECT_EQ(delivered["digest"], "none");
    EXPECT_EQ(delivered["total"], 1);
    EXPECT_EQ(delivered["sentence"], "BTCUSDT is LONG now, was NEUTRAL: score 72.50, reliability 0.90");
}

TEST_F(StoredDocuments, AMessageThatCannotBeReadIsToldWithoutItsText) {
    const auto answer = get("/api/v1/alerts?kind=health").body;
    EXPECT_EQ(answer.find("secret"), std::string::npos) << answer;
    const auto rows = Document::parse(answer)["alerts"];
    ASSERT_EQ(rows.size(), 1U);
    for (const auto* const name :
         {"rule", "severity", "digest", "total", "held_back", "sentence", "symbol"}) {
        EXPECT_TRUE(rows[0][name].is_null()) << name;
    }
}

TEST_F(StoredDocuments, AlertsAreNarrowedByEveryParameter) {
    const std::map<std::string, std::size_t> counts{
        {"sink=team", 3U},       {"sink=console", 2U},       {"sink=gone", 0U},
        {"state=delivered", 3U}, {"state=waiting", 1U},      {"state=dead&sink=team", 1U},
        {"symbol=BTCUSDT", 4U},  {"symbol=ETHUSDT", 0U},     {"kind=signal", 4U},
        {"kind=listed", 0U},     {"until=1764201600001", 1U}};
    for (const auto& [query, count] : counts) {
        EXPECT_EQ(json("/api/v1/alerts?" + query)["alerts"].size(), count) << query;
    }
    for (const auto* const query :
         {"sink=%3Cb%3E", "sink=a%20b", "state=lost", "kind=nope", "symbol=%0a", "url=x"}) {
        EXPECT_EQ(get(fmt::format("/api/v1/alerts?{}", query)).status, 400) << query;
    }
}

TEST_F(StoredDocuments, PagesOfScoresAreTheWholePast) {
    std::vector<Document> samples;
    for (std::string to;;) {
        const Document page = json("/api/v1/symbols/BTCUSDT/scores?limit=7" + to)["scores"];
        if (page.empty()) {
            break;
        }
        samples.insert(samples.begin(), page.begin(), page.end());
        to = fmt::format("&to={}", samples.front()["time_ms"].get<std::int64_t>());
    }
    ASSERT_EQ(samples.size(), 100U);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        EXPECT_EQ(samples[i]["time_ms"], begun + static_cast<std::int64_t>(i) * 60'000);
        EXPECT_EQ(samples[i]["score"], static_cast<double>(i));
        EXPECT_TRUE(samples[i]["orderflow"].is_null());
    }
}

TEST_F(StoredDocuments, OfEveryStretchOfScoresTheLastSampleIsTold) {
    const auto document = json("/api/v1/symbols/BTCUSDT/scores?step=15");
    EXPECT_EQ(document["step_minutes"], 15);
    const auto& samples = document["scores"];
    ASSERT_EQ(samples.size(), 7U);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(samples[i]["score"], static_cast<double>(15 * i + 14));
    }
    EXPECT_EQ(samples[6]["score"], 99);
    const auto some = json(fmt::format("/api/v1/symbols/BTCUSDT/scores?from={}&to={}", begun + 60'000,
                                       begun + 240'000))["scores"];
    EXPECT_EQ(some.size(), 3U);
}

TEST_F(StoredDocuments, AContractThatIsNotTradedAnyMoreKeepsItsPast) {
    EXPECT_EQ(json("/api/v1/symbols/GONEUSDT/scores")["scores"].size(), 1U);
    EXPECT_EQ(get("/api/v1/symbols/NEVERUSDT/scores").status, 404);
    EXPECT_TRUE(json("/api/v1/symbols/ETHUSDT/scores")["scores"].empty()) << "none yet";
}

}  // namespace

}  // namespace virtuoso
