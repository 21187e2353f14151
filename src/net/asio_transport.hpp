// The transport over real sockets.
#pragma once

#include "base/clock.hpp"
#include "net/transport.hpp"
#include "net/url.hpp"

#include <memory>
#include <string>

namespace virtuoso {

struct TransportOptions {
    Url rest;
    Url stream;                       ///< what every stream's path is appended to
    std::string authority_file = {};  ///< PEM of a certificate authority to trust besides the system's
    std::string authority_pem = {};   ///< the same as text
    std::int64_t connect_timeout_ms = 8'000;
};

/// HTTP and WebSocket through Boost.Beast, TLS through OpenSSL with the certificate and host name
/// verified. Connections of the HTTP pool are kept alive and reused. The thread in `run` does all work.
class AsioTransport final : public Transport {
  public:
    /// Error: file_open or tls when the authority's certificate cannot be used.
    [[nodiscard]] static Result<std::unique_ptr<AsioTransport>> create(TransportOptions options,
                                                                       const Clock& clock);
    ~AsioTransport() override;

    [[nodiscard]] LocalTime now() const override;
    void get(HttpRequest request, OnAnswer on_answer) override;
    [[nodiscard]] std::unique_ptr<StreamConnection> connect(std::string_view path,
                                                            StreamListener& listener) override;
    void after(std::int64_t ms, std::function<void()> call) override;

    /// Returns after `stop`.
    void run();
    /// Works for about so long, or until it is woken.
    void run_for(std::int64_t ms);
    /// From any thread: ends `run_for`, the one that works now or else the next.
    void wake();
    /// From any thread, also from a signal's.
    void stop();

  private:
    struct Parts;
    explicit AsioTransport(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace virtuoso
