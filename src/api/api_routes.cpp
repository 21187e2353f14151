#include "api/api_routes.hpp"

#include "api/cross_origin.hpp"
#include "api/dashboard.hpp"
#include "api/finished_answer.hpp"
#include "api/foreign_request.hpp"
#include "api/problem.hpp"
#include "base/assert.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace virtuoso {

namespace {

struct Found {
    const Resource* resource = nullptr;
    std::string part = {};  ///< for the braces of its path
};

/// What stands in `path` where the pattern has braces; empty where it has none. nullopt: it is another path.
std::optional<std::string> part_of(std::string_view path, std::string_view pattern) {
    const std::size_t open = pattern.find('{');
    if (open == std::string_view::npos) {
        return path == pattern ? std::optional(std::string()) : std::nullopt;
    }
    const std::string_view before = pattern.substr(0, open);
    const std::string_view after = pattern.substr(pattern.find('}') + 1);
    if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) {
        return std::nullopt;
    }
    path.remove_prefix(before.size());
    path.remove_suffix(after.size());
    return path.contains('/') ? std::nullopt : std::optional(percent_decoded(path));
}

Found find(std::string_view path) {
    static const auto all = all_resources();
    for (const Resource& resource : all) {
        if (auto part = part_of(path, resource.path)) {
            return {&resource, *std::move(part)};
        }
    }
    return {};
}

bool tells(const Resource& resource) {
    return resource.get != nullptr || resource.ask != nullptr;
}

/// Whoever runs the service asks these, and they tell nothing of what it knows.
bool is_open(std::string_view path) {
    return path == "/health/live" || path == "/health/ready";
}

HttpAnswer nothing_at(std::string_view path) {
    std::vector<std::string_view> paths;
    for (const Resource& resource : all_resources()) {
        paths.push_back(resource.path);
    }
    return problem(404, "There is nothing here",
                   fmt::format("{} is none of {}", in_quotes(path), fmt::join(paths, ", ")));
}

HttpAnswer bad_method(std::string_view method, const Resource& resource) {
    const std::string_view allowed = tells(resource) ? "GET, HEAD" : "POST";
    HttpAnswer answer = problem(405, "This method is not allowed",
                                fmt::format("{} is none of those that {} is asked with: {}",
                                            in_quotes(method), resource.path, allowed));
    answer.headers.push_back({"Allow", std::string(allowed)});
    return answer;
}

/// Nothing can be told to what is posted to yet.
bool says_nothing(std::string_view body) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    std::string text(body);
    std::erase_if(text, is_blank);
    return text.empty() || text == "{}";
}

ServerAnswer get(const ApiContext& context, const Resource& resource, std::string_view part,
                 std::string_view query) {
    const auto parameters = Query::parse(query, resource.parameters);
    if (!parameters) {
        return {.http = bad_parameter(parameters.error())};
    }
    return resource.ask != nullptr ? resource.ask(context, part, *parameters)
                                   : ServerAnswer{.http = resource.get(context, part, *parameters)};
}

HttpAnswer post(const ApiContext& context, const Resource& resource, const ServerRequest& request) {
    if (const auto refused = foreign_request(request, context.settings.origins)) {
        return *refused;
    }
    if (!says_nothing(request.body)) {
        return problem(400, "A body is not allowed",
                       fmt::format("the body of {} bytes is not {{}}: nothing can be told to {}",
                                   request.body.size(), resource.path));
    }
    return resource.post(context);
}

}  // namespace

