// docs/troubleshooting.md has symptom, cause and remedy of whatever the service tells by name.
#include "alert/occurrence.hpp"
#include "api/health_json.hpp"
#include "service/config_key.hpp"
#include "service/notable_event.hpp"
#include "support/live_service.hpp"
#include "support/markdown_page.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <regex>
#include <set>

namespace virtuoso {
namespace {

constexpr std::size_t columns = 4;  ///< name, symptom, cause, remedy

const std::string& page() {
    static const std::string text = test::read_text(test::source_path("docs/troubleshooting.md"));
    return text;
}

std::vector<test::TableRow> rows_below(std::string_view heading) {
    const std::string section = test::section_of(page(), heading);
    EXPECT_FALSE(section.empty()) << heading;
    return test::table_rows(section);
}

/// Rows of both tables of events.
std::vector<test::TableRow> event_rows() {
    auto rows = rows_below("Events of the service");
    const auto more = rows_below("Events of the market");
    rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

void expect_explained(const std::vector<test::TableRow>& rows, std::string_view name) {
    const auto found = test::rows_of(rows, name);
    EXPECT_FALSE(found.empty()) << name << " has no row";
    for (const auto& row : found) {
        EXPECT_TRUE(test::is_full(row, columns)) << name << ": " << row.size() << " cells, or an empty one";
    }
}

std::string remedies_of(const std::vector<test::TableRow>& rows, std::string_view name) {
    std::string text;
    for (const auto& row : test::rows_of(rows, name)) {
        text += row.back() + "\n";
    }
    return text;
}

/// "[events.whale_trade] multiple": what is code and looks like a key.
std::vector<std::pair<std::string, std::string>> keys_named() {
    static const std::regex form(R"(\[([a-z_.]+)\] ([a-z0-9_]+))");
    std::vector<std::pair<std::string, std::string>> named;
    for (const auto& span : test::code_in(page())) {
        if (std::smatch found; std::regex_match(span, found, form)) {
            named.emplace_back(found[1], found[2]);
        }
    }
    return named;
}

/// What lines of the log are said to be a part of, in the sources.
std::set<std::string> log_parts() {
    static const std::regex form(R"re((?:\.part = |log_?(?:\.|->)(?:info|warn)\(\s*)"([a-z]+)")re");
    std::set<std::string> parts;
    for (const std::string room : {"src/service", "src/api", "app"}) {
        for (const auto& entry : std::filesystem::directory_iterator(test::source_path(room))) {
            const std::string text = test::read_text(entry.path().string());
            for (std::sregex_iterator found(text.begin(), text.end(), form), end; found != end; ++found) {
                parts.insert((*found)[1]);
            }
        }
    }
    return parts;
}

TEST(Troubleshooting, EveryKindOfEventHasARowThatNamesItsKeys) {
    const auto rows = event_rows();
    for (const EventKind kind : all_event_kinds()) {
        const std::string_view name = name_of(kind);
        expect_explained(rows, name);
        const std::string section = fmt::format("events.{}", name);
        const std::string remedies = remedies_of(rows, name);
        EXPECT_TRUE(remedies.contains(fmt::format("`[{}] ", section))) << name << " names no key of its own";
        for (const auto& key : config_keys()) {
            const bool is_threshold =
                key.section == section && key.name != "enabled" && key.name != "cooldown_s";
            const bool is_named = remedies.contains(fmt::format("`{}`", key.name)) ||
                                  remedies.contains(fmt::format("`[{}] {}`", section, key.name));
            EXPECT_TRUE(!is_threshold || is_named) << name << " does not name " << key.name;
        }
        for (const auto& span : test::code_in(remedies)) {
            const bool is_word = std::ranges::all_of(
                span, [](char letter) { return (letter >= 'a' && letter <= 'z') || letter == '_'; });
            const bool is_known = config_key(section, span) != nullptr || event_kind_from(span) ||
                                  std::ranges::find(occurrence_kinds(), span) != occurrence_kinds().end() ||
                                  span == "liquidations";
            EXPECT_TRUE(!is_word || is_known) << name << " names " << span << ", which there is not";
        }
    }
}

TEST(Troubleshooting, EveryKeyThatItNamesIsOne) {
    const auto named = keys_named();
    EXPECT_GT(named.size(), 20U);
    for (const auto& [section, name] : named) {
        EXPECT_NE(config_key(section, name), nullptr) << '[' << section << "] " << name;
    }
}

TEST(Troubleshooting, EveryPartAndQueueOfTheHealthHasARow) {
    test::LiveService live({});
    live.start();
    ASSERT_TRUE(live.becomes_whole());
    const ServiceHealth health = health_of({.shards = live.service().shards(),
                                            .hub = live.service().hub(),
                                            .results = live.service().results(),
                                            .keeper = live.service().keeper(),
                                            .saving = SavingStatus{},
                                            .store = StoreStatus{},
                                            .began = {}},
                                           live.clock().now(), 0);
    const auto document = nlohmann::json::parse(health_json(health, live.service().hub().queues()));
    std::set<std::string> names;
    for (const std::string list : {"parts", "queues"}) {
        for (const auto& element : document[list]) {
            names.insert(std::regex_replace(element["name"].get<std::string>(), std::regex("[0-9]+"), "N"));
        }
    }
    EXPECT_GE(names.size(), 6U);
    const auto rows = rows_below("Parts of the service");
    for (const auto& name : names) {
        expect_explained(rows, name);
    }
}

TEST(Troubleshooting, EveryPartOfTheLogHasARow) {
    const auto parts = log_parts();
    EXPECT_TRUE(parts.contains("feed") && parts.contains("log") && parts.contains("config"));
    const auto rows = rows_below("Parts of the log");
    for (const auto& part : parts) {
        expect_explained(rows, part);
    }
}

}  // namespace
}  // namespace virtuoso
