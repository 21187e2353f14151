#include "api/keeper_json.hpp"

#include "present/json.hpp"

#include <ranges>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

Json memory_json(const MemoryReading& memory) {
    return {{"resident_bytes", memory.resident},
            {"limit_bytes", memory.limit > 0 ? Json(memory.limit) : Json(nullptr)},
            {"limit_source", name_of(memory.source)},
            {"share", memory.limit > 0 ? Json(memory.share()) : Json(nullptr)}};
}

Json yield_json(const KeeperYield& yield) {
    return {{"candles", yield.candles}, {"open_interest_points", yield.open_interest},
            {"trades", yield.trades},   {"others", yield.others},
            {"objects", yield.objects}, {"bytes", yield.bytes}};
}

Json shed_json(const ShedSummary& shed) {
    Json stages = Json::object();
    for (const ShedStage stage : shed_stages) {
        const auto index = static_cast<std::size_t>(stage);
        stages.set(name_of(stage), {{"symbols", shed.symbols[index]}, {"first", shed.first[index]}});
    }
    return {{"bytes", shed.bytes},
            {"short", shed.is_short},
            {"restored", shed.restored},
            {"stages", std::move(stages)}};
}

Json run_json(const KeeperRun& run) {
    return {{"number", run.number},
            {"started_ms", run.started.ns / ns_per_ms},
            {"asked_for", run.asked_for},
            {"late_ms", run.late_ms},
            {"duration_ms", run.duration_ms},
            {"interval_ms", run.interval_ms},
            {"pressure", name_of(run.pressure)},
            {"before", memory_json(run.before)},
            {"after", memory_json(run.after)},
            {"trimmed", yield_json(run.yield)},
            {"shed", shed_json(run.shed)},
            {"error", run.error.empty() ? Json(nullptr) : Json(run.error)},
            {"line", log_line(run)}};
}

Json schedule_json(const KeeperReport& report) {
    return {{"interval_ms", report.schedule.interval_ms},
            {"interval_min_ms", report.schedule.interval_min_ms},
            {"interval_now_ms", report.interval_ms},
            {"next_in_ms", report.next_in_ms},
            {"asked_for", report.asked_for}};
}

}  // namespace

std::string keeper_json(const KeeperReport& report) {
    Json runs = Json::array();
    for (const auto& run : std::views::reverse(report.runs)) {
        runs.push_back(run_json(run));
    }
    const PressureMarks& marks = report.schedule.marks;
    const Json whole = {
        {"schema", "virtuoso.keeper/1"},
        {"schedule", schedule_json(report)},
        {"pressure", {{"stage", name_of(report.pressure)}, {"soft", marks.soft}, {"hard", marks.hard}}},
        {"memory", memory_json(report.memory)},
        {"without_history", report.given_up},
        {"counts",
         {{"runs", report.count},
          {"failed", report.failed},
          {"late", report.late},
          {"slow", report.slow},
          {"idle", report.idle}}},
        {"trimmed", yield_json(report.yield)},
        {"shed", shed_json(report.shed)},
        {"last", report.runs.empty() ? Json(nullptr) : run_json(report.runs.back())},
        {"runs", std::move(runs)}};
    return whole.text() + "\n";
}

std::string keeper_run_json(std::uint64_t number, const MemoryKeeper::Lookup& found) {
    const Json whole = {{"schema", "virtuoso.keeper_run/1"},
                        {"number", number},
                        {"over", found.over},
                        {"run", found.run ? run_json(*found.run) : Json(nullptr)}};
    return whole.text() + "\n";
}

}  // namespace virtuoso
