// `virtuoso export` and `virtuoso db` as their users meet them.
#include "store/store.hpp"
#include "support/shared_file.hpp"
#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <vector>

namespace virtuoso {
namespace {

using test::quoted;
using test::run;

/// What this machine's user has configured says nothing here.
class ExportCommand : public testing::Test {
  protected:
    ExportCommand() {
        ::setenv("XDG_CONFIG_HOME", place_.file("xdg").c_str(), 1);
        ::unsetenv("STATE_DIRECTORY");
        std::filesystem::create_directory(place_.file("a state"));
        store_ = *open_store(*StoreAddress::parse(path()), StoreUse::write);
    }
    ~ExportCommand() override { ::unsetenv("XDG_CONFIG_HOME"); }
    ExportCommand(const ExportCommand&) = delete;
    ExportCommand& operator=(const ExportCommand&) = delete;

    [[nodiscard]] std::string path() const { return place_.file("a state/virtuoso.db"); }
    [[nodiscard]] std::string folder() const { return "--state-dir " + quoted(place_.file("a state")); }
    void put(StoreTable table, StoreRow row) const {
        const std::vector<StoreRecord> records{{table, std::move(row)}};
        ASSERT_TRUE(store_->put(records));
    }
    static StoreRow event(const std::string& symbol, const std::string& sentence, std::int64_t number) {
        StoreRow row = test::sample_row(StoreTable::events, number);
        row[7] = symbol.empty() ? StoreValue() : StoreValue(symbol);
        row[8] = sentence;
        row[9] = std::string(R"({"multiple":12.5})");
        return row;
    }

