#include "service_observer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

constexpr int http_ok = 200;
constexpr double ns_per_ms = 1e6;

}  // namespace

std::int64_t ServiceObserver::now_ms() const {
    return clock_.now().ns / static_cast<std::int64_t>(ns_per_ms);
}

std::optional<std::string> ServiceObserver::ask(const std::string& path) {
    auto answer = service_.answer_to(path, over_);
    if (over_()) {
        return std::nullopt;  // it was not given the time to answer
    }
    seen_.asked.push_back({.path = path,
                           .at_ms = now_ms(),
                           .took_ms = static_cast<double>(service_.answer_ns()) / ns_per_ms,
                           .status = answer ? answer->status : 0});
    return answer && answer->status == http_ok ? std::optional(std::move(answer->body)) : std::nullopt;
}

void ServiceObserver::read_process(std::optional<validation::ProcessSeen>& into) {
    into = told("/api/v1/process", validation::read_process);
}

void ServiceObserver::read_keeper() {
    if (auto keeper = told("/api/v1/keeper?limit=1000", validation::read_keeper)) {
        seen_.keeper.push_back(*std::move(keeper));
    }
}

Result<void> ServiceObserver::begin() {
    const auto health = service_.get("/api/v1/health?symbols=1", over_);
    if (!health) {
        return std::unexpected(health.error());
    }
    if (!validation::read_health(*health)) {
        return fail(ErrorCode::file_format,
                    "the answer is no health of a service: is it another program, or another version, that "
                    "listens there?");
    }
    seen_.begun_ms = now_ms();
    read_process(seen_.process_first);
    seen_.config =
        told("/api/v1/config", validation::read_config).value_or(std::map<std::string, std::string>());
    return {};
}

void ServiceObserver::look() {
    validation::Look look{.at_ms = now_ms()};
    look.health = told("/api/v1/health?symbols=2000", validation::read_health);
    look.metrics = told("/metrics", [](const std::string& text) {
        auto page = validation::MetricsPage::read(text);
        return page.empty() ? std::nullopt : std::optional(std::move(page));
    });
    look.overview = told("/api/v1/overview", validation::read_overview);
    constexpr std::size_t whole_looks = 2;  // the first and the last
    if (seen_.looks.size() >= whole_looks) {
        validation::keep_what_is_judged(seen_.looks.back());
    }
    seen_.looks.push_back(std::move(look));
}

void ServiceObserver::sample() {
    constexpr std::size_t symbols_at_once = 3;
    read_keeper();
    if (seen_.looks.empty() || !seen_.looks.back().health) {
        return;
    }
    std::vector<std::string> deep;
    for (const auto& row : seen_.looks.back().health->rows) {
        if (row.deep) {
            deep.push_back(row.symbol);
        }
    }
    std::ranges::sort(deep);
    if (const auto bitcoin = std::ranges::find(deep, "BTCUSDT"); bitcoin != deep.end()) {
        std::rotate(deep.begin(), bitcoin, bitcoin + 1);
    }
    for (std::size_t i = 0; i < std::min(symbols_at_once, deep.size()); ++i) {
        const std::string& symbol = deep[next_symbol_++ % deep.size()];
        auto breakdown =
            told(fmt::format("/api/v1/symbols/{}/confluence", symbol),
                 [&](const std::string& text) { return validation::read_breakdown(text, now_ms()); });
        if (breakdown) {
            seen_.breakdowns.push_back(*std::move(breakdown));
        }
    }
}

bool ServiceObserver::has_store() const {
    const auto told =
        std::ranges::find_if(seen_.looks, [](const auto& look) { return look.health.has_value(); });
    return told != seen_.looks.end() &&
           std::ranges::any_of(told->health->parts, [](const auto& part) { return part.name == "store"; });
}

void ServiceObserver::finish() {
    // Errors by themselves: there may be more warnings than are kept.
    seen_.log = told("/api/v1/log?limit=500&level=error", validation::read_log);
    const auto warnings = told("/api/v1/log?limit=500", validation::read_log);
    if (seen_.log && warnings) {
        std::ranges::copy_if(*warnings, std::back_inserter(*seen_.log),
                             [](const auto& line) { return line.level != "error"; });
        std::ranges::stable_sort(*seen_.log, {}, &validation::LogLineSeen::number);
    }
    if (has_store()) {  // without one they are refused
        seen_.signals = told("/api/v1/signals?limit=100", validation::read_signals)
                            .value_or(std::vector<validation::SignalSeen>());
    }
    read_keeper();
    read_process(seen_.process_last);
    seen_.ended_ms = now_ms();
}

}  // namespace virtuoso::app
