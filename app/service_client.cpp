#include "service_client.hpp"

#include "service_config_arguments.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace virtuoso::app {

namespace {

constexpr std::int64_t slice_ms = 20;
constexpr std::int64_t patience_ms = 5'000;

Result<Secret> token_from(const std::string& file) {
    constexpr std::string_view variable = "VIRTUOSO_TOKEN";
    if (!file.empty()) {
        return Secret::read(fmt::format("file:{}", file), "--token-file", machine_lookup());
    }
    return machine_lookup()(std::string(variable))
               ? Secret::read(fmt::format("env:{}", variable), "token", machine_lookup())
               : Secret();
}

}  // namespace

Result<std::unique_ptr<ServiceClient>> ServiceClient::open_without_token(const std::string& url,
                                                                         std::string_view option) {
    const auto parsed = Url::parse(url, option);
    if (!parsed) {
        return std::unexpected(parsed.error());
    }
    std::unique_ptr<ServiceClient> client(new ServiceClient());
    client->url_ = url;
    client->is_local_ =
        parsed->host == "localhost" || parsed->host == "::1" || parsed->host.starts_with("127.");
    auto transport = AsioTransport::create({.rest = *parsed, .stream = *parsed}, client->clock_);
    if (!transport) {
        return std::unexpected(transport.error());
    }
    client->transport_ = std::move(*transport);
    return client;
}

Result<std::unique_ptr<ServiceClient>> ServiceClient::open(const std::string& url,
                                                           const std::string& token_file) {
    auto client = open_without_token(url, "--url");
    if (!client) {
        return client;
    }
    auto token = token_from(token_file);
    if (!token) {
        return std::unexpected(token.error());
    }
    (*client)->token_ = *std::move(token);
    return client;
}

Result<std::string> ServiceClient::get(const std::string& target, const std::function<bool()>& over) {
    return ask({.target = target, .timeout_ms = patience_ms}, over);
}

Result<std::string> ServiceClient::post(const std::string& target, const std::function<bool()>& over,
                                        std::string body) {
    return ask({.target = target,
                .headers = {{"Content-Type", "application/json"}},
                .timeout_ms = patience_ms,
                .posted = std::move(body)},
               over);
}

Result<HttpAnswer> ServiceClient::answer_to(const std::string& target, const std::function<bool()>& over) {
    return exchange({.target = target, .timeout_ms = patience_ms}, over);
}

Result<HttpAnswer> ServiceClient::exchange(HttpRequest request, const std::function<bool()>& over) {
    if (!token_.empty()) {
        request.headers.push_back({"Authorization", fmt::format("Bearer {}", token_.exposed())});
    }
    struct Coming {
        std::optional<Result<HttpAnswer>> answer;
        LocalTime at;
    };
    // Shared, because an answer may come after this has given up.
    const auto coming = std::make_shared<Coming>();
    const LocalTime asked = clock_.now();
    transport_->get(std::move(request), [coming, this](Result<HttpAnswer> came) {
        coming->answer = std::move(came);
        coming->at = clock_.now();
    });
    while (!coming->answer && !over()) {
        transport_->run_for(slice_ms);
    }
    auto& answer = coming->answer;
    answer_ns_ = (answer ? coming->at : clock_.now()) - asked;
    if (!answer) {
        return fail(ErrorCode::network, fmt::format("{} did not answer yet", in_quotes(url_)));
    }
    if (!*answer) {
        return fail(answer->error().code,
                    fmt::format("no service answers at {}: {}; `virtuoso run` starts one", in_quotes(url_),
                                answer->error().message));
    }
    return *std::move(*answer);
}

Result<std::string> ServiceClient::ask(HttpRequest request, const std::function<bool()>& over) {
    const std::string target = request.target;
    const auto came = exchange(std::move(request), over);
    if (!came) {
        return std::unexpected(came.error());
    }
    constexpr int ok = 200;
    constexpr int accepted = 202;
    if (came->status != ok && came->status != accepted) {
        return fail(ErrorCode::exchange_refused,
                    fmt::format("{} answered {} with HTTP {}: {}", in_quotes(url_), target, came->status,
                                in_quotes(came->body)));
    }
    return came->body;
}

void ServiceClient::wait(std::int64_t ms, const std::function<bool()>& over) {
    const LocalTime end{clock_.now().ns + ms * 1'000'000};
    while (clock_.now() < end && !over()) {
        transport_->run_for(std::min(slice_ms, ms));
    }
}

}  // namespace virtuoso::app
