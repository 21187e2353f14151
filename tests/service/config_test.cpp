// For every key: what is promised of a value that is set, wrong, out of range, or misspelt.
#include "base/nearest_name.hpp"
#include "service/config_changes.hpp"
#include "service/config_loader.hpp"
#include "service/config_page.hpp"
#include "service/config_rules.hpp"
#include "support/config_samples.hpp"
#include "support/shared_file.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

using test::default_value;
using test::errors_in;
using test::load_text;
using test::sample_value;

std::vector<EnvironmentVariable> one_variable(const ConfigKey& key, const std::string& value) {
    return {{variable_of(key), value}};
}

std::expected<LoadedConfig, ConfigErrors> load_with(const std::string& file, const ConfigKey& key,
                                                    const std::string& value) {
    const auto environment = one_variable(key, value);
    return load_config({.file = ConfigFileText{"c.toml", file}, .environment = environment});
}

/// That `loaded` has `value` at `key`, from `origin`, and nothing else of the sources that are not named.
void expect_set(const std::expected<LoadedConfig, ConfigErrors>& loaded, const ConfigKey& key,
                const ConfigValue& value, const std::string& origin) {
    ASSERT_TRUE(loaded) << title_of(key) << " " << errors_in(loaded);
    EXPECT_EQ(value_of(key, loaded->config), value) << title_of(key);
    EXPECT_EQ(loaded->origin_of(key).text(), origin) << title_of(key);
    for (const auto& other : config_keys()) {
        if (loaded->origin_of(other).kind == ConfigOrigin::Kind::built_in) {
            EXPECT_EQ(value_of(other, loaded->config), default_value(other)) << title_of(other);
        }
    }
}

/// One error, in the line of the key, that says what is allowed.
void expect_refused(const std::expected<LoadedConfig, ConfigErrors>& loaded, const ConfigKey& key,
                    const std::string& begin, const std::string& value) {
    ASSERT_FALSE(loaded) << title_of(key) << " = " << value;
    ASSERT_EQ(loaded.error().size(), 1U) << title_of(key) << " = " << value << "\n" << errors_in(loaded);
    const auto& message = loaded.error().front().message;
    EXPECT_TRUE(message.starts_with(begin)) << message;
    EXPECT_NE(message.find(fmt::format("; allowed: {}", allowed_text(key))), std::string::npos) << message;
}

std::string offered(const std::string& errors) {
    constexpr std::string_view lead = "is it ";
    const auto begin = errors.find(lead);
    if (begin == std::string::npos) {
        return {};
    }
    return errors.substr(begin + lead.size(), errors.find('?', begin) - begin - lead.size());
}

/// Every text that differs in one letter: one is missing, another one, one too many.
std::vector<std::string> misspelt(const std::string& name) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char other = name[i] == 'q' || name[i] == 'Q' ? 'x' : 'q';
        all.push_back(name.substr(0, i) + name.substr(i + 1));
        all.push_back(name.substr(0, i) + other + name.substr(i + 1));
        all.push_back(name.substr(0, i) + other + name.substr(i));
    }
    std::erase_if(all, [](const std::string& text) { return text.empty(); });
    return all;
}

bool is_a_name(const std::string& text) {
    return std::ranges::any_of(config_keys(), [&](const ConfigKey& key) { return key.name == text; });
}

TEST(Config, NothingSetIsTheDefaults) {
    const auto loaded = load_config({});
    ASSERT_TRUE(loaded) << errors_in(loaded);
    for (const auto& key : config_keys()) {
        EXPECT_EQ(value_of(key, loaded->config), default_value(key));
        EXPECT_EQ(loaded->origin_of(key).text(), "default");
    }
}

