// A running service's API, asked over real sockets.
#pragma once

#include "api/api_server.hpp"
#include "net/asio_transport.hpp"
#include "support/live_service.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace virtuoso::test {

class LiveApi : public testing::Test {
  protected:
    explicit LiveApi(LiveService::Options options = {}) : live_(std::move(options)) {}

    void SetUp() override {
        live_.start();
        api_ = *ApiServer::start("127.0.0.1:0", live_.service(), settings());
        transport_ = *AsioTransport::create(
            {.rest = *Url::parse(api_->url(), "url"), .stream = *Url::parse(api_->url(), "url")},
            live_.clock());
        ASSERT_TRUE(live_.becomes_whole());
    }
    [[nodiscard]] virtual ApiSettings settings() const {
        return {.version = "1.2.3", .exchange = "sim", .hosts = {}, .config = nullptr};
    }
    HttpAnswer get(const std::string& target, std::vector<HttpHeader> headers = {}) {
        return asked({.target = target, .headers = std::move(headers)});
    }
    HttpAnswer post(const std::string& target, std::vector<HttpHeader> headers, std::string body = "{}") {
        return asked({.target = target,
                      .headers = std::move(headers),
                      .timeout_ms = 10'000,
                      .posted = std::move(body)});
    }
    nlohmann::json json(const std::string& target) { return nlohmann::json::parse(get(target).body); }

    /// What `read` makes of all that is known of a symbol, on its shard's thread.
    template <typename Read>
    auto at(const std::string& symbol, Read read) {
        using Made = std::invoke_result_t<Read, const TrackedSymbol&>;
        const auto made = std::make_shared<std::promise<Made>>();
        auto coming = made->get_future();
        EXPECT_TRUE(live_.service().look_at(
            symbol, [made, read](const TrackedSymbol* known) { made->set_value(read(*known)); }));
        return coming.get();
    }

    LiveService live_;
    std::unique_ptr<ApiServer> api_;
    std::unique_ptr<AsioTransport> transport_;

  private:
    HttpAnswer asked(HttpRequest request) {
        std::optional<Result<HttpAnswer>> answer;
        transport_->get(std::move(request), [&](Result<HttpAnswer> came) { answer = std::move(came); });
        while (!answer) {
            transport_->run_for(10);
        }
        return answer->value_or(HttpAnswer{});
    }
};

}  // namespace virtuoso::test
