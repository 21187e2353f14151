// What was seen of a running service: documents of its API and metrics, each with the time at which it was
// asked for. Times are milliseconds of the observer's clock unless a field says otherwise.
#pragma once

#include "validation/metrics_page.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::validation {

struct Asked {
    std::string path;  ///< with the query
    std::int64_t at_ms = 0;
    double took_ms = 0;
    int status = 0;          ///< 0: no answer came
    bool understood = true;  ///< false: it answered with something else than what belongs there
};

struct PartSeen {
    std::string name;
    bool good = false;
    std::string detail;
};

struct SymbolSeen {
    std::string symbol;
    bool deep = false;
    bool whole = false;
    bool scored = false;
    std::int64_t evaluated_ago_ms = 0;
    std::int64_t newest_ago_ms = 0;
    std::uint64_t bytes = 0;
    std::string concern;  ///< the first of them; empty: none
};

struct HealthSeen {
    bool live = false;
    bool ready = false;
    std::string why_not_ready;
    std::int64_t uptime_ms = 0;
    std::int64_t symbols = 0;
    std::int64_t deep = 0;
    std::int64_t deep_whole = 0;
    std::vector<PartSeen> parts;
    std::int64_t dropped = 0;  ///< of all queues
    double queue_share = 0;    ///< how full the fullest is
    std::vector<SymbolSeen> rows;
};

struct OverviewSeen {
    std::int64_t gainers = 0;
    std::int64_t losers = 0;
    std::int64_t total = 0;
    std::int64_t age_ms = 0;
    std::string regime;
};

/// One round of questions.
struct Look {
    std::int64_t at_ms = 0;
    std::optional<HealthSeen> health = {};
    std::optional<MetricsPage> metrics = {};
    std::optional<OverviewSeen> overview = {};
};

struct KeeperRunSeen {
    std::int64_t number = 0;
    std::int64_t started_ms = 0;  ///< by the service's clock
    bool asked_for = false;
    std::int64_t late_ms = 0;
    std::int64_t duration_ms = 0;
    std::string error;  ///< empty: it succeeded
    std::string line;
};

struct KeeperSeen {
    std::int64_t interval_ms = 0;  ///< as configured
    std::int64_t next_in_ms = 0;   ///< negative: it is overdue
    std::string pressure;
    std::uint64_t resident_bytes = 0;
    std::uint64_t limit_bytes = 0;  ///< 0: none
    std::string limit_source;
    std::vector<KeeperRunSeen> runs;  ///< the oldest first
};

struct ProcessSeen {
    std::int64_t id = 0;
    std::string version;
    std::string exchange;
    std::int64_t started_ms = 0;
    std::int64_t shards_replaced = 0;
    std::vector<std::pair<std::string, double>> initialised;  ///< part, ms
    std::int64_t rounds = 0;                                  ///< of histories
    std::int64_t histories = 0;
    std::int64_t histories_failed = 0;
    double histories_ms = 0;
    std::uint64_t resident_bytes = 0;
    double cpu_seconds = 0;
    std::int64_t threads = 0;
    std::int64_t descriptors = 0;
    std::int64_t descriptors_max = 0;
};

struct ComponentSeen {
    std::string name;
    std::optional<double> score;
    double weight = 0;
    double impact = 0;
    double coverage = 0;
    std::string interpretation;
    std::vector<std::string> absent;          ///< "sub: reason"
    std::vector<std::string> without_reason;  ///< sub-indicators that are absent and do not say why
};

struct BreakdownSeen {
    std::int64_t at_ms = 0;
    std::string symbol;
    std::optional<double> score;
    std::string signal;
    double coverage = 0;
    double reliability = 0;
    double evaluation_us = 0;
    std::int64_t age_ms = 0;
    std::int64_t reads = 0;
    std::vector<ComponentSeen> components;
};

struct LogLineSeen {
    std::int64_t number = 0;
    std::int64_t time_ms = 0;  ///< by the service's clock
    std::string level;
    std::string part;
    std::string message;
};

struct SignalSeen {
    std::string symbol;
    std::string direction;  ///< LONG, SHORT
    double score = 0;
    std::int64_t time_ms = 0;
};

/// What the exchange was made to do, to see who depends on it.
struct SilenceTrial {
    std::int64_t began_ms = 0;
    std::int64_t ended_ms = 0;
    double frames = 0;  ///< that came in its last seconds
    bool ran = false;   ///< the keeper did meanwhile
    double took_ms = 0;
    std::string trouble = {};  ///< why it could not be tried
};

struct RestartTrial {
    std::string command;
    std::int64_t began_ms = 0;
    std::int64_t old_process = 0;
    std::int64_t old_started_ms = 0;
    std::int64_t new_process = 0;
    std::int64_t new_started_ms = 0;
    bool old_left = false;                     ///< its process was still there at the end
    std::optional<double> gone_after_ms = {};  ///< no answer any more
    std::optional<double> back_after_ms = {};  ///< until the new one answered
    std::optional<double> whole_after_ms =
        {};  ///< from its first answer until every symbol that had six components had them again
    std::int64_t full_before = 0;  ///< symbols with six components
    std::int64_t full_after = 0;
    bool rows_known = true;        ///< they could be asked for, before and afterwards
    std::int64_t rows_before = 0;  ///< signals and scores that were asked for
    std::int64_t rows_lost = 0;    ///< of them
    int exit_code = 0;             ///< of the command
    std::string trouble = {};
};

struct Observations {
    std::string url;
    std::int64_t begun_ms = 0;
    std::int64_t ended_ms = 0;
    std::int64_t every_ms = 5'000;  ///< between two looks
    std::vector<Look> looks = {};
    std::vector<Asked> asked = {};
    std::optional<ProcessSeen> process_first = {};
    std::optional<ProcessSeen> process_last = {};
    std::vector<KeeperSeen> keeper = {};  ///< as often as it was asked for, the oldest first
    std::vector<BreakdownSeen> breakdowns = {};
    std::optional<std::vector<LogLineSeen>> log = {};  ///< the oldest first
    std::vector<SignalSeen> signals = {};
    std::map<std::string, std::string> config = {};  ///< "section.key" → JSON
    std::optional<SilenceTrial> silence = {};
    std::optional<RestartTrial> restart = {};
};

/// Of a look that is not the last: symbols of which there is nothing to say are left out, and so are series
/// that nobody judges.
void keep_what_is_judged(Look& look);

/// Each gives nothing where the text is no such document.
[[nodiscard]] std::optional<HealthSeen> read_health(std::string_view document);
[[nodiscard]] std::optional<OverviewSeen> read_overview(std::string_view document);
[[nodiscard]] std::optional<KeeperSeen> read_keeper(std::string_view document);
[[nodiscard]] std::optional<ProcessSeen> read_process(std::string_view document);
[[nodiscard]] std::optional<BreakdownSeen> read_breakdown(std::string_view document, std::int64_t at_ms);
[[nodiscard]] std::optional<std::vector<LogLineSeen>> read_log(std::string_view document);
[[nodiscard]] std::optional<std::vector<SignalSeen>> read_signals(std::string_view document);
[[nodiscard]] std::optional<std::map<std::string, std::string>> read_config(std::string_view document);

}  // namespace virtuoso::validation
