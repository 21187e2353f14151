#include "api/api_routes.hpp"

#include "api/health_json.hpp"
#include "api/metrics_text.hpp"
#include "api/problem.hpp"
#include "api/query.hpp"
#include "api/symbols_json.hpp"
#include "exchange/symbol_name.hpp"
#include "net/url.hpp"
#include "service/process_usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace virtuoso {

namespace {

constexpr std::size_t symbols_default = 100;
constexpr std::size_t symbols_most = 2'000;
constexpr std::array<std::string_view, 3> sort_keys{"turnover", "score", "symbol"};

HttpAnswer json(std::string body) {
    return {.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}
HttpAnswer plain(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
            .body = std::move(body)};
}
HttpAnswer bad_parameter(const Error& error) {
    return problem(400, "A parameter is not allowed", error.message);
}

void sort_by(std::vector<ResultPointer>& results, std::string_view key) {
    const auto value = [&](const ResultPointer& result) {
        return key == "turnover" ? result->turnover_24h.value_or(-1) : result->confluence.score.value_or(-1);
    };
    if (key != "symbol") {  // they come by name
        std::ranges::stable_sort(results, [&](const auto& a, const auto& b) { return value(a) > value(b); });
    }
}

}  // namespace

ApiRoutes::ApiRoutes(Service& service, ApiSettings settings)
    : service_(service), settings_(std::move(settings)) {}

bool ApiRoutes::knows_host(std::span<const HttpHeader> headers) const {
    const std::string_view host = host_without_port(header_named(headers, "Host"));
    return std::ranges::find(settings_.hosts, host) != settings_.hosts.end();
}

ServerAnswer ApiRoutes::answer(const ServerRequest& request) {
    if (!knows_host(request.headers)) {
        return {.http = problem(403, "This host is not served",
                                fmt::format("Host {} is none of {}: a page of another site may have sent the "
                                            "request",
                                            in_quotes(header_named(request.headers, "Host")),
                                            fmt::join(settings_.hosts, ", ")))};
    }
    if (request.method != "GET" && request.method != "HEAD") {
        return {.http = problem(405, "This method is not allowed",
                                fmt::format("{} is not GET or HEAD", in_quotes(request.method)))};
    }
    const std::size_t question = request.target.find('?');
    const std::string_view path = request.target.substr(0, question);
    return {.http = route(path, question == std::string_view::npos ? std::string_view{}
                                                                   : request.target.substr(question + 1))};
}

HttpAnswer ApiRoutes::route(std::string_view path, std::string_view query) {
    constexpr std::string_view symbol_path = "/api/v1/symbols/";
    if (path == "/health/live") {
        return live();
    }
    if (path == "/health/ready") {
        return ready();
    }
    if (path == "/metrics") {
        return metrics();
    }
    if (path == "/api/v1/health") {
        return health(query);
    }
    if (path == "/api/v1/symbols") {
        return symbols(query);
    }
    if (path.starts_with(symbol_path)) {
        return symbol(path.substr(symbol_path.size()));
    }
    return problem(404, "There is nothing here",
                   fmt::format("{} is none of /health/live, /health/ready, /metrics, /api/v1/health, "
                               "/api/v1/symbols, /api/v1/symbols/{{symbol}}/confluence",
                               in_quotes(path)));
}

HttpAnswer ApiRoutes::live() const {
    const ServiceHealth now = service_.health(0);
    return now.live ? plain(200, "live\n") : plain(503, "a part makes no progress: see /api/v1/health\n");
}

HttpAnswer ApiRoutes::ready() const {
    const ServiceHealth now = service_.health(0);
    return now.ready ? plain(200, "ready\n") : plain(503, fmt::format("{}\n", now.why_not_ready));
}

HttpAnswer ApiRoutes::metrics() const {
    const ProcessUsage usage = process_usage();
    MetricSources sources{.version = settings_.version,
                          .exchange = settings_.exchange,
                          .health = service_.health(0),
                          .shards = service_.hub().statuses(),
                          .queues = service_.hub().queues(),
                          .log = service_.log().counts(),
                          .shards_replaced = service_.shards().replaced(),
                          .resident_bytes = usage.resident_bytes,
                          .cpu_seconds = usage.cpu_seconds,
                          .deep = {}};
    for (auto& result : service_.results().all()) {
        if (result->deep) {
            sources.deep.push_back(std::move(result));
        }
    }
    HttpAnswer answer = plain(200, metrics_text(sources));
    answer.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
    return answer;
}

HttpAnswer ApiRoutes::health(std::string_view query) const {
    constexpr std::array<std::string_view, 1> allowed{"symbols"};
    const auto parameters = Query::parse(query, allowed);
    if (!parameters) {
        return bad_parameter(parameters.error());
    }
    const auto symbols = parameters->number("symbols", symbols_default, 0, symbols_most);
    if (!symbols) {
        return bad_parameter(symbols.error());
    }
    return json(health_json(service_.health(*symbols), service_.hub().queues()));
}

HttpAnswer ApiRoutes::symbols(std::string_view query) const {
    constexpr std::array<std::string_view, 2> allowed{"sort", "limit"};
    const auto parameters = Query::parse(query, allowed);
    if (!parameters) {
        return bad_parameter(parameters.error());
    }
    const auto limit = parameters->number("limit", symbols_default, 1, symbols_most);
    const auto sort = parameters->one_of("sort", sort_keys);
    if (!limit || !sort) {
        return bad_parameter(limit ? sort.error() : limit.error());
    }
    auto results = service_.results().all();
    const std::size_t total = results.size();
    sort_by(results, *sort);
    if (results.size() > *limit) {
        results.resize(*limit);
    }
    return json(symbols_json(results, total, service_.clock().now()));
}

HttpAnswer ApiRoutes::symbol(std::string_view rest) const {
    constexpr std::string_view resource = "/confluence";
    const std::size_t slash = rest.find('/');
    const std::string name = percent_decoded(rest.substr(0, slash));
    if (slash == std::string_view::npos || rest.substr(slash) != resource) {
        return problem(404, "There is nothing here", "a symbol has /confluence");
    }
    const KeptResult kept = service_.results().read(name);
    if (!kept.result) {
        return problem(
            404, "No such symbol",
            fmt::format("symbol {} is not followed, or was not evaluated yet: /api/v1/symbols lists "
                        "those that are",
                        in_quotes(name)));
    }
    return json(result_json(kept, service_.clock().now()));
}

}  // namespace virtuoso
