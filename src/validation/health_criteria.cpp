#include "present/mebibytes.hpp"
#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace virtuoso::validation {

namespace {

Outcome no_restart(const Observations& seen) {
    if (!seen.process_first) {
        return unseen("the process told nothing");
    }
    const ProcessSeen& first = *seen.process_first;
    if (!seen.process_last) {
        return failed(fmt::format("process {} answered at first and no more at the end", first.id),
                      seen.ended_ms, process_path);
    }
    const ProcessSeen& last = *seen.process_last;
    std::vector<std::string> faults;
    const bool is_another = first.id != last.id || first.started_ms != last.started_ms;
    if (is_another) {
        faults.push_back(fmt::format("process {} became {}", first.id, last.id));
    }
    const std::int64_t replaced = last.shards_replaced - (is_another ? 0 : first.shards_replaced);
    if (replaced > 0) {
        faults.push_back(fmt::format("{} shards were made anew", replaced));
    }
    const double hours = static_cast<double>(seen.ended_ms - last.started_ms) / 3'600e3;
    return none_of(
        faults,
        fmt::format("up {:.2f} h, process {}; {} shards made anew, none of them while it was watched", hours,
                    last.id, last.shards_replaced),
        seen.ended_ms, process_path);
}

Outcome always_live(const Observations& seen) {
    if (last_with_health(seen) == nullptr) {
        return unseen("health told nothing");
    }
    std::vector<std::string> faults;
    for (const Look& look : seen.looks) {
        if (!look.health || !look.health->live) {
            faults.push_back((look.health ? "not live at " : "no answer at ") + minute_of(seen, look.at_ms));
        }
    }
    return none_of(faults, fmt::format("live at each of {} looks", seen.looks.size()), seen.ended_ms,
                   health_path);
}

Outcome always_ready(const Observations& seen) {
    const Look* const last = last_with_health(seen);
    if (last == nullptr) {
        return unseen("health told nothing");
    }
    std::vector<std::string> faults;
    std::size_t looks = 0;
    bool ready = false;
    for (const Look& look : seen.looks) {
        ready = ready || (look.health && look.health->ready);
        looks += ready ? 1U : 0U;
        if (ready && !(look.health && look.health->ready)) {
            faults.push_back(look.health ? fmt::format("not ready at {}: {}", minute_of(seen, look.at_ms),
                                                       look.health->why_not_ready)
                                         : "no answer at " + minute_of(seen, look.at_ms));
        }
    }
    if (!ready) {
        return failed("never ready: " + last->health->why_not_ready, last->at_ms, health_path);
    }
    return none_of(faults,
                   fmt::format("ready at each of {} looks, {} of {} deep symbols whole", looks,
                               last->health->deep_whole, last->health->deep),
                   last->at_ms, health_path);
}

Outcome parts_good(const Observations& seen) {
    std::map<std::string, std::string> bad;
    std::set<std::string> known;
    bool ready = false;
    std::size_t silent = 0;
    for (const Look& look : seen.looks) {
        if (!look.health) {
            ++silent;
            continue;
        }
        ready = ready || look.health->ready;
        for (const PartSeen& part : look.health->parts) {
            known.insert(part.name);
            if (ready && !part.good) {
                bad.insert_or_assign(part.name, part.detail);
            }
        }
    }
    if (known.empty()) {
        return unseen("health told of no part");
    }
    if (silent > 0 && bad.empty()) {
        return unseen(fmt::format("health did not answer at {} of {} looks", silent, seen.looks.size()));
    }
    std::vector<std::string> faults;
    faults.reserve(bad.size());
    for (const auto& [name, detail] : bad) {
        faults.push_back(fmt::format("{}: {}", name, detail));
    }
    std::string names;
    for (const auto& name : known) {
        names += (names.empty() ? "" : ", ") + name;
    }
    return none_of(faults, fmt::format("{} good throughout", names), seen.ended_ms, health_path);
}

/// Resident memory, less what is held for symbols and known of, of the looks in the last half.
std::vector<std::pair<std::int64_t, double>> memory_of(const Observations& seen, bool less_accounted) {
    std::vector<std::pair<std::int64_t, double>> points;
    for (const Look& look : seen.looks) {
        if (!look.metrics || look.at_ms < seen.begun_ms + (seen.ended_ms - seen.begun_ms) / 2) {
            continue;
        }
        const auto resident = look.metrics->sum("process_resident_memory_bytes");
        const auto accounted = look.metrics->sum("virtuoso_memory_bytes");
        if (resident && (!less_accounted || accounted)) {
            points.emplace_back(look.at_ms, mib_of(*resident - (less_accounted ? *accounted : 0)));
        }
    }
    return points;
}

// A young service fills the rings of its symbols; what grows beside them is a leak at any age.
Outcome memory_flat(const Observations& seen) {
    constexpr double minutes_min = 8;
    constexpr double old_hours = 2;
    constexpr double old_slope_max = 0.2;
    constexpr double young_slope_max = 1.0;
    constexpr double with_exchange_max = 3.0;  // a simulated one in the same process fills rings of its own
    if (minutes_of(seen) < minutes_min || !seen.process_last) {
        return unseen(fmt::format("it takes {:.0f} minutes to see a slope", minutes_min));
    }
    const bool young =
        static_cast<double>(seen.ended_ms - seen.process_last->started_ms) / 3'600e3 < old_hours;
    const auto points = memory_of(seen, young);
    constexpr std::size_t points_min = 10;
    if (points.size() < points_min) {
        return unseen("too few figures of memory came");
    }
    const double slope = slope_a_minute(points);
    const auto exchange = seen.config.find("exchange.name");
    const bool has_exchange = exchange != seen.config.end() && exchange->second == "\"sim\"";
    const double most = !young ? old_slope_max : has_exchange ? with_exchange_max : young_slope_max;
    const auto all = memory_of(seen, false);
    auto text = fmt::format("{:+.3f} MiB a minute{}{}, at most {} ({:.1f} MiB resident)", slope,
                            young ? " beside what is held for symbols" : "",
                            has_exchange ? ", with the simulated exchange in the process" : "", most,
                            all.empty() ? 0.0 : all.back().second);
    return slope < most ? passed(std::move(text), seen.ended_ms, metrics_path)
                        : failed(std::move(text), seen.ended_ms, metrics_path);
}

// A symbol whose rings are all full holds less than a megabyte, a deep one's book of a quarter of an hour
// some more.
Outcome no_symbol_leaks(const Observations& seen) {
    constexpr std::uint64_t bytes_max = 3U << 20;
    const Look* const look = last_with_health(seen);
    if (look == nullptr || look->health->rows.empty()) {
        return unseen("no symbol told what it holds");
    }
    std::vector<std::string> faults;
    const SymbolSeen* largest = &look->health->rows.front();
    for (const SymbolSeen& row : look->health->rows) {
        if (row.bytes > bytes_max) {
            faults.push_back(fmt::format("{} holds {:.2f} MiB", row.symbol, mib_of(row.bytes)));
        }
        largest = row.bytes > largest->bytes ? &row : largest;
    }
    if (largest->bytes == 0) {
        return unseen("no symbol told what it holds");
    }
    return none_of(faults,
                   fmt::format("the largest of {}, {}, holds {:.2f} MiB", look->health->rows.size(),
                               largest->symbol, mib_of(largest->bytes)),
                   look->at_ms, health_path);
}

Outcome within_limits(const Observations& seen) {
    if (!seen.process_last || seen.keeper.empty()) {
        return unseen("the process or the keeper told nothing");
    }
    constexpr double share_max = 0.8;
    const ProcessSeen& process = *seen.process_last;
    const KeeperSeen& keeper = seen.keeper.back();
    std::vector<std::string> faults;
    if (keeper.pressure != "normal") {
        faults.push_back("memory pressure is " + keeper.pressure);
    }
    if (static_cast<double>(process.descriptors) > share_max * static_cast<double>(process.descriptors_max)) {
        faults.push_back(
            fmt::format("{} of {} descriptors are open", process.descriptors, process.descriptors_max));
    }
    const Look* const look = last_with_health(seen);
    if (look != nullptr && look->health->queue_share > share_max) {
        faults.push_back(fmt::format("a queue is full to {:.0f} %", look->health->queue_share * 100));
    }
    return none_of(
        faults,
        fmt::format(
            "memory {:.1f} MiB of {} ({}), {} of {} descriptors, {} threads", mib_of(keeper.resident_bytes),
            keeper.limit_bytes == 0 ? "no limit" : fmt::format("{:.0f} MiB", mib_of(keeper.limit_bytes)),
            keeper.limit_source, process.descriptors, process.descriptors_max, process.threads),
        seen.ended_ms, process_path);
}

Outcome cpu_spare(const Observations& seen) {
    if (!seen.process_first || !seen.process_last || seen.process_first->id != seen.process_last->id ||
        seen.ended_ms <= seen.begun_ms) {
        return unseen("the process told its CPU time once only");
    }
    constexpr double cores_max = 0.9;
    const double cores = (seen.process_last->cpu_seconds - seen.process_first->cpu_seconds) /
                         (static_cast<double>(seen.ended_ms - seen.begun_ms) / 1e3);
    const Look* const look = last_with_health(seen);
    const auto is_shard = [](const PartSeen& part) { return part.name.starts_with("shard"); };
    const auto shards =
        look == nullptr ? 1
                        : std::max<std::ptrdiff_t>(1, std::ranges::count_if(look->health->parts, is_shard));
    auto text = fmt::format("{:.1f} % of a core, {} shards", cores * 100, shards);
    return cores < cores_max * static_cast<double>(shards)
               ? passed(std::move(text), seen.ended_ms, process_path)
               : failed(std::move(text), seen.ended_ms, process_path);
}

Outcome is_kept(const Observations& seen) {
    const Look* const first = first_with_metrics(seen);
    const Look* const last = last_with_metrics(seen);
    if (last == nullptr || !last->metrics->sum("virtuoso_store_up")) {
        return unseen("no store is in use, or it told nothing");
    }
    std::vector<std::string> faults;
    for (const Look& look : seen.looks) {
        if (look.metrics && look.metrics->sum("virtuoso_store_up") == 0.0 && faults.empty()) {
            faults.push_back("the store did not answer at " + minute_of(seen, look.at_ms));
        }
    }
    for (const std::string_view fate : {"dropped", "refused"}) {
        const auto label = fmt::format("fate=\"{}\"", fate);
        const double rows = last->metrics->sum("virtuoso_store_rows_total", label).value_or(0) -
                            first->metrics->sum("virtuoso_store_rows_total", label).value_or(0);
        if (rows > 0) {
            faults.push_back(fmt::format("{:.0f} rows were {}", rows, fate));
        }
    }
    const auto written = [](const Look& look) {
        return look.metrics->sum("virtuoso_store_rows_total", "fate=\"written\"").value_or(0);
    };
    const double rows = written(*last) - written(*first);
    if (faults.empty() && rows <= 0) {
        return unseen("nothing was written meanwhile");
    }
    return none_of(faults, fmt::format("{:.0f} rows written meanwhile, none dropped or refused", rows),
                   last->at_ms, metrics_path);
}

constexpr std::array criteria{
    Criterion{.id = "HEALTH-1",
              .chapter = Chapter::health,
              .wanted = "it goes on without a restart, of itself or of a shard",
              .test = "the process before and after, shards made anew",
              .remedy = "journalctl -u virtuoso and shard_trouble events name the cause",
              .judge = no_restart},
    Criterion{.id = "HEALTH-2",
              .chapter = Chapter::health,
              .wanted = "every shard and the hub make progress",
              .test = "live at every look",
              .remedy = "/api/v1/health names the part; it is made anew by itself, else restart",
              .judge = always_live},
    Criterion{.id = "HEALTH-3",
              .chapter = Chapter::health,
              .wanted = "it stays ready",
              .test = "ready at every look since the first time",
              .remedy = "the reason names what is missing",
              .judge = always_ready},
    Criterion{.id = "HEALTH-4",
              .chapter = Chapter::health,
              .wanted = "every part is good",
              .test = "the parts of health at every look",
              .remedy = "docs/operations.md has each part's troubles and remedies",
              .judge = parts_good},
    Criterion{.id = "HEALTH-5",
              .chapter = Chapter::health,
              .wanted = "memory is flat",
              .test = "least squares over the last half",
              .remedy = "see virtuoso_memory_bytes by kind, and HEALTH-6. Not seen: watch for longer",
              .judge = memory_flat},
    Criterion{.id = "HEALTH-6",
              .chapter = Chapter::health,
              .wanted = "no symbol holds more than it may",
              .test = "memory_bytes of every symbol, at most 3 MiB",
              .remedy = "[universe] exclude leaves the symbol out; tell of it",
              .judge = no_symbol_leaks},
    Criterion{.id = "HEALTH-7",
              .chapter = Chapter::health,
              .wanted = "memory, descriptors and queues are far from their limits",
              .test = "each beside its limit, at most 80 %",
              .remedy = "raise MemoryMax or LimitNOFILE, or follow less",
              .judge = within_limits},
    Criterion{.id = "HEALTH-8",
              .chapter = Chapter::health,
              .wanted = "CPU to spare",
              .test = "CPU time over the watch, at most 90 % of a core for each shard",
              .remedy = "[engine] shards spreads the symbols over threads",
              .judge = cpu_spare},
    Criterion{
        .id = "HEALTH-9",
        .chapter = Chapter::health,
        .wanted = "what it says is kept",
        .test = "rows written, dropped and refused; the store at every look",
        .remedy = "the part store of /api/v1/health names the cause: room on the disk, a lock, the server",
        .judge = is_kept,
        .applies = may_have_store}};

}  // namespace

std::span<const Criterion> health_criteria() noexcept {
    return criteria;
}

}  // namespace virtuoso::validation
