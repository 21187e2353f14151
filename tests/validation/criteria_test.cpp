// A healthy service passes; each sick one is found by its name, and nothing else is blamed.
#include "validation/report.hpp"
#include "validation/seen.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

namespace virtuoso {
namespace {

using namespace validation;

std::string told(const Report& report) {
    std::string text;
    for (const auto& [criterion, outcome] : report.findings) {
        text += fmt::format("{} {}: {}\n", name_of(outcome.judgement), criterion->id, outcome.evidence.value);
    }
    return text;
}

std::set<std::string> ids_of(const Report& report, Judgement judgement) {
    std::set<std::string> ids;
    for (const auto& [criterion, outcome] : report.findings) {
        if (outcome.judgement == judgement) {
            ids.emplace(criterion->id);
        }
    }
    return ids;
}

std::string evidence_of(const Report& report, std::string_view id) {
    for (const auto& [criterion, outcome] : report.findings) {
        if (criterion->id == id) {
            return outcome.evidence.value;
        }
    }
    return {};
}

TEST(Validation, AHealthyServicePasses) {
    const Observations seen = test::HealthyService().seen();
    const Report report = make_report(seen);
    EXPECT_EQ(report.verdict(), Judgement::pass) << told(report);
    EXPECT_DOUBLE_EQ(report.confidence(), 1);
    EXPECT_TRUE(report.risks.empty());
    std::set<std::string> ids;
    for (const auto& [criterion, outcome] : report.findings) {
        EXPECT_TRUE(ids.emplace(criterion->id).second) << criterion->id << " stands twice";
        EXPECT_FALSE(outcome.evidence.value.empty()) << criterion->id;
        EXPECT_FALSE(outcome.evidence.source.empty()) << criterion->id;
        EXPECT_GT(outcome.evidence.at_ms, 0) << criterion->id;
        EXPECT_FALSE(criterion->remedy.empty() || criterion->test.empty()) << criterion->id;
    }
}

// Nothing is passed that was not seen, whatever did not come.
TEST(Validation, WhatTellsNothingPassesNothing) {
    const Observations seen{.url = "http://127.0.0.1:1"};
    const Report report = make_report(seen);
    EXPECT_TRUE(ids_of(report, Judgement::pass).empty()) << told(report);
    EXPECT_EQ(report.verdict(), Judgement::not_seen);
    EXPECT_DOUBLE_EQ(report.confidence(), 0);
}

TEST(Validation, AShortWatchSaysWhatItDidNotSee) {
    const Observations seen = test::HealthyService{.minutes = 2}.seen();
    const Report report = make_report(seen);
    EXPECT_EQ(ids_of(report, Judgement::not_seen), std::set<std::string>{"HEALTH-5"}) << told(report);
    EXPECT_EQ(report.verdict(), Judgement::not_seen);
    EXPECT_LT(report.confidence(), 0.2);
}

struct Sickness {
    const char* name;
    std::set<std::string> found;  ///< the criteria that fail
    const char* named;            ///< stands in the evidence of the first
    std::function<void(Observations&)> strike;
};

void PrintTo(const Sickness& sickness, std::ostream* out) {
    *out << sickness.name;
}

class SickService : public testing::TestWithParam<Sickness> {};

TEST_P(SickService, IsFoundByName) {
    Observations seen = test::HealthyService().seen();
    GetParam().strike(seen);
    const Report report = make_report(seen);
    EXPECT_EQ(report.verdict(), Judgement::fail);
    EXPECT_EQ(ids_of(report, Judgement::fail), GetParam().found) << told(report);
    EXPECT_NE(evidence_of(report, *GetParam().found.begin()).find(GetParam().named), std::string::npos)
        << told(report);
}

/// Of the last looks.
void each_late_look(Observations& seen, const std::function<void(Look&)>& strike) {
    for (std::size_t i = seen.looks.size() / 2; i < seen.looks.size(); ++i) {
        strike(seen.looks[i]);
    }
}

void bad_part(Observations& seen, const std::string& name, const std::string& detail) {
    each_late_look(seen, [&](Look& look) {
        for (PartSeen& part : look.health->parts) {
            if (part.name == name) {
                part.good = false;
                part.detail = detail;
            }
        }
    });
}

/// The metrics of late looks with these values instead, which may be added to.
void late_metrics(Observations& seen, const std::function<std::string(std::string, double)>& change) {
    double number = 0;
    const double half = static_cast<double>(seen.looks.size() / 2);
    for (Look& look : seen.looks) {
        const std::string page = test::metrics_of(number);
        look.metrics = MetricsPage::read(number < half ? page : change(page, number - half));
        ++number;
    }
}

std::string replaced(std::string page, std::string_view line, const std::string& value) {
    const std::size_t at = page.find(line);
    const std::size_t end = page.find('\n', at);
    return page.replace(at, end - at, std::string(line) + " " + value);
}

const Sickness stopped_keeper{
    "StoppedKeeper", {"KEEP-2"}, "stopped: a run has been due for 120.0 s", [](Observations& seen) {
        seen.keeper.back().runs.pop_back();
        seen.keeper.back().runs.push_back(seen.keeper.back().runs.front());
        seen.keeper.back().runs.back().number = 2;
        seen.keeper.back().next_in_ms = -120'000;
    }};
const Sickness late_keeper{
    "LateKeeper", {"KEEP-2", "KEEP-3"}, "run 2 was 4000 ms late", [](Observations& seen) {
        seen.keeper.back().runs.back().late_ms = 4'000;
    }};
const Sickness frozen_feed{
    "FrozenFeed", {"REG-1"}, "at the slowest 0", [](Observations& seen) {
        late_metrics(seen, [](std::string page, double) {
            return replaced(std::move(page), "virtuoso_feed_frames_total{exchange=\"bybit\",shard=\"0\"}",
                            "700000");
        });
    }};
const Sickness leaking_symbol{"LeakingSymbol", {"HEALTH-6"}, "S4USDT holds 9.54 MiB", [](Observations& seen) {
                                  each_late_look(seen,
                                                 [](Look& look) { look.health->rows[4].bytes = 10'000'000; });
                              }};
const Sickness leaking_process{
    "LeakingProcess", {"HEALTH-5"}, "MiB a minute beside what is held for symbols", [](Observations& seen) {
        late_metrics(seen, [](std::string page, double look) {
            return replaced(std::move(page), "process_resident_memory_bytes",
                            fmt::format("{}", 4.2e8 + look * 1e6));
        });
    }};
const Sickness stalled_shard{"StalledShard",
                             {"HEALTH-1", "HEALTH-2", "HEALTH-3", "HEALTH-4", "REG-5"},
                             "1 shards were made anew",
                             [](Observations& seen) {
                                 bad_part(seen, "shard 0", "silent for 12.0 s");
                                 seen.process_last->shards_replaced = 1;
                                 each_late_look(seen, [](Look& look) {
                                     look.health->live = false;
                                     look.health->rows[0].evaluated_ago_ms = 12'000;
                                 });
                                 seen.looks[seen.looks.size() / 2].health->ready = true;
                                 seen.looks.back().health->ready = false;
                                 seen.looks.back().health->why_not_ready = "a part makes no progress";
                             }};
const Sickness full_disk{"FullDisk",
                         {"HEALTH-4", "HEALTH-9"},
                         "saving: it cannot be written: No space left on device",
                         [](Observations& seen) {
                             bad_part(seen, "saving", "it cannot be written: No space left on device");
                             late_metrics(seen, [](std::string page, double) {
                                 return page +
                                        "virtuoso_store_rows_total{table=\"scores\",fate=\"dropped\"} 7\n";
                             });
                         }};
const Sickness wrong_clock{
    "WrongClock", {"REG-9"}, "the exchange's clock is +4.200 s", [](Observations& seen) {
        late_metrics(seen, [](std::string page, double) {
            return replaced(std::move(page),
                            "virtuoso_exchange_clock_offset_seconds{exchange=\"bybit\",shard=\"0\"}", "4.2");
        });
    }};
const Sickness silent_topic{"SilentTopic", {"REG-4"}, "S1USDT not whole for", [](Observations& seen) {
                                each_late_look(seen, [](Look& look) {
                                    look.health->rows[1].whole = false;
                                    look.health->rows[1].concern =
                                        "trades: publicTrade.S1USDT delivers nothing for 30 s";
                                });
                            }};
const Sickness failing_component{
    "FailingComponent", {"CONF-1", "CONF-3", "CONF-4"}, "lacks volume", [](Observations& seen) {
        for (BreakdownSeen& breakdown : seen.breakdowns) {
            ComponentSeen& volume = breakdown.components[2];
            *breakdown.score = (*breakdown.score - volume.impact) / (1 - volume.weight);
            volume = {
                .name = "volume", .score = {}, .interpretation = {}, .absent = {}, .without_reason = {"obv"}};
        }
    }};
const Sickness slow_api{
    "SlowApi", {"REG-11"}, "slow: 99 % of answers came within 900 ms", [](Observations& seen) {
        for (std::size_t i = 0; i < seen.asked.size(); i += 10) {
            seen.asked[i].took_ms = 900;
        }
    }};
const Sickness lost_database{"LostDatabase",
                             {"HEALTH-4", "HEALTH-9"},
                             "store: nothing is written for now: no such file",
                             [](Observations& seen) {
                                 bad_part(seen, "store", "nothing is written for now: no such file");
                                 late_metrics(seen, [](std::string page, double) {
                                     return replaced(std::move(page), "virtuoso_store_up", "0");
                                 });
                             }};
const Sickness wrong_sum{"WrongSum", {"CONF-2"}, "its impacts add up to", [](Observations& seen) {
                             *seen.breakdowns.back().score += 0.01;
                         }};
const Sickness own_errors{"OwnErrors", {"REG-7"}, "store: cannot", [](Observations& seen) {
                              seen.log->push_back({2, seen.begun_ms + 5, "error", "store", "cannot"});
                          }};

INSTANTIATE_TEST_SUITE_P(All, SickService,
                         testing::Values(stopped_keeper, late_keeper, frozen_feed, leaking_symbol,
                                         leaking_process, stalled_shard, full_disk, wrong_clock, silent_topic,
                                         failing_component, slow_api, lost_database, wrong_sum, own_errors),
                         [](const auto& sickness) { return std::string(sickness.param.name); });

TEST(Validation, WhatDidNotAnswerIsNotGood) {
    Observations seen = test::HealthyService().seen();
    each_late_look(seen, [](Look& look) { look.health.reset(); });
    seen.process_last.reset();
    const Report report = make_report(seen);
    EXPECT_EQ(ids_of(report, Judgement::fail), (std::set<std::string>{"HEALTH-1", "HEALTH-2", "HEALTH-3"}))
        << told(report);
    EXPECT_EQ(evidence_of(report, "HEALTH-1"), "process 4711 answered at first and no more at the end");
    EXPECT_TRUE(ids_of(report, Judgement::not_seen).contains("HEALTH-4"));
    EXPECT_TRUE(ids_of(report, Judgement::pass).contains("INIT-1")) << "it told so at first";
}

TEST(Validation, AnAnswerIsOnlyOneThatBelongsThere) {
    for (const int status : {0, 302, 403, 429, 500}) {
        Observations seen = test::HealthyService().seen();
        seen.asked.back().status = status;
        EXPECT_EQ(ids_of(make_report(seen), Judgement::fail), std::set<std::string>{"REG-11"}) << status;
    }
    Observations seen = test::HealthyService().seen();
    seen.asked.back().understood = false;
    EXPECT_EQ(ids_of(make_report(seen), Judgement::fail), std::set<std::string>{"REG-11"});
    seen = test::HealthyService().seen();
    seen.asked.push_back(
        {.path = "/api/v1/symbols/GONEUSDT/confluence", .at_ms = 1, .took_ms = 1, .status = 404});
    EXPECT_EQ(make_report(seen).verdict(), Judgement::pass) << "a symbol may be delisted";
}

TEST(Validation, ALogThatWasNotReadIsNotEmpty) {
    Observations seen = test::HealthyService().seen();
    seen.log.reset();
    EXPECT_EQ(ids_of(make_report(seen), Judgement::not_seen), std::set<std::string>{"REG-7"});
}

TEST(Validation, WithoutAStoreNothingIsDemandedOfIt) {
    Observations seen = test::HealthyService().seen();
    for (Look& look : seen.looks) {
        std::erase_if(look.health->parts, [](const PartSeen& part) { return part.name == "store"; });
    }
    seen.signals.clear();
    const Report report = make_report(seen);
    EXPECT_EQ(report.verdict(), Judgement::pass) << told(report);
    EXPECT_EQ(evidence_of(report, "HEALTH-9"), "");
    EXPECT_EQ(report.risks.size(), 1U);
}

// A day of looks has to fit into memory: what nobody judges is left out.
TEST(Validation, WhatIsLeftOutOfALookChangesNothing) {
    for (const bool sick : {false, true}) {
        Observations seen = test::HealthyService().seen();
        if (sick) {
            each_late_look(seen, [](Look& look) {
                look.health->rows[1].whole = false;
                look.health->rows[1].concern = "trades: silent";
            });
        }
        const std::string whole = told(make_report(seen));
        for (std::size_t i = 1; i + 1 < seen.looks.size(); ++i) {
            keep_what_is_judged(seen.looks[i]);
            EXPECT_LE(seen.looks[i].health->rows.size(), 1U);
        }
        EXPECT_EQ(told(make_report(seen)), whole);
    }
}

TEST(Validation, TheKeeperIsTriedWithoutMessages) {
    Observations seen = test::HealthyService{.minutes = 2}.seen();
    seen.silence = SilenceTrial{
        .began_ms = seen.ended_ms, .ended_ms = seen.ended_ms + 10'000, .ran = true, .took_ms = 44};
    EXPECT_TRUE(ids_of(make_report(seen), Judgement::pass).contains("KEEP-3"));
    seen.silence->frames = 3;
    EXPECT_TRUE(ids_of(make_report(seen), Judgement::not_seen).contains("KEEP-3")) << "it was not silent";
    seen.silence->frames = 0;
    seen.silence->ran = false;
    EXPECT_TRUE(ids_of(make_report(seen), Judgement::fail).contains("KEEP-3"));
}

TEST(Validation, ARestartIsJudgedOnlyWhereItWasTried) {
    Observations seen = test::HealthyService().seen();
    EXPECT_EQ(evidence_of(make_report(seen), "STOP-1"), "");
    seen.restart = RestartTrial{.command = "systemctl restart virtuoso",
                                .began_ms = seen.ended_ms,
                                .old_process = 1,
                                .old_started_ms = 5,
                                .new_process = 1,
                                .new_started_ms = 6,
                                .gone_after_ms = 200,
                                .back_after_ms = 900,
                                .whole_after_ms = 4'000,
                                .full_before = 6,
                                .full_after = 6,
                                .rows_before = 30};
    EXPECT_EQ(make_report(seen).verdict(), Judgement::pass) << told(make_report(seen));
    seen.restart->old_left = true;
    EXPECT_EQ(ids_of(make_report(seen), Judgement::fail), std::set<std::string>{"STOP-1"});
    seen.restart->old_left = false;
    seen.restart->rows_lost = 2;
    EXPECT_EQ(ids_of(make_report(seen), Judgement::fail), std::set<std::string>{"STOP-2"});
    seen.restart->rows_lost = 0;
    seen.restart->whole_after_ms = 11'000;
    EXPECT_EQ(ids_of(make_report(seen), Judgement::fail), std::set<std::string>{"STOP-3"});
    seen.restart->full_before = 0;
    EXPECT_EQ(ids_of(make_report(seen), Judgement::not_seen), std::set<std::string>{"STOP-3"});
    seen.restart->rows_known = false;
    EXPECT_EQ(ids_of(make_report(seen), Judgement::not_seen), (std::set<std::string>{"STOP-2", "STOP-3"}));
    seen.restart->exit_code = 1;
    EXPECT_EQ(ids_of(make_report(seen), Judgement::fail), std::set<std::string>{"STOP-1"});
    EXPECT_EQ(ids_of(make_report(seen), Judgement::not_seen), (std::set<std::string>{"STOP-2", "STOP-3"}));
}

}  // namespace
}  // namespace virtuoso
