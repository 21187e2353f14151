// Asks a running service.
#pragma once

#include "alert/secret.hpp"
#include "engine/system_clock.hpp"
#include "net/asio_transport.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace virtuoso::app {

/// One request at a time, over a connection that is kept.
class ServiceClient {
  public:
    /// `token_file`: with the token that the service demands; empty: the variable VIRTUOSO_TOKEN, or none.
    /// Errors: argument (no address), tls; config, file_open: a token that cannot be read.
    [[nodiscard]] static Result<std::unique_ptr<ServiceClient>> open(const std::string& url,
                                                                     const std::string& token_file);

    /// Of somebody who is not to see a token. Errors: argument naming `option`, tls.
    [[nodiscard]] static Result<std::unique_ptr<ServiceClient>> open_without_token(const std::string& url,
                                                                                   std::string_view option);

    /// The body of a good answer. Gives up when `over` says so. Errors: network; what the service says
    /// itself.
    [[nodiscard]] Result<std::string> get(const std::string& target, const std::function<bool()>& over);
    /// The same of what is asked to do something.
    [[nodiscard]] Result<std::string> post(const std::string& target, const std::function<bool()>& over,
                                           std::string body = "{}");
    /// Whatever is answered, also where that is a refusal. Error: network.
    [[nodiscard]] Result<HttpAnswer> answer_to(const std::string& target, const std::function<bool()>& over);
    /// How long the last answer took.
    [[nodiscard]] std::int64_t answer_ns() const noexcept { return answer_ns_; }
    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    /// Whether it is asked by way of this machine's loopback.
    [[nodiscard]] bool is_local() const noexcept { return is_local_; }
    /// For so long, or until `over` says so.
    void wait(std::int64_t ms, const std::function<bool()>& over);

  private:
    ServiceClient() = default;
    [[nodiscard]] Result<HttpAnswer> exchange(HttpRequest request, const std::function<bool()>& over);
    [[nodiscard]] Result<std::string> ask(HttpRequest request, const std::function<bool()>& over);
    SystemClock clock_;
    std::string url_;
    bool is_local_ = false;
    std::int64_t answer_ns_ = 0;
    Secret token_;
    std::unique_ptr<AsioTransport> transport_;
};

inline constexpr std::string_view token_help =
    "File (chmod 600) with the token that the service demands; default: the variable VIRTUOSO_TOKEN, else "
    "none";

}  // namespace virtuoso::app