    test::TemporaryDirectory place_;
    std::unique_ptr<Store> store_;
};

TEST_F(ExportCommand, CsvIsQuotedAndHoldsNoFormula) {
    put(StoreTable::events, event("BTCUSDT", "a \"quoted\", long\nsentence", 1));
    put(StoreTable::events, event("", "=HYPERLINK(\"http://x\")", 2));
    put(StoreTable::events, event("-1", "", 3));
    const auto all = run("export events " + folder());
    EXPECT_EQ(all.code, 0);
    EXPECT_EQ(all.text,
              "exchange,life,number,time_ms,kind,severity,phase,symbol,sentence,numbers\n"
              "exchange-1,1,1,1,kind-1,severity-1,phase-1,BTCUSDT,\"a \"\"quoted\"\", "
              "long\nsentence\",\"{\"\"multiple\"\":12.5}\"\n"
              "exchange-2,2,2,2,kind-2,severity-2,phase-2,,\"'=HYPERLINK(\"\"http://"
              "x\"\")\",\"{\"\"multiple\"\":12.5}\"\n"
              "exchange-0,3,3,3,kind-0,severity-0,phase-0,\"'-1\",\"\",\"{\"\"multiple\"\":12.5}\"\n");
}

TEST_F(ExportCommand, JsonHoldsTextsAsTheyAreAndNumbersBitForBit) {
    put(StoreTable::scores, test::score_row("BTCUSDT", 60'000, 0.1 + 0.2));
    const auto scores = run("export scores --format ndjson " + folder());
    EXPECT_EQ(scores.code, 0);
    EXPECT_EQ(scores.text,
              R"({"exchange":"bybit","symbol":"BTCUSDT","time_ms":60000,"score":0.30000000000000004,)"
              R"("orderflow":null,"orderbook":null,"volume":null,"price_structure":null,"technical":null,)"
              R"("sentiment":null,"reliability":1.0})"
              "\n");
    put(StoreTable::events, event("BTCUSDT", "=1 \x1b[31m\u202e \"", 1));
    const auto events = run("export events --format ndjson " + folder());
    EXPECT_NE(events.text.find(R"("sentence":"=1 \u001b[31m\u202e \"")"), std::string::npos) << events.text;
    EXPECT_EQ(run("export events " + folder()).text.find('\x1b'), std::string::npos);
}

TEST_F(ExportCommand, NumbersOfEventsAreValuesInJsonAndOneColumnOfTextInCsv) {
    StoreRow row = event("BTCUSDT", "x", 1);
    row[9] = std::string(R"({"notional_quote":1250000.5,"multiple":12})");
    put(StoreTable::events, row);
    row = event("BTCUSDT", "x", 2);
    row[9] = std::string("{no JSON");
    put(StoreTable::events, row);
    const auto json = run("export events --format ndjson " + folder());
    EXPECT_EQ(json.code, 0);
    EXPECT_NE(json.text.find(R"(,"numbers":{"notional_quote":1250000.5,"multiple":12}})"), std::string::npos)
        << json.text;
    EXPECT_NE(json.text.find(R"(,"numbers":"{no JSON"})"), std::string::npos) << "what is none stays a text";
    const auto csv = run("export events " + folder());
    EXPECT_NE(csv.text.find(R"(,x,"{""notional_quote"":1250000.5,""multiple"":12}")"), std::string::npos)
        << csv.text;
    StoreRow signal = test::sample_row(StoreTable::signals, 1);
    signal.back() = std::string(R"({"schema":"virtuoso.signal/1"})");
    put(StoreTable::signals, signal);
    EXPECT_NE(run("export signals --format ndjson " + folder())
                  .text.find(R"(,"breakdown":{"schema":"virtuoso.signal/1"}})"),
              std::string::npos);
}

TEST_F(ExportCommand, TimesAndSymbolsChoose) {
    for (std::int64_t minute = 0; minute < 10; ++minute) {
        put(StoreTable::scores, test::score_row("BTCUSDT", minute * 60'000, 50));
        put(StoreTable::scores, test::score_row("ETHUSDT", minute * 60'000, 50));
    }
    const auto lines = [&](const std::string& options) {
        const auto outcome = run("export scores " + folder() + " " + options);
        EXPECT_EQ(outcome.code, 0) << outcome.text;
        return std::ranges::count(outcome.text, '\n') - 1;
    };
    EXPECT_EQ(lines(""), 20);
    EXPECT_EQ(lines("--symbol ETHUSDT"), 10);
    EXPECT_EQ(lines("--since 120000 --until 1970-01-01T00:04:00Z"), 4);
    EXPECT_EQ(lines("--symbol \"x' OR 1=1 --\""), 0);
    EXPECT_EQ(run("export overview --symbol BTCUSDT " + folder()).code, 2);
    EXPECT_EQ(run("export scores --since yesterday " + folder()).code, 2);
    EXPECT_EQ(run("export sqlite_master " + folder()).code, 2);
}

TEST_F(ExportCommand, GzipHoldsTheSame) {
    std::vector<StoreRecord> records;
    for (std::int64_t i = 0; i < 20'000; ++i) {
        records.push_back({StoreTable::scores, test::score_row("BTCUSDT", i, static_cast<double>(i) / 3)});
    }
    ASSERT_TRUE(store_->put(records));
    const std::string plain = run("export scores " + folder()).text;
    const std::string again = run("export scores --gzip " + folder(), "| gzip -dc").text;
    EXPECT_GT(plain.size(), 500'000U);
    EXPECT_TRUE(plain == again);
}

TEST_F(ExportCommand, OtherToolsReadItAsItIs) {
    put(StoreTable::events, event("BTCUSDT", "a \"quoted\", long\nsentence", 1));
    put(StoreTable::events, event("", "plain", 2));
    const std::string csv = place_.file("events.csv");
    const std::string json = place_.file("events.ndjson");
    EXPECT_EQ(run("export events " + folder(), "> " + quoted(csv)).code, 0);
    EXPECT_EQ(run("export events --format ndjson " + folder(), "> " + quoted(json)).code, 0);
    const std::string script = fmt::format(
        "import csv, json, sqlite3, sys\n"
        "rows = list(csv.DictReader(open(sys.argv[1], newline='')))\n"
        "objects = [json.loads(line) for line in open(sys.argv[2])]\n"
        "table = sqlite3.connect(sys.argv[3]).execute('SELECT sentence FROM events ORDER BY "
        "time_ms').fetchall()\n"
        "sentences = [row['sentence'] for row in rows]\n"
        "assert sentences == [one['sentence'] for one in objects] == [row[0] for row in table], sentences\n"
        "assert sentences[0] == 'a \"quoted\", long\\nsentence', sentences\n"
        "assert all(json.loads(row['numbers']) == one['numbers'] == {{'multiple': 12.5}}\n"
        "           for row, one in zip(rows, objects)), objects\n"
        "try:\n"
        "    import pandas\n"
        "    assert list(pandas.read_csv(sys.argv[1]).sentence) == sentences\n"
        "    figures = pandas.json_normalize(pandas.read_json(sys.argv[2], lines=True).numbers)\n"
        "    assert list(figures.multiple) == [12.5, 12.5], figures\n"
        "except ImportError:\n"
        "    pass\n");
    const std::string file = place_.file("read.py");
    std::FILE* const out = std::fopen(file.c_str(), "w");
    ASSERT_NE(out, nullptr);
    std::fwrite(script.data(), 1, script.size(), out);
    std::fclose(out);
    const std::string command =
        fmt::format("python3 {} {} {} {}", quoted(file), quoted(csv), quoted(json), quoted(path()));
    EXPECT_EQ(std::system(command.c_str()), 0);
}

/// The lines of docs/operations.md that show how other tools read the store.
std::vector<std::string> shown_commands() {
    std::vector<std::string> commands;
    std::istringstream page(test::read_text(test::source_path("docs/operations.md")));
    for (std::string line; std::getline(page, line);) {
        for (const std::string_view tool :
             {"sqlite3 -readonly ", "python3 -c \"import pandas", "duckdb -c "}) {
            if (line.starts_with("    " + std::string(tool))) {
                commands.push_back(line.substr(4));
            }
        }
    }
    return commands;
}

TEST_F(ExportCommand, TheDocumentationsCommandsWorkWhereTheirToolsAre) {
    for (const std::int64_t number : {1, 2, 3}) {
        put(StoreTable::signals, test::sample_row(StoreTable::signals, number));
        put(StoreTable::scores, test::score_row("BTCUSDT", number, 50));
    }
    const std::string csv = place_.file("signals.csv");
    const std::string json = place_.file("scores.ndjson.gz");
    put(StoreTable::events, event("BTCUSDT", "x", 1));
    const std::string events = place_.file("events.ndjson");
    ASSERT_EQ(run("export events --format ndjson " + folder(), "> " + quoted(events)).code, 0);
    ASSERT_EQ(run("export signals " + folder(), "> " + quoted(csv)).code, 0);
    ASSERT_EQ(run("export scores --format ndjson --gzip " + folder(), "> " + quoted(json)).code, 0);
    const auto works = [](const std::string& command) { return std::system(command.c_str()) == 0; };
    std::size_t tried = 0;
    const auto commands = shown_commands();
    EXPECT_EQ(commands.size(), 5U);
    for (std::string command : commands) {
        const std::string tool = command.substr(0, command.find(' '));
        const bool is_there = tool == "python3" ? works("python3 -c 'import pandas' 2>/dev/null")
                                                : works("command -v " + tool + " >/dev/null");
        constexpr std::string_view usual = "~/.local/state/virtuoso/virtuoso.db";
        if (const auto at = command.find(usual); at != std::string::npos) {
            command.replace(at, usual.size(), quoted(path()));
        }
        if (is_there) {
            ++tried;
            EXPECT_TRUE(works("cd " + quoted(place_.file("")) + " && " + command)) << command;
        }
    }
    RecordProperty("tried", static_cast<int>(tried));
}

TEST_F(ExportCommand, WhatCannotBeReadOrWrittenIsSaid) {
    EXPECT_EQ(run("export scores --store " + quoted(place_.file("none.db"))).code, 3);
    const auto off = run("export scores --store redis://x");
    EXPECT_EQ(off.code, 2);
    EXPECT_NE(off.text.find("E_ARGUMENT"), std::string::npos);
    std::vector<StoreRecord> records;
    for (std::int64_t i = 0; i < 2'000; ++i) {
        records.push_back({StoreTable::scores, test::score_row("BTCUSDT", i, 50)});
    }
    ASSERT_TRUE(store_->put(records));
    const auto full = run("export scores " + folder(), "2>&1 >/dev/full");
    EXPECT_EQ(full.code, 6) << full.text;
    EXPECT_NE(full.text.find("E_FILE_WRITE"), std::string::npos) << full.text;
    const auto away = run("export scores --store 'postgresql://me:s3cr3t@127.0.0.1:1/db'");
    EXPECT_EQ(away.code, 3);
    EXPECT_EQ(away.text.find("s3cr3t"), std::string::npos) << away.text;
}

TEST_F(ExportCommand, TheDatabaseIsCheckedVacuumedAndMigrated) {
    for (std::int64_t i = 0; i < 3; ++i) {
        put(StoreTable::scores, test::score_row("BTCUSDT", i, 50));
    }
    const auto good = run("db check " + folder());
    EXPECT_EQ(good.code, 0) << good.text;
    EXPECT_NE(good.text.find("no errors; SQLite, schema version 2"), std::string::npos) << good.text;
    EXPECT_NE(good.text.find("3 rows"), std::string::npos) << good.text;
    EXPECT_EQ(run("db vacuum " + folder()).code, 0);
    const auto same = run("db migrate --store " + quoted(path()));
    EXPECT_EQ(same.code, 0) << same.text;
    EXPECT_NE(same.text.find("schema version 2, up to date"), std::string::npos) << same.text;
    EXPECT_EQ(run("db migrate --store " + quoted(place_.file("none.db"))).code, 3);
    EXPECT_FALSE(std::filesystem::exists(place_.file("none.db")));

    sqlite3* empty = nullptr;
    ASSERT_EQ(sqlite3_open(place_.file("empty.db").c_str(), &empty), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(empty, "VACUUM", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(empty);
    const std::string old = "--store " + quoted(place_.file("empty.db"));
    EXPECT_EQ(run("db check " + old).code, 4);
    const auto migrated = run("db migrate " + old);
    EXPECT_NE(migrated.text.find("schema version 0 → 2"), std::string::npos) << migrated.text;
    EXPECT_EQ(run("db check " + old).code, 0);
    EXPECT_EQ(run("db").code, 2);
}

TEST_F(ExportCommand, ReportsTellOfAPeriodOfTheStore) {
    const auto nothing = run("report " + folder());
    EXPECT_EQ(nothing.code, 0) << nothing.text;
    EXPECT_NE(nothing.text.find("nothing is kept yet"), std::string::npos) << nothing.text;
    StoreRow row = test::sample_row(StoreTable::overview, 1'795'000'000'000);
    row[0] = std::string("bybit");
    put(StoreTable::overview, row);
    const auto day = run("report --until 1795000000001 " + folder());
    EXPECT_EQ(day.code, 0) << day.text;
    EXPECT_NE(day.text.find("Report on bybit, 2026-11-17 11:06 UTC to 2026-11-18 11:06 UTC"),
              std::string::npos)
        << day.text;
    EXPECT_NE(
        run("report --period week --json --until 1795000000001 " + folder()).text.find("\"minutes\":1,"),
        std::string::npos);
    const auto brief = run("report --brief --until 1795000000001 " + folder());
    EXPECT_NE(
        brief.text.find("Report on bybit, 2026-11-17 11:06 UTC to 2026-11-18 11:06 UTC\nMarket, 1 of 1440 "),
        std::string::npos)
        << brief.text;
    EXPECT_LT(std::ranges::count(brief.text, '\n'), 20) << brief.text;
    EXPECT_EQ(run("report --brief --json " + folder()).code, 2);
    const auto other = run("report --exchange sim " + folder());
    EXPECT_EQ(other.code, 2);
    EXPECT_NE(other.text.find("the store has bybit"), std::string::npos) << other.text;
    EXPECT_EQ(run("report --until yesterday " + folder()).code, 2);
    const auto since = run("report --brief --since 1794990000000 --until 1795000000001 " + folder());
    EXPECT_NE(since.text.find("Report on bybit, 2026-11-18 08:20 UTC to 2026-11-18 11:06 UTC"),
              std::string::npos)
        << since.text;
    const auto never = run("report --since 2026-11-19T00:00:00Z --until 1795000000001 " + folder());
    EXPECT_EQ(never.code, 2);
    EXPECT_NE(never.text.find("--since = \"2026-11-19T00:00:00Z\": it is not before the end, 2026-11-18T"),
              std::string::npos)
        << never.text;
    const std::string page = place_.file("a page.html");
    EXPECT_EQ(run("report --until 1795000000001 --html " + quoted(page) + " " + folder()).code, 0);
    EXPECT_NE(test::read_text(page).find("virtuoso.report/1"), std::string::npos);
    EXPECT_EQ(run("report --until 1795000000001 --html " + quoted(page) + " " + folder()).code, 0)
        << "its own is replaced";
}

}  // namespace
}  // namespace virtuoso
