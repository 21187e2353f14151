// How a feed reaches an exchange: requests, streams and timers, over real sockets or in a test's virtual
// time.
#pragma once

#include "base/error.hpp"
#include "base/padded_frame.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

struct HttpHeader {
    std::string name;
    std::string value;
};

/// Empty when it is not among them. Names compare without case.
[[nodiscard]] std::string_view header_named(std::span<const HttpHeader> headers,
                                            std::string_view name) noexcept;

struct HttpRequest {
    std::string target;  ///< path and query
    std::vector<HttpHeader> headers = {};
    std::int64_t timeout_ms = 10'000;
    /// What changes something is sent once, over a connection of its own.
    std::optional<std::string> posted = {};  ///< the body of a POST; without it, a GET
};

struct HttpAnswer {
    int status = 0;
    std::vector<HttpHeader> headers = {};
    std::string body = {};

    [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
        return header_named(headers, name);
    }
};

/// Receives what happens on one stream. None of these is called after the StreamConnection was destroyed.
class StreamListener {
  public:
    virtual ~StreamListener() = default;
    virtual void on_open() = 0;
    /// The frame is valid during the call.
    virtual void on_frame(PaddedFrame frame, LocalTime received) = 0;
    /// The stream could not be opened or has ended; it will not speak again.
    virtual void on_close(const Error& reason) = 0;
};

/// One WebSocket. Destroying it closes it without a word.
class StreamConnection {
  public:
    virtual ~StreamConnection() = default;
    virtual void send(std::string text) = 0;
};

/// Single-threaded: every callback comes from the thread that runs the transport, none from inside the
/// call that asked for it. Callbacks must not outlive what they refer to: stop the transport first.
class Transport {
  public:
    using OnAnswer = std::function<void(Result<HttpAnswer>)>;

    virtual ~Transport() = default;
    [[nodiscard]] virtual LocalTime now() const = 0;
    /// Errors: network, tls. Any HTTP status is an answer.
    virtual void get(HttpRequest request, OnAnswer on_answer) = 0;
    /// `path`: behind that of the stream's address; may be empty.
    [[nodiscard]] virtual std::unique_ptr<StreamConnection> connect(std::string_view path,
                                                                    StreamListener& listener) = 0;
    virtual void after(std::int64_t ms, std::function<void()> call) = 0;
};

}  // namespace virtuoso