std::vector<std::reference_wrapper<const Resource>> all_resources() {
    std::vector<std::reference_wrapper<const Resource>> all;
    for (const auto& part : {health_resources(), market_resources(), symbol_resources(),
                             structure_resources(), stored_resources(), keeper_resources(), log_resources(),
                             process_resources(), account_resources(), docs_resources()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

HttpAnswer json_answer(std::string body) {
    return {.status = 200, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

HttpAnswer json_answer(const Json& document) {
    return json_answer(document.text() + "\n");
}

HttpAnswer bad_parameter(const Error& error) {
    return problem(400, "A parameter is not allowed", error.message);
}

ServerAnswer ApiRoutes::answer(const ServerRequest& request) {
    AnswerWishes wishes = AnswerWishes::of(request);
    ServerAnswer answer = checked(request, wishes);
    answer.finish = [this, wishes = std::move(wishes), first = std::move(answer.finish),
                     origin = std::string(allowed_origin(request, settings_.origins))](HttpAnswer made) {
        made = first ? first(std::move(made)) : std::move(made);
        HttpAnswer finished = finished_answer(fitting(std::move(made)), wishes);
        return settings_.origins.empty() ? finished : shared_with(std::move(finished), origin);
    };
    return answer;
}

HttpAnswer ApiRoutes::fitting(HttpAnswer answer) const {
    if (answer.body.size() <= settings_.limits.answer_bytes) {
        return answer;
    }
    return problem(400, "The answer is too large",
                   fmt::format("it has {} bytes, and [api] answer_bytes allows {}: ask for less, with limit= "
                               "where there is one, or raise it",
                               answer.body.size(), settings_.limits.answer_bytes));
}

std::optional<HttpAnswer> ApiRoutes::admits(const ServerRequest& request) {
    auto refused = too_many(request);
    return refused ? std::move(refused) : guard_.refused_stream(request);
}

std::optional<HttpAnswer> ApiRoutes::too_many(const ServerRequest& request) {
    const auto wait_s = limit_.refused_for_s(request.address, service_.clock().now());
    if (!wait_s) {
        return std::nullopt;
    }
    HttpAnswer answer =
        problem(429, "Too many requests",
                fmt::format("{} sent more than [api] requests_per_s or loopback_requests_per_s "
                            "allows: ask again in {} s",
                            request.address, *wait_s));
    answer.headers.push_back({"Retry-After", fmt::format("{}", *wait_s)});
    return answer;
}

ServerAnswer ApiRoutes::checked(const ServerRequest& request, const AnswerWishes& wishes) {
    if (auto refused = guard_.refused_host(request)) {
        return {.http = *std::move(refused)};
    }
    if (auto refused = too_many(request)) {
        return {.http = *std::move(refused)};
    }
    if (auto allowed = preflight(request, settings_.origins)) {
        return {.http = *std::move(allowed)};
    }
    return route(request, {service_, settings_, documents_, wishes});
}

ServerAnswer ApiRoutes::route(const ServerRequest& request, const ApiContext& context) const {
    const std::size_t question = request.target.find('?');
    const std::string_view path = request.target.substr(0, question);
    const std::string_view query =
        question == std::string_view::npos ? std::string_view{} : request.target.substr(question + 1);
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (auto page =
            reads && !path.starts_with("/api/") ? dashboard_page(path, context.wishes) : std::nullopt) {
        return {.http = *std::move(page)};
    }
    if (auto refused = is_open(path) ? std::nullopt : guard_.refused_token(request)) {
        return {.http = *std::move(refused)};
    }
    if (path == "/mcp") {
        return converse(request, context);
    }
    const Found found = find(path);
    if (found.resource == nullptr) {
        return {.http = nothing_at(path)};
    }
    const Resource& resource = *found.resource;
    if (tells(resource) && reads) {
        return get(context, resource, found.part, query);
    }
    if (resource.post != nullptr && request.method == "POST") {
        const auto asked = Query::parse(query, {});
        return {.http = asked ? post(context, resource, request) : bad_parameter(asked.error())};
    }
    return {.http = bad_method(request.method, resource)};
}

// Streamable HTTP, without a stream of the server's own: each message is a POST and has one answer.
ServerAnswer ApiRoutes::converse(const ServerRequest& request, const ApiContext& context) const {
    if (request.method != "POST") {
        HttpAnswer answer = problem(405, "This method is not allowed",
                                    "/mcp is asked with POST, one message of JSON-RPC each");
        answer.headers.push_back({"Allow", "POST"});
        return {.http = std::move(answer)};
    }
    if (auto refused = foreign_request(request, context.settings.origins)) {
        return {.http = *std::move(refused)};
    }
    const auto reply = tools_.take(request.body);
    if (const auto* const message = std::get_if<McpMessage>(&reply)) {
        if (message->text.empty()) {
            return {.http = {.status = 202}};
        }
        HttpAnswer answer = json_answer(message->text);
        answer.status = message->accepted ? answer.status : 400;
        return {.http = std::move(answer)};
    }
    const auto& call = std::get<McpCall>(reply);
    const std::size_t question = call.target.find('?');
    const Found found = find(call.target.substr(0, question));
    VIRTUOSO_ASSERT(found.resource != nullptr, "tools ask what is there");
    const AnswerWishes plain{.reads = true};
    ServerAnswer answer =
        get({context.service, context.settings, context.documents, plain}, *found.resource, found.part,
            question == std::string::npos ? "" : call.target.substr(question + 1));
    answer.finish = [this, call](const HttpAnswer& made) {
        return json_answer(tools_.finish(call, made.status, made.body));
    };
    return answer;
}

}  // namespace virtuoso
