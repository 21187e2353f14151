#include "service/health.hpp"

#include "base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr double ready_share = 0.9;
/// Twice the pause between evaluations of a symbol that nothing is heard of, and a second.
constexpr std::int64_t evaluated_max_ms = 11'000;

PartHealth shard_health(const ShardStatus& status, LocalTime now, std::int64_t stall_ns) {
    PartHealth part{.name = fmt::format("shard {}", status.shard), .good = true, .detail = {}};
    const std::int64_t age = now - status.at;
    part.good = status.started && age <= stall_ns;
    part.detail = fmt::format(
        "{} symbols, {} whole; {} evaluations; {} disconnects, {} resyncs, {} refused, {} requests waiting, "
        "clock {:+} ms",
        status.symbols, status.whole, status.evaluations, status.feed.disconnects, status.feed.resyncs,
        status.refused, status.feed.requests_waiting, status.clock_offset_ms);
    if (age > stall_ns) {
        part.detail += fmt::format("; silent for {:.1f} s", static_cast<double>(age) / 1e9);
    }
    if (!status.started) {
        part.detail = status.trouble.empty() ? "the instruments are being read" : status.trouble;
    }
    return part;
}

PartHealth keeper_health(const KeeperReport& keeper) {
    const bool failed = !keeper.runs.empty() && !keeper.runs.back().error.empty();
    PartHealth part{.name = "keeper",
                    .good = keeper.pressure != MemoryPressure::hard && !failed,
                    .detail = fmt::format(
                        "{} runs, {} of them with nothing to do; pressure {} at {:.0f} % of the limit; a run "
                        "every {} s",
                        keeper.count, keeper.idle, name_of(keeper.pressure), keeper.memory.share() * 100,
                        keeper.interval_ms / ms_per_second)};
    if (keeper.given_up > 0) {
        part.detail += fmt::format("; {} symbols gave up what they held", keeper.given_up);
    }
    if (failed) {
        part.detail += fmt::format("; the last run failed: {}", printable(keeper.runs.back().error));
    }
    return part;
}

PartHealth saving_health(const SavingStatus& saving, LocalTime now) {
    PartHealth part{.name = "saving", .good = saving.trouble.empty(), .detail = "nothing is saved yet"};
    if (saving.files > 0) {
        part.detail = fmt::format("{} symbols, {:.1f} MiB, {} s ago", saving.symbols,
                                  static_cast<double>(saving.bytes) / (1 << 20),
                                  (now - saving.last) / ns_per_ms / ms_per_second);
    }
    if (!part.good) {
        part.detail += fmt::format("; {} times it failed, the last time: {}", saving.failures,
                                   printable(saving.trouble));
    }
    return part;
}

PartHealth store_health(const StoreStatus& store) {
    const auto sum = [](const StoreCounts& counts) {
        return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    };
    PartHealth part{
        .name = "store",
        .good = store.trouble.empty(),
        .detail = fmt::format("{} rows written, {} wait; {} dropped, {} refused, {} removed by age",
                              sum(store.written), store.waiting, sum(store.dropped), sum(store.refused),
                              sum(store.removed))};
    if (!store.trouble.empty()) {
        part.detail += fmt::format("; nothing is written for now: {}", printable(store.trouble));
    }
    return part;
}

SymbolHealth symbol_health(const SymbolResult& result, LocalTime now, std::int64_t clock_offset_ms) {
    SymbolHealth symbol{.symbol = result.symbol,
                        .deep = result.deep,
                        .whole = result.concerns.empty(),
                        .scored = result.confluence.score.has_value(),
                        .evaluated_ago_ms = (now - result.evaluated) / ns_per_ms,
                        .newest_ago_ms = now.ns / ns_per_ms + clock_offset_ms - result.newest.ms,
                        .bytes = result.bytes,
                        .concerns = result.concerns};
    if (symbol.evaluated_ago_ms > evaluated_max_ms) {
        symbol.whole = false;
        symbol.concerns.push_back(fmt::format("not evaluated for {} ms", symbol.evaluated_ago_ms));
    }
    return symbol;
}

auto badness(const SymbolHealth& symbol) {
    return std::tuple(symbol.whole, symbol.scored, !symbol.deep, -symbol.newest_ago_ms,
                      std::string_view(symbol.symbol));
}

void judge_readiness(ServiceHealth& health, bool started, const std::string& trouble) {
    const std::size_t of = health.deep > 0 ? health.deep : health.symbols;
    const std::size_t whole = health.deep > 0 ? health.deep_whole : health.whole;
    if (!started) {
        health.why_not_ready = trouble.empty() ? "the instruments are not known yet" : trouble;
    } else if (!health.live) {
        health.why_not_ready = "a part makes no progress";
    } else if (of == 0 || static_cast<double>(whole) < ready_share * static_cast<double>(of)) {
        health.why_not_ready =
            fmt::format("{} of {} {} symbols are whole", whole, of, health.deep > 0 ? "deep" : "followed");
    }
    health.ready = health.why_not_ready.empty();
}

}  // namespace

bool is_live(const Hub& hub, const ShardGroup& shards, LocalTime now) {
    return now - hub.last_turn() <= shards.stall_ns() && shards.all_progress();
}

ServiceHealth health_of(const HealthSources& sources, LocalTime now, std::size_t symbols_max) {
    ServiceHealth health;
    const std::int64_t stall_ns = sources.shards.stall_ns();
    health.uptime_ms = (now - sources.began) / ns_per_ms;
    const auto statuses = sources.hub.statuses();
    bool started = !statuses.empty();
    std::string trouble;
    std::int64_t clock_offset_ms = 0;
    for (const auto& status : statuses) {
        health.parts.push_back(shard_health(*status, now, stall_ns));
        health.symbols += status->symbols;
        started = started && status->started;
        trouble = status->started ? trouble : status->trouble;
        clock_offset_ms = status->clock_offset_ms;
    }
    const bool hub_moves = now - sources.hub.last_turn() <= stall_ns;
    health.parts.push_back(
        {.name = "hub", .good = hub_moves, .detail = fmt::format("{} results kept", sources.results.size())});
    health.parts.push_back(keeper_health(sources.keeper.report(1)));
    if (sources.saving) {
        health.parts.push_back(saving_health(*sources.saving, now));
    }
    if (sources.store) {
        health.parts.push_back(store_health(*sources.store));
    }
    health.live = is_live(sources.hub, sources.shards, now);
    for (const auto& result : sources.results.all()) {
        health.worst.push_back(symbol_health(*result, now, clock_offset_ms));
        const SymbolHealth& symbol = health.worst.back();
        health.whole += symbol.whole ? 1U : 0U;
        health.deep += symbol.deep ? 1U : 0U;
        health.deep_whole += symbol.deep && symbol.whole ? 1U : 0U;
    }
    const auto listed = static_cast<std::ptrdiff_t>(std::min(symbols_max, health.worst.size()));
    std::ranges::partial_sort(
        health.worst, health.worst.begin() + listed,
        [](const SymbolHealth& a, const SymbolHealth& b) { return badness(a) < badness(b); });
    health.worst.erase(health.worst.begin() + listed, health.worst.end());
    judge_readiness(health, started, trouble);
    return health;
}

}  // namespace virtuoso
