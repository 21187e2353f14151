#include "validation/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace virtuoso::validation {

namespace {

constexpr std::string_view frames = "virtuoso_feed_frames_total";
constexpr std::string_view evaluations = "virtuoso_evaluations_total";

/// What a counter gained between looks, a second.
struct Rates {
    std::vector<double> each;
    std::int64_t worst_at_ms = 0;  ///< the look that ended the slowest stretch
    double mean = 0;
    double least = 0;
};

// A counter that steps back began anew. Counts are told once a second: what is closer together is taken as
// one.
Rates rates_of(const Observations& seen, std::string_view counter) {
    Rates rates;
    constexpr std::int64_t apart_ms_min = 5'000;
    const Look* before = nullptr;
    double sum = 0;
    double seconds = 0;
    for (const Look& look : seen.looks) {
        if (!look.metrics || !look.metrics->sum(counter) ||
            (before != nullptr && look.at_ms - before->at_ms < apart_ms_min)) {
            continue;
        }
        if (before != nullptr) {
            const double gained = std::max(
                0.0, look.metrics->sum(counter).value_or(0) - before->metrics->sum(counter).value_or(0));
            const double took = static_cast<double>(look.at_ms - before->at_ms) / 1e3;
            if (rates.each.empty() || gained / took < rates.least) {
                rates.least = gained / took;
                rates.worst_at_ms = look.at_ms;
            }
            rates.each.push_back(gained / took);
            sum += gained;
            seconds += took;
        }
        before = &look;
    }
    rates.mean = seconds > 0 ? sum / seconds : 0;
    return rates;
}

Outcome never_slow(const Observations& seen, std::string_view counter, std::string_view what) {
    constexpr double share_min = 0.1;
    const Rates rates = rates_of(seen, counter);
    if (rates.each.empty()) {
        return unseen(fmt::format("{} was not told twice, five seconds apart", counter));
    }
    auto text = fmt::format("{}: {:.0f} in 60 seconds on average, at the slowest {:.0f}", what,
                            rates.mean * 60, rates.least * 60);
    if (rates.least <= rates.mean * share_min) {
        return failed(fmt::format("{} at {}", text, minute_of(seen, rates.worst_at_ms)), rates.worst_at_ms,
                      metrics_path);
    }
    return passed(std::move(text), seen.ended_ms, metrics_path);
}

Outcome messages_come(const Observations& seen) {
    return never_slow(seen, frames, "WebSocket messages received");
}

Outcome monitoring_goes_on(const Observations& seen) {
    constexpr std::int64_t overview_ms_max = 15'000;
    Outcome loop = never_slow(seen, evaluations, "evaluations");
    if (loop.judgement != Judgement::pass) {
        return loop;
    }
    std::size_t looks = 0;
    for (const Look& look : seen.looks) {
        looks += look.overview ? 1U : 0U;
        if (look.overview && look.overview->age_ms > overview_ms_max) {
            return failed(fmt::format("the market was not counted for {} ms", look.overview->age_ms),
                          look.at_ms, "/api/v1/overview");
        }
    }
    if (looks == 0) {
        return unseen("the market was not told");
    }
    loop.evidence.value += fmt::format("; the market counted anew at each of {} looks", looks);
    return loop;
}

Outcome every_kind_comes(const Observations& seen) {
    const Look* const first = first_with_metrics(seen);
    const Look* const last = last_with_metrics(seen);
    if (first == last || !last->metrics->sum("virtuoso_messages_total")) {
        return unseen("messages were not counted twice");
    }
    std::vector<std::string> faults;
    std::string counts;
    for (const std::string_view kind : {"book", "trades", "ticker", "kline"}) {
        const auto label = fmt::format("class=\"{}\"", kind);
        const double gained = last->metrics->sum("virtuoso_messages_total", label).value_or(0) -
                              first->metrics->sum("virtuoso_messages_total", label).value_or(0);
        if (gained <= 0) {
            faults.push_back(fmt::format("no message of kind {} came", kind));
        }
        counts += fmt::format("{}{} {:.0f}", counts.empty() ? "" : ", ", kind, gained);
    }
    return none_of(faults, counts, last->at_ms, metrics_path);
}

/// What heals by itself only when it has left the tape, and is told, is no standing fault.
bool is_hole(const SymbolSeen& row) {
    return row.concern.contains("were lost");
}

// Short troubles heal; what lasts is a topic that is silent, a book that does not come, a history that is
// refused.
Outcome symbols_whole(const Observations& seen) {
    constexpr std::int64_t deep_ms_max = 60'000;
    constexpr std::int64_t other_ms_max = 180'000;
    std::map<std::string, std::int64_t> since;  ///< of those that are broken
    std::map<std::string, std::string> faults;
    std::int64_t symbols = 0;
    for (const Look& look : seen.looks) {
        if (!look.health) {
            continue;
        }
        symbols = std::max(symbols, look.health->symbols);
        std::map<std::string, std::int64_t> still;
        for (const SymbolSeen& row : look.health->rows) {
            if (row.whole || is_hole(row)) {
                continue;
            }
            const auto before = since.find(row.symbol);
            const std::int64_t begun = before == since.end() ? look.at_ms : before->second;
            still.emplace(row.symbol, begun);
            if (look.at_ms - begun > (row.deep ? deep_ms_max : other_ms_max)) {
                faults.insert_or_assign(row.symbol, fmt::format("{} not whole for {} s: {}", row.symbol,
                                                                (look.at_ms - begun) / 1'000, row.concern));
            }
        }
        since = std::move(still);
    }
    if (symbols <= 0) {
        return unseen("no symbol was told");
    }
    std::vector<std::string> texts;
    texts.reserve(faults.size());
    for (auto& [symbol, text] : faults) {
        texts.push_back(std::move(text));
    }
    return none_of(texts,
                   fmt::format("{} symbols: none not whole for more than {} s (deep) or {} s", symbols,
                               deep_ms_max / 1'000, other_ms_max / 1'000),
                   seen.ended_ms, health_path);
}

Outcome results_fresh(const Observations& seen) {
    constexpr std::int64_t evaluated_ms_max = 11'000;
    std::set<std::string> stale;
    std::int64_t results = 0;
    for (const Look& look : seen.looks) {
        if (!look.health || !look.health->ready) {
            continue;
        }
        results += look.health->symbols;
        for (const SymbolSeen& row : look.health->rows) {
            if (row.evaluated_ago_ms > evaluated_ms_max) {
                stale.insert(fmt::format("{} was not evaluated for more than {} s", row.symbol,
                                         evaluated_ms_max / 1'000));
            }
        }
    }
    return results <= 0 ? unseen("no symbol was told while it was ready")
                        : none_of({stale.begin(), stale.end()},
                                  fmt::format("every result of {} that were looked at was fresh", results),
                                  seen.ended_ms, health_path);
}

Outcome top_symbols(const Observations& seen) {
    const Look* const look = last_with_health(seen);
    const auto configured = seen.config.find("universe.deep");
    if (look == nullptr || configured == seen.config.end()) {
        return unseen("health or the configuration told nothing");
    }
    const std::int64_t wanted =
        std::min(look->health->symbols, std::int64_t{std::atoi(configured->second.c_str())});
    auto text = fmt::format("{} deep symbols of {} followed, {} wanted", look->health->deep,
                            look->health->symbols, wanted);
    return look->health->deep == wanted ? passed(std::move(text), look->at_ms, health_path)
                                        : failed(std::move(text), look->at_ms, health_path);
}

/// When the watch began, by the service's clock, which may be another machine's.
std::int64_t begun_there(const Observations& seen) {
    const ProcessSeen* const process = process_of(seen);
    for (const Look& look : seen.looks) {
        if (look.health && process != nullptr && seen.process_first) {
            return seen.process_first->started_ms + look.health->uptime_ms - (look.at_ms - seen.begun_ms);
        }
    }
    return seen.begun_ms;
}

Outcome no_errors(const Observations& seen) {
    if (!seen.log) {
        return unseen("the log could not be read");
    }
    constexpr std::int64_t slack_ms = 1'000;
    const std::int64_t since_ms = begun_there(seen) - slack_ms;
    std::vector<std::string> faults;
    std::size_t warnings = 0;
    for (const LogLineSeen& line : *seen.log) {
        if (line.level == "error" && line.time_ms >= since_ms) {
            faults.push_back(line.part + ": " + line.message);
        }
        warnings += line.level == "warning" ? 1U : 0U;
    }
    return none_of(faults, fmt::format("no error since the watch began; {} warnings kept", warnings),
                   seen.ended_ms, log_path);
}

Outcome nothing_dropped(const Observations& seen) {
    constexpr std::string_view counter = "virtuoso_queue_dropped_total";
    const Look* const first = first_with_metrics(seen);
    const Look* const last = last_with_metrics(seen);
    if (first == last || !last->metrics->sum(counter)) {
        return unseen("the queues were not told twice");
    }
    const double all = *last->metrics->sum(counter);
    const double dropped = all - first->metrics->sum(counter).value_or(0);
    auto text = fmt::format("{:.0f} values dropped between shards and hub meanwhile, {:.0f} since the start",
                            dropped, all);
    return dropped <= 0 ? passed(std::move(text), last->at_ms, metrics_path)
                        : failed(std::move(text), last->at_ms, metrics_path);
}

Outcome clock_right(const Observations& seen) {
    constexpr double offset_max = 1;
    const Look* const look = last_with_metrics(seen);
    const auto offset = look == nullptr
                            ? std::nullopt
                            : look->metrics->sum("virtuoso_exchange_clock_offset_seconds", "shard=\"0\"");
    if (!offset) {
        return unseen("the exchange's clock was not told");
    }
    auto text = fmt::format("the exchange's clock is {:+.3f} s of this machine's", *offset);
    return std::abs(*offset) <= offset_max ? passed(std::move(text), look->at_ms, metrics_path)
                                           : failed(std::move(text), look->at_ms, metrics_path);
}

Outcome rest_well(const Observations& seen) {
    const Look* const first = first_with_metrics(seen);
    const Look* const last = last_with_metrics(seen);
    if (last == nullptr || !last->metrics->sum("virtuoso_rest_requests_total")) {
        return unseen("requests were not counted");
    }
    const auto gained = [&](std::string_view name) {
        return last->metrics->sum(name).value_or(0) - first->metrics->sum(name).value_or(0);
    };
    const double requests = gained("virtuoso_rest_requests_total");
    const double retries = gained("virtuoso_rest_retries_total");
    const double failures = gained("virtuoso_rest_failures_total");
    constexpr double retries_max = 0.1;
    auto text =
        fmt::format("{:.0f} requests, {:.0f} tried again, {:.0f} given up", requests, retries, failures);
    return failures > 0 || retries > std::max(5.0, retries_max * requests)
               ? failed(std::move(text), last->at_ms, metrics_path)
               : passed(std::move(text), last->at_ms, metrics_path);
}

Outcome api_answers(const Observations& seen) {
    constexpr double p99_ms_max = 250;
    if (seen.asked.empty()) {
        return unseen("nothing was asked");
    }
    const std::vector<double> times = answer_times(seen);
    std::vector<std::string> faults;
    for (const Asked& asked : seen.asked) {
        constexpr int ok = 200;
        constexpr int not_found = 404;  // of a symbol that was delisted meanwhile
        const bool gone = asked.status == not_found && asked.path.starts_with("/api/v1/symbols/");
        if ((asked.status != ok && !gone) || !asked.understood) {
            faults.push_back(asked.path + (asked.status == 0    ? ": no answer"
                                           : asked.status == ok ? ": an answer that is something else"
                                                                : fmt::format(": {}", asked.status)));
        }
    }
    const double p99 = p99_of(times);
    if (p99 > p99_ms_max) {
        faults.push_back(fmt::format("slow: 99 % of answers came within {:.0f} ms", p99));
    }
    return none_of(faults,
                   fmt::format("{} requests, half within {:.1f} ms, 99 % within {:.1f} ms, {:.1f} ms at most",
                               times.size(), times[times.size() / 2], p99, times.back()),
                   seen.ended_ms, "/api/v1");
}

Outcome scores_soon(const Observations& seen) {
    constexpr double p99_s_max = 0.05;
    constexpr std::string_view histogram = "virtuoso_socket_to_score_seconds";
    const Look* const first = middle_with_metrics(seen);
    const Look* const last = last_with_metrics(seen);
    if (first == last) {
        return unseen("latencies were told once only");
    }
    const auto before = first->metrics->buckets(histogram);
    const auto after = last->metrics->buckets(histogram);
    const auto p50 = quantile(before, after, 0.5);
    const auto p99 = quantile(before, after, 0.99);
    if (!p50 || !p99) {
        return unseen("no score followed a message meanwhile");
    }
    auto text = fmt::format("from the socket to the score: half within {} ms, 99 % within {} ms", *p50 * 1e3,
                            *p99 * 1e3);
    return *p99 <= p99_s_max ? passed(std::move(text), last->at_ms, metrics_path)
                             : failed(std::move(text), last->at_ms, metrics_path);
}

constexpr std::array criteria{
    Criterion{.id = "REG-1",
              .chapter = Chapter::regression,
              .wanted = "messages come without a pause",
              .test = "messages between looks, at least five seconds apart: a tenth of the mean or more",
              .remedy = "feed_trouble events and virtuoso doctor tell where the connection fails",
              .judge = messages_come},
    Criterion{.id = "REG-2",
              .chapter = Chapter::regression,
              .wanted = "the monitoring loop goes on",
              .test = "evaluations between looks, and the age of the market as a whole",
              .remedy = "/api/v1/health names the shard or the hub that stands still",
              .judge = monitoring_goes_on},
    Criterion{.id = "REG-3",
              .chapter = Chapter::regression,
              .wanted = "every kind of data is collected",
              .test = "messages by kind",
              .remedy = "see the exchange's announcements: a topic may have been withdrawn",
              .judge = every_kind_comes},
    Criterion{.id = "REG-4",
              .chapter = Chapter::regression,
              .wanted = "every symbol's data is whole",
              .test = "concerns that last longer than 60 s (deep) or 180 s",
              .remedy = "docs/errors.md explains the concern; what a silent topic needs is done by itself",
              .judge = symbols_whole},
    Criterion{.id = "REG-5",
              .chapter = Chapter::regression,
              .wanted = "the kept results are fresh",
              .test = "age of every symbol's result at every look, at most 11 s",
              .remedy = "see REG-2",
              .judge = results_fresh},
    Criterion{.id = "REG-6",
              .chapter = Chapter::regression,
              .wanted = "the top symbols are followed closely",
              .test = "deep symbols beside [universe] deep",
              .remedy = "see minimum_turnover, include and exclude in [universe]",
              .judge = top_symbols},
    Criterion{.id = "REG-7",
              .chapter = Chapter::regression,
              .wanted = "the error log is empty",
              .test = "errors of the log since the watch began",
              .remedy = "docs/errors.md has each code's cause and remedy",
              .judge = no_errors},
    Criterion{.id = "REG-8",
              .chapter = Chapter::regression,
              .wanted = "nothing is dropped on the way",
              .test = "values refused by full queues",
              .remedy = "[engine] shards, or less load on the machine",
              .judge = nothing_dropped},
    Criterion{.id = "REG-9",
              .chapter = Chapter::regression,
              .wanted = "the clocks agree",
              .test = "the exchange's clock beside this machine's, at most 1 s apart",
              .remedy = "let chrony or systemd-timesyncd set the machine's clock",
              .judge = clock_right},
    Criterion{.id = "REG-10",
              .chapter = Chapter::regression,
              .wanted = "the exchange answers what it is asked",
              .test = "requests, those tried again (at most 10 %) and given up",
              .remedy = "see the log: limits, a ban, or a place that is not served",
              .judge = rest_well},
    Criterion{.id = "REG-11",
              .chapter = Chapter::regression,
              .wanted = "the API answers, and soon",
              .test = "every request of this validation: no failure, 99 % within 250 ms",
              .remedy = "see what else the machine does, and who asks how much",
              .judge = api_answers},
    Criterion{.id = "PERF-1",
              .chapter = Chapter::performance,
              .wanted = "scores follow the market at once",
              .test = "from the socket to the score over the last half, as a start waits for histories: 99 % "
                      "within 50 ms",
              .remedy = "[engine] shards, or less load on the machine",
              .judge = scores_soon}};

}  // namespace

std::span<const Criterion> regression_criteria() noexcept {
    return criteria;
}

}  // namespace virtuoso::validation
