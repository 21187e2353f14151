// The configuration's table against itself and against the struct that it describes.
#include "service/config_key.hpp"

#include "service/config_rules.hpp"
#include "support/config_samples.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace virtuoso {
namespace {

TEST(ConfigTable, NamesAreUniqueInFileEnvironmentAndFlags) {
    std::set<std::string> titles;
    std::set<std::string> variables;
    std::set<std::string_view> flags;
    for (const auto& key : config_keys()) {
        EXPECT_TRUE(titles.insert(title_of(key)).second) << title_of(key);
        EXPECT_TRUE(variables.insert(variable_of(key)).second) << variable_of(key);
        EXPECT_TRUE(key.flag.empty() || flags.insert(key.flag).second) << key.flag;
        EXPECT_EQ(config_key(key.section, key.name), &key);
    }
}

TEST(ConfigTable, KeysOfASectionStandTogetherAndEverySectionIsExplained) {
    std::vector<std::string_view> order;
    for (const auto& key : config_keys()) {
        if (order.empty() || order.back() != key.section) {
            order.push_back(key.section);
        }
    }
    std::vector<std::string_view> explained;
    for (const auto& section : config_sections()) {
        explained.push_back(section.name);
        EXPECT_TRUE(section.sentence.ends_with('.')) << section.name;
    }
    EXPECT_EQ(order, explained);
}

TEST(ConfigTable, EveryDefaultAndEverySampleIsAllowed) {
    for (const auto& key : config_keys()) {
        EXPECT_TRUE(key.sentence.ends_with('.') && key.sentence.size() > 10) << title_of(key);
        EXPECT_EQ(checked_value(key, test::default_value(key)), test::default_value(key)) << title_of(key);
        const auto sample = checked_value(key, test::sample_value(key));
        EXPECT_TRUE(sample) << title_of(key) << " " << sample.error();
        EXPECT_NE(test::sample_value(key), test::default_value(key)) << title_of(key);
        EXPECT_EQ(key.check == nullptr, key.allowed.empty()) << title_of(key);
    }
}

// What is added to the struct and forgotten in the table leaves a hole.
TEST(ConfigTable, LeavesNothingOfTheStructOut) {
    ServiceConfig config;
    const auto* const base = reinterpret_cast<const std::byte*>(&config);
    std::map<std::ptrdiff_t, std::size_t> places;
    for (const auto& key : config_keys()) {
        std::visit(
            [&](const auto* field) {
                const auto at = reinterpret_cast<const std::byte*>(field) - base;
                EXPECT_TRUE(places.emplace(at, sizeof(*field)).second)
                    << title_of(key) << " is another one's";
            },
            key.field(config));
    }
    std::ptrdiff_t end = 0;
    constexpr std::ptrdiff_t padding = alignof(ServiceConfig);
    for (const auto& [at, size] : places) {
        EXPECT_LT(at - end, padding) << "a member before byte " << at << " is not in the table";
        end = at + static_cast<std::ptrdiff_t>(size);
    }
    EXPECT_LT(static_cast<std::ptrdiff_t>(sizeof(ServiceConfig)) - end, padding);
}

TEST(ConfigTable, RulesAreAboutKeysThatChangeTogether) {
    for (const auto& rule : config_rules()) {
        const auto keys = rule.keys();
        const auto named =
            std::ranges::count_if(rule.names, [](const auto& name) { return !name.key.empty(); });
        ASSERT_EQ(keys.size(), static_cast<std::size_t>(named)) << rule.sentence;
        // Else a reload that applies the live ones alone could break the rule.
        EXPECT_TRUE(std::ranges::all_of(keys, [&](const auto* key) { return key->live == keys[0]->live; }))
            << rule.sentence;
        EXPECT_TRUE(rule.holds(ServiceConfig{})) << rule.sentence;
    }
}

}  // namespace
}  // namespace virtuoso