TEST(Config, EveryKeyIsSetByFileEnvironmentAndFlagInThatOrder) {
    for (const auto& key : config_keys()) {
        const ConfigValue sample = sample_value(key);
        const std::string before = test::companions(key);
        const std::string line = before + test::toml_line(key, toml_text(sample));
        const std::string place = before.empty() ? "c.toml:1" : "c.toml:2";
        expect_set(load_text(line), key, sample, place);
        const std::string text = test::environment_text(key, sample);
        expect_set(load_with(before, key, text), key, sample, variable_of(key));
        // Over the file's.
        const std::string usual = test::environment_text(key, default_value(key));
        expect_set(load_with(test::companions(key).empty() ? line : "", key, usual), key, default_value(key),
                   variable_of(key));
        const auto environment = one_variable(key, usual);
        const std::vector<ConfigFlag> flags{{&key, sample}};
        expect_set(
            load_config(
                {.file = ConfigFileText{"c.toml", before}, .environment = environment, .flags = flags}),
            key, sample, fmt::format("flag {}", key.flag));
    }
}

TEST(Config, ValuesOfOtherTypesAreRefused) {
    const std::vector<std::pair<ConfigType, std::string>> literals{{ConfigType::text, "\"two\""},
                                                                   {ConfigType::truth, "true"},
                                                                   {ConfigType::whole_number, "60"},
                                                                   {ConfigType::number, "60.5"},
                                                                   {ConfigType::list, "[\"BTCUSDT\"]"}};
    for (const auto& key : config_keys()) {
        const std::string begin = fmt::format("c.toml:2: {} = ", title_of(key));
        for (const auto& [type, literal] : literals) {
            const bool fits = type == type_of(key) ||
                              (type == ConfigType::whole_number && type_of(key) == ConfigType::number);
            if (!fits) {
                expect_refused(load_text(test::second_line(key, literal)), key, begin, literal);
            }
        }
        for (const std::string other : {"1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "[1]", "[[\"a\"]]",
                                        "{a = 1}", "[\"a\", 1]", "[{a = 1}]"}) {
            expect_refused(load_text(test::second_line(key, other)), key, begin, other);
        }
    }
}

TEST(Config, TextsOfTheEnvironmentThatAreNoNumberOrTruthAreRefused) {
    for (const auto& key : config_keys()) {
        if (type_of(key) == ConfigType::text || type_of(key) == ConfigType::list) {
            continue;
        }
        for (const std::string text : {"", " ", "two", "1x", "0x10", "nan", "inf", "-inf", "1e999", "1,5",
                                       "yes", "99999999999999999999", "--1", "1 2"}) {
            expect_refused(load_with("", key, text), key,
                           fmt::format("{}: {} = ", variable_of(key), title_of(key)), text);
        }
    }
}

TEST(Config, NumbersBelowAndAboveAreRefusedAndTheEndsAreAllowed) {
    for (const auto& key : config_keys()) {
        const bool whole = type_of(key) == ConfigType::whole_number;
        if ((!whole && type_of(key) != ConfigType::number) || !key.choices.empty()) {
            continue;
        }
        ASSERT_LT(key.low, key.high) << title_of(key);
        const auto written = [&](double number) {
            return whole ? fmt::format("{}", static_cast<std::int64_t>(number))
                         : fmt::format("{:.17g}", number);
        };
        for (const double end : {key.low, key.high}) {
            EXPECT_TRUE(value_from_text(key, written(end))) << title_of(key) << " " << end;
        }
        const double step = whole ? 1 : key.high * 1e-9;
        for (const auto& [number, word] :
             {std::pair{key.low - step, "is too small"}, std::pair{-key.high, "is too small"},
              std::pair{key.high + step, "is too large"}, std::pair{key.high * 100, "is too large"}}) {
            const auto loaded = load_text(test::second_line(key, written(number)));
            expect_refused(loaded, key, fmt::format("c.toml:2: {} = ", title_of(key)), written(number));
            EXPECT_NE(errors_in(loaded).find(word), std::string::npos) << errors_in(loaded);
        }
        for (const std::string none : {"nan", "inf", "-inf", "-nan"}) {
            expect_refused(load_text(test::second_line(key, none)), key,
                           fmt::format("c.toml:2: {} = ", title_of(key)), none);
        }
    }
}

TEST(Config, ChoicesThatThereAreNotOfferTheNearest) {
    for (const auto& key : config_keys()) {
        if (key.choices.empty() || type_of(key) == ConfigType::whole_number) {
            continue;
        }
        for (const auto choice : key.choices) {
            for (const auto& wrong : misspelt(std::string(choice))) {
                if (std::ranges::find(key.choices, wrong) != key.choices.end()) {
                    continue;
                }
                const bool list = type_of(key) == ConfigType::list;
                const auto loaded = load_text(test::toml_line(
                    key, list ? fmt::format("[\"{}\"]", wrong) : fmt::format("\"{}\"", wrong)));
                expect_refused(loaded, key, fmt::format("c.toml:1: {} = \"{}\"", title_of(key), wrong),
                               wrong);
                std::string nearest = offered(errors_in(loaded));
                std::erase(nearest, '"');
                EXPECT_LE(edits_between(wrong, nearest), 1U) << errors_in(loaded);
            }
        }
    }
}

TEST(Config, NamesOfKeysThatThereAreNotOfferTheNearest) {
    for (const auto& key : config_keys()) {
        for (const auto& wrong : misspelt(std::string(key.name))) {
            if (is_a_name(wrong)) {
                continue;
            }
            const auto loaded = load_text(fmt::format("[{}]\n{} = 1\n", key.section, wrong));
            ASSERT_FALSE(loaded) << wrong;
            ASSERT_EQ(loaded.error().size(), 1U) << errors_in(loaded);
            EXPECT_TRUE(loaded.error()[0].message.starts_with(
                fmt::format("c.toml:2: [{}] has no key \"{}\"", key.section, wrong)))
                << errors_in(loaded);
            EXPECT_LE(edits_between(wrong, offered(errors_in(loaded))), 1U) << errors_in(loaded);
            EXPECT_NE(errors_in(loaded).find(std::string(key.name)), std::string::npos) << errors_in(loaded);
        }
    }
}

TEST(Config, SectionsThatThereAreNotOfferTheNearest) {
    for (const auto& section : config_sections()) {
        for (const auto& wrong : misspelt(std::string(section.name))) {
            if (wrong.find("..") != std::string::npos || wrong.starts_with('.') || wrong.ends_with('.')) {
                continue;
            }
            const auto loaded = load_text(fmt::format("\n[{}]\n", wrong));
            ASSERT_FALSE(loaded) << wrong;
            ASSERT_EQ(loaded.error().size(), 1U) << errors_in(loaded);
            EXPECT_TRUE(loaded.error()[0].message.starts_with(
                fmt::format("c.toml:2: there is no section [{}", wrong.substr(0, wrong.find('.')))))
                << errors_in(loaded);
            EXPECT_NE(errors_in(loaded).find(section.name.substr(0, section.name.find('.'))),
                      std::string::npos);
        }
    }
}

TEST(Config, VariablesThatThereAreNotOfferTheNearest) {
    for (const auto& key : config_keys()) {
        const std::string name = variable_of(key);
        constexpr std::size_t prefix = std::string_view("VIRTUOSO_").size();
        for (auto wrong : misspelt(name.substr(prefix))) {
            std::ranges::replace(wrong, 'q', 'Q');
            wrong = name.substr(0, prefix) + wrong;
            const std::vector<EnvironmentVariable> environment{{wrong, "1"}};
            const auto loaded = load_config({.environment = environment});
            const bool is_another = std::ranges::any_of(
                config_keys(), [&](const auto& other) { return variable_of(other) == wrong; });
            if (is_another) {
                continue;
            }
            ASSERT_FALSE(loaded) << wrong;
            ASSERT_EQ(loaded.error().size(), 1U) << errors_in(loaded);
            EXPECT_NE(errors_in(loaded).find(fmt::format("there is no {}", wrong)), std::string::npos)
                << errors_in(loaded);
            EXPECT_LE(edits_between(wrong, offered(errors_in(loaded))), 1U) << errors_in(loaded);
        }
    }
}

TEST(Config, VariablesOfOthersAreLetThrough) {
    const std::vector<EnvironmentVariable> environment{{"VIRTUOSO_BYBIT_API_KEY", "k"},
                                                       {"VIRTUOSO_BINANCE_API_SECRET", "s"},
                                                       {"VIRTUOSO_SERVICE_HOST", "10.0.0.1"},
                                                       {"VIRTUOSO_SERVICE_PORT", "8080"},
                                                       {"VIRTUOSO_SERVICE_PORT_HTTP", "8080"},
                                                       {"VIRTUOSO_PORT", "tcp://10.0.0.1:8080"},
                                                       {"VIRTUOSO_PORT_8080_TCP", "tcp://x"},
                                                       {"VIRTUOSO_PORT_8080_TCP_ADDR", "10.0.0.1"},
                                                       {"VIRTUOSO_API_SERVICE_HOST", "a"},
                                                       {"VIRTUOSO_API_PORT", "tcp://10.0.0.1:8080"},
                                                       {"PATH", "/bin"},
                                                       {"VIRTUOSOX", "1"}};
    EXPECT_TRUE(load_config({.environment = environment}));
    // Meant for us: the port of the API is part of listen.
    const std::vector<EnvironmentVariable> meant{{"VIRTUOSO_API_PORT", "8080"}};
    EXPECT_FALSE(load_config({.environment = meant}));
}

TEST(Config, EverythingThatIsWrongIsToldAtOnceInOrder) {
    std::string text;
    std::vector<EnvironmentVariable> environment;
    std::vector<ConfigFlag> flags;
    for (const auto& key : config_keys()) {
        text += test::toml_line(key, "1979-05-27");
        environment.push_back({fmt::format("VIRTUOSO_NO_{}", variable_of(key)), "1"});
        flags.push_back({&key, std::vector<std::string>{""}});
    }
    const auto loaded =
        load_config({.file = ConfigFileText{"c.toml", text}, .environment = environment, .flags = flags});
    ASSERT_FALSE(loaded);
    ASSERT_EQ(loaded.error().size(), 2 * config_keys().size() + flags.size()) << errors_in(loaded);
    for (std::size_t i = 0; i < config_keys().size(); ++i) {
        EXPECT_TRUE(loaded.error()[i].message.starts_with(
            fmt::format("c.toml:{}: {} = ", i + 1, title_of(config_keys()[i]))))
            << loaded.error()[i].message;
    }
    EXPECT_EQ(loaded.error().front().code, ErrorCode::config);
    EXPECT_EQ(loaded.error().back().code, ErrorCode::argument);
}

TEST(Config, EveryRuleIsHeld) {
    const std::vector<std::string> broken{
        "exchange.name = \"binance-usdm\"\nexchange.region = \"nl\"",
        "exchange.rest_url = \"https://a.b\"",
        "exchange.name = \"sim\"\nexchange.rest_url = \"https://a\"\nexchange.stream_url = \"wss://a\"",
        "exchange.sim_faults = [\"drop:p=0.01\"]",
        "universe.only = [\"BTCUSDT\"]\nuniverse.exclude = [\"ETHUSDT\", \"btcusdt\"]",
        "universe.include = [\"BTCUSDT\"]\nuniverse.exclude = [\"BTCUSDT\"]",
        "universe.deep_only = true\nuniverse.deep = 0",
        "engine.deep_interval_ms = 2000",
        "keeper.interval_min_s = 700",
        "keeper.memory_soft = 0.95",
        "keeper.memory_limit = 1000000",
        "events.funding_extreme.warning = 0.01",
        "events.breadth_extreme.share = 0.99",
        "events.leverage_extreme.critical_z = 2.0",
        "alerts.rules = [\"r: to=nobody\"]",
        "alerts.reports = [\"day 07:00\"]\nalerts.rules = [\"r: kind=report\"]\nstore.address = \"off\"",
        "alerts.reports = [\"day 07:00\"]\nalerts.rules = [\"r: kind=report severity=warning\"]"};
    ASSERT_EQ(broken.size(), config_rules().size());
    for (std::size_t i = 0; i < broken.size(); ++i) {
        const auto loaded = load_text(broken[i]);
        ASSERT_FALSE(loaded) << broken[i];
        ASSERT_EQ(loaded.error().size(), 1U) << errors_in(loaded);
        const auto& message = loaded.error()[0].message;
        EXPECT_NE(message.find(config_rules()[i].sentence), std::string::npos) << message;
        EXPECT_NE(message.find("(c.toml:"), std::string::npos) << message;
        for (const auto* key : config_rules()[i].keys()) {
            EXPECT_NE(message.find(title_of(*key)), std::string::npos) << message;
        }
    }
}

TEST(Config, AReportHasToReachSomebody) {
    const std::string reports = "alerts.reports = [\"day 07:00\", \"week mon 07:00\"]\n";
    for (const std::string alerts :
         {R"(alerts.rules = ["r: kind=report severity=warning"])",
          R"(alerts.rules = ["r: kind=report score>=75"])", R"(alerts.rules = ["r: kind=report days>=7"])",
          R"(alerts.rules = ["r: kind=report days>=30"])", R"(alerts.rules = [])",
          "alerts.sinks = []\nalerts.rules = [\"r: kind=report\"]",
          R"(alerts.sinks = ["console: console severity=warning"])",
          R"(alerts.sinks = ["console: console kind=signal"])"}) {
        EXPECT_NE(errors_in(load_text(reports + alerts)).find("a report would be told to nobody"),
                  std::string::npos)
            << alerts;
    }
    for (const std::string alerts :
         {R"(alerts.rules = ["r: kind=report signals>=1 won>=3"])", R"(alerts.rules = ["r: digest=1h"])",
          R"(alerts.rules = ["w: kind=report days>=7", "d: days<=1"])", ""}) {
        EXPECT_TRUE(load_text(reports + alerts)) << alerts;
    }
}

TEST(Config, WhatDoesNotFitIsNamed) {
    EXPECT_NE(errors_in(load_text("alerts.rules = [\"r: to=consle\"]")).find("is it \"console\"?"),
              std::string::npos);
}

TEST(Config, ARuleSaysNothingOfAValueThatIsAlreadyRefused) {
    const auto loaded = load_text("[keeper]\nmemory_soft = nan\nmemory_hard = 0.5\n");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().size(), 1U) << errors_in(loaded);
}

TEST(Config, AlertsAreRefusedWithTheirReasonAndWithoutWhatMayBeASecret) {
    const auto report = load_text("[alerts]\nreports = [\"day 7:00\"]\n");
    EXPECT_NE(
        errors_in(report).find("c.toml:2: [alerts] reports = \"day 7:00\" is not allowed: \"7:00\" is no "
                               "time of the day"),
        std::string::npos)
        << errors_in(report);
    EXPECT_TRUE(
        load_text("[alerts]\nreports = [\"week fri 18:00@Europe/Berlin\"]\nrules = [\"r: days>=7\"]\n"));
    const auto rule = load_text("[alerts]\nrules = [\"r: kind=signl\"]\n");
    ASSERT_FALSE(rule);
    EXPECT_NE(
        errors_in(rule).find("c.toml:2: [alerts] rules = \"r: kind=signl\" is not allowed: alert rule \"r\""),
        std::string::npos)
        << errors_in(rule);
    EXPECT_NE(errors_in(rule).find("is it \"signal\"?"), std::string::npos);
    for (const auto* const sinks : {"[\"t: telegram token=S3CR3T chat=1\"]", "\"t: telegram token=S3CR3T\"",
                                    "[\"d: discord url=https://S3CR3T\"]"}) {
        const auto sink = load_text(fmt::format("[alerts]\nsinks = {}\n", sinks));
        ASSERT_FALSE(sink) << sinks;
        EXPECT_EQ(errors_in(sink).find("S3CR3T"), std::string::npos) << errors_in(sink);
    }
}

TEST(Config, SecretsAreNeverRepeated) {
    ConfigKey key = *config_key("state", "folder");
    key.secret = true;
    key.check = [](const std::string&) { return false; };
    EXPECT_EQ(shown_value(key, std::string("hunter2")), "\"********\"");
    EXPECT_EQ(shown_value(key, std::string()), "\"\"") << "that none is set may be seen";
    EXPECT_EQ(shown_secret(std::string("hunter2")), "********");
    EXPECT_EQ(shown_secret(std::string()), "");
    const std::string long_text = "hunter2" + std::string(5'000, 'x');
    for (const ConfigValue& value :
         {ConfigValue(std::string("hunter2")), ConfigValue(std::vector<std::string>{"hunter2"}),
          ConfigValue(long_text), ConfigValue(std::string("hunter2\xff"))}) {
        const auto checked = checked_value(key, value);
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().find("hunter2"), std::string::npos) << checked.error();
    }
}

TEST(ConfigPages, WhatIsWrittenToBeginWithIsTheDefaults) {
    const auto loaded = load_text(config_init_text());
    ASSERT_TRUE(loaded) << errors_in(loaded);
    for (const auto& key : config_keys()) {
        EXPECT_EQ(value_of(key, loaded->config), default_value(key)) << title_of(key);
        EXPECT_EQ(loaded->origin_of(key).kind, ConfigOrigin::Kind::file) << title_of(key);
        EXPECT_NE(config_init_text().find(key.sentence), std::string::npos);
    }
}

TEST(ConfigPages, WhatIsShownReadsBackAsTheSame) {
    for (const auto& key : config_keys()) {
        if (key.secret) {
            continue;  // shown as stars
        }
        const auto loaded =
            load_text(test::companions(key) + test::toml_line(key, toml_text(sample_value(key))));
        ASSERT_TRUE(loaded) << errors_in(loaded);
        const auto again = load_text(config_show_text(*loaded));
        ASSERT_TRUE(again) << errors_in(again);
        EXPECT_TRUE(changes_between(loaded->config, again->config).empty()) << title_of(key);
    }
}

TEST(ConfigPages, TheDocumentationIsThatOfTheTable) {
    EXPECT_EQ(test::read_text(test::source_path("docs/configuration.md")), config_page())
        << "write it anew: virtuoso config page > docs/configuration.md";
}

TEST(ConfigChanges, EveryKeyIsLiveOrWaitsForTheNextStart) {
    const ServiceConfig before;
    EXPECT_TRUE(changes_between(before, before).empty());
    for (const auto& key : config_keys()) {
        ServiceConfig after;
        set_value(key, sample_value(key), after);
        const auto changes = changes_between(before, after);
        ASSERT_EQ(changes.live.size(), key.live ? 1U : 0U) << title_of(key);
        ASSERT_EQ(changes.restart.size(), key.live ? 0U : 1U) << title_of(key);
        const auto& change = key.live ? changes.live[0] : changes.restart[0];
        EXPECT_EQ(change.key, &key);
        EXPECT_EQ(change.text(),
                  fmt::format("{}: {} → {}", title_of(key), shown_value(key, default_value(key)),
                              shown_value(key, sample_value(key))));
        EXPECT_EQ(value_of(key, with_live_changes(before, after)),
                  key.live ? sample_value(key) : default_value(key));
    }
}

}  // namespace
}  // namespace virtuoso
