// HTTP requests over a pool of connections that are kept alive.
#pragma once

#include "net/transport.hpp"
#include "net/url.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace virtuoso::net {

/// As many connections as requests are in flight; idle ones are reused, newest first. A reused connection
/// that the server had closed costs one silent attempt more.
class HttpPool {
  public:
    HttpPool(boost::asio::io_context& io, boost::asio::ssl::context& tls, const Url& url,
             std::int64_t connect_timeout_ms);
    ~HttpPool();

    void get(HttpRequest request, Transport::OnAnswer on_answer);

  private:
    struct Parts;
    std::shared_ptr<Parts> parts_;
};

}  // namespace virtuoso::net
