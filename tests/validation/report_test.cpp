// The report in its three forms, and beside an earlier one.
#include "validation/report.hpp"

#include "present/json_view.hpp"
#include "validation/seen.hpp"

#include <gtest/gtest.h>

#include <string>

namespace virtuoso {
namespace {

using namespace validation;

class ValidationReport : public testing::Test {
  protected:
    Observations seen_ = test::HealthyService().seen();
};

TEST_F(ValidationReport, HasTheChaptersOfAReport) {
    const std::string text = report_markdown(make_report(seen_));
    std::size_t at = 0;
    for (const std::string chapter : {"## Summary",
                                      "Verdict: PASS.",
                                      "Confidence 100 %",
                                      "## Environment",
                                      "## Initialisation",
                                      "| state folder | 0.20 |",
                                      "## Memory keeper",
                                      "Memory cleanup 2: 0 candles trimmed",
                                      "## Service health",
                                      "## Confluence",
                                      "| orderflow | 54.00 |",
                                      "## Signals",
                                      "| S1USDT | LONG | 71.50 |",
                                      "## Regression checks",
                                      "## Traceability matrix",
                                      "## Risks",
                                      "None was found.",
                                      "## Performance metrics",
                                      "## Follow-up",
                                      "Nothing: every criterion passed."}) {
        const std::size_t found = text.find(chapter, at);
        ASSERT_NE(found, std::string::npos) << chapter << " is missing, or stands elsewhere:\n" << text;
        at = found;
    }
    EXPECT_EQ(text.find("## Restart"), std::string::npos);
}

TEST_F(ValidationReport, SinksThatTellNobodyButTheLogAreARisk) {
    const auto is_risk = [&](const std::string& sinks) {
        seen_.config["alerts.sinks"] = sinks;
        return report_markdown(make_report(seen_)).find("No sink but the console") != std::string::npos;
    };
    for (const std::string sinks :
         {"[]", R"(["console: console"])", R"(["a:  console severity=critical", "b: console"])"}) {
        EXPECT_TRUE(is_risk(sinks)) << sinks;
    }
    for (const std::string sinks : {R"(["console: console", "t: telegram token=env:T chat=1"])",
                                    R"(["console: webhook url=https://console"])", R"(["c: consoles"])",
                                    R"(["nothing"])", R"([""])", "null", "", "["}) {
        EXPECT_FALSE(is_risk(sinks)) << sinks;
    }
}

TEST_F(ValidationReport, EveryVerdictCarriesItsEvidence) {
    seen_.process_last->descriptors = 1'000;
    const auto document = Json::parsed(report_json(make_report(seen_)));
    ASSERT_TRUE(document);
    const JsonView root(*document);
    EXPECT_EQ(root["schema"].text(), "virtuoso.validation/1");
    EXPECT_EQ(root["verdict"].text(), "FAIL");
    EXPECT_EQ(root["counts"]["failed"].whole(), 1);
    for (const auto& criterion : root["criteria"].elements()) {
        EXPECT_FALSE(criterion["evidence"]["value"].text().empty()) << criterion.written();
        EXPECT_FALSE(criterion["evidence"]["source"].text().empty()) << criterion.written();
        EXPECT_TRUE(criterion["evidence"]["at_ms"].whole()) << criterion.written();
        const bool passed = criterion["judgement"].text() == "PASS";
        EXPECT_EQ(criterion["remedy"].is_null(), passed) << criterion.written();
    }
    EXPECT_NE(report_markdown(make_report(seen_)).find("| HEALTH-7, FAIL | raise MemoryMax"),
              std::string::npos);
}

TEST_F(ValidationReport, WhatComesFromOutsideIsEscaped) {
    seen_.url = "http://x/<script>";
    seen_.log->push_back({3, 1, "warning", "event", "<script>alert(1)</script> | \x1b[31m `x`"});
    seen_.signals.front().symbol = "</td><script>|";
    seen_.breakdowns.back().components.front().interpretation = "<img src=x onerror=y>|*b*";
    const Report report = make_report(seen_);
    for (const std::string& text : {report_html(report), report_markdown(report)}) {
        EXPECT_EQ(text.find("<img"), std::string::npos);
        EXPECT_EQ(text.find('\x1b'), std::string::npos);
    }
    EXPECT_EQ(report_html(report).find("<script"), std::string::npos);
    const std::string text = report_markdown(report);
    const std::size_t script = text.find("<script");
    EXPECT_EQ(text.find("    ", text.rfind('\n', script)), text.rfind('\n', script) + 1)
        << "it stands in a block of code";
    EXPECT_EQ(text.find("<script", text.find("## Traceability")), std::string::npos);
    EXPECT_NE(report_markdown(report).find("&lt;img src=x onerror=y>\\|\\*b\\*"), std::string::npos);
    EXPECT_NE(report_html(report).find("&lt;/td&gt;&lt;script&gt;|"), std::string::npos);
    EXPECT_TRUE(Json::parsed(report_json(report)));
}

TEST_F(ValidationReport, NamesWhatBecameWorse) {
    const std::string before = report_json(make_report(seen_));
    Report same = make_report(seen_);
    auto comparison = compare(same, before);
    ASSERT_TRUE(comparison);
    EXPECT_TRUE(comparison->regressions.empty() && comparison->improvements.empty());

    seen_.keeper.back().runs.back().error = "no shard answered";
    seen_.process_last->resident_bytes = 600U << 20;
    Report worse = make_report(seen_);
    comparison = compare(worse, before);
    ASSERT_TRUE(comparison);
    ASSERT_EQ(comparison->regressions.size(), 2U);
    EXPECT_EQ(
        comparison->regressions[0],
        "KEEP-4 (every run succeeds, in less than 1 s): was PASS, is FAIL: run 2 failed: no shard answered");
    EXPECT_EQ(comparison->regressions[1], "resident memory: was 400, is 600 MiB");
    worse.comparison = *comparison;
    EXPECT_NE(report_markdown(worse).find("## Since 2026-"), std::string::npos);

    comparison = compare(same, report_json(worse));
    ASSERT_TRUE(comparison);
    EXPECT_EQ(comparison->improvements.size(), 2U);
    for (const std::string_view other : {"", "{}", "[1,2]", R"({"schema":"virtuoso.health/1"})"}) {
        EXPECT_FALSE(compare(same, other)) << other;
    }
}

}  // namespace
}  // namespace virtuoso
