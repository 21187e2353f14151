#include "service/keeper_run.hpp"

#include "base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr double bytes_a_mb = 1e6;
constexpr std::int64_t ns_per_ms = 1'000'000;

double seconds(std::int64_t ms) {
    return static_cast<double>(ms) / ms_per_second;
}

std::string mb_text(std::uint64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / bytes_a_mb);
}

bool is_late(const KeeperRun& run) {
    return run.late_ms > keeper_late_max_ms;
}
bool is_slow(const KeeperRun& run) {
    return run.duration_ms > keeper_duration_max_ms;
}

}  // namespace

KeeperYield& KeeperYield::operator+=(const KeeperYield& other) noexcept {
    candles += other.candles;
    open_interest += other.open_interest;
    trades += other.trades;
    others += other.others;
    objects += other.objects;
    bytes += other.bytes;
    return *this;
}

std::optional<std::string> trouble_of(const KeeperRun& run) {
    std::vector<std::string> reasons;
    if (!run.error.empty()) {
        reasons.push_back(fmt::format("failed: {}", printable(run.error)));
    }
    if (is_late(run)) {
        reasons.push_back(fmt::format("was {:.1f} s late", seconds(run.late_ms)));
    }
    if (is_slow(run)) {
        reasons.push_back(fmt::format("took {:.2f} s", seconds(run.duration_ms)));
    }
    if (!run.shed.nothing()) {
        reasons.push_back(run.shed.text());
    }
    if (reasons.empty()) {
        return std::nullopt;
    }
    return fmt::format("run {}: {}", run.number, fmt::join(reasons, "; "));
}

std::string log_line(const KeeperRun& run) {
    const KeeperYield& yield = run.yield;
    std::string line = fmt::format(
        "Memory cleanup {}: {} candles trimmed, {} open-interest points trimmed, {} objects freed, memory {} "
        "→ "
        "{}, took {:.3f} s",
        run.number, yield.candles, yield.open_interest, yield.objects, mb_text(run.before.resident),
        mb_text(run.after.resident), seconds(run.duration_ms));
    if (yield.trades + yield.others > 0) {
        line += fmt::format(", {} trades and {} others trimmed", yield.trades, yield.others);
    }
    if (run.after.limit > 0) {
        line += fmt::format(", {:.0f} % of {} ({})", run.after.share() * 100, mb_text(run.after.limit),
                            name_of(run.after.source));
    }
    if (run.pressure != MemoryPressure::normal) {
        line += fmt::format(", pressure {}", name_of(run.pressure));
    }
    if (run.shed.restored > 0) {
        line += fmt::format(", {} symbols have again what they gave up", run.shed.restored);
    }
    if (const auto trouble = trouble_of(run)) {
        line += fmt::format("; {}", *trouble);
    }
    return line;
}

void KeeperHistory::add(const KeeperRun& run) {
    failed_ += run.error.empty() ? 0U : 1U;
    late_ += is_late(run) ? 1U : 0U;
    slow_ += is_slow(run) ? 1U : 0U;
    idle_ += run.error.empty() && run.yield.nothing() && run.shed.nothing() ? 1U : 0U;
    yield_ += run.yield;
    shed_.count(run.shed);
    durations_.add(run.duration_ms * ns_per_ms);
    runs_.push(run);
}

}  // namespace virtuoso
