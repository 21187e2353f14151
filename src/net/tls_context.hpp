// TLS settings of clients, and of servers with a certificate made on the spot.
#pragma once

#include "base/error.hpp"

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace virtuoso::net {

/// TLS 1.2 and later, peers verified against the system's authorities and the given ones.
/// Errors: file_open, tls.
[[nodiscard]] Result<boost::asio::ssl::context> client_tls_context(const std::string& authority_file,
                                                                   const std::string& authority_pem);

struct Certificate {
    std::string certificate_pem;
    std::string key_pem;
};

/// A certificate for localhost, 127.0.0.1 and ::1 that signs itself, valid from `now_s` (Unix seconds) for
/// 30 days and a day back. Error: tls.
[[nodiscard]] Result<Certificate> make_loopback_certificate(std::int64_t now_s);

/// Error: tls.
[[nodiscard]] Result<boost::asio::ssl::context> server_tls_context(const Certificate& certificate);

}  // namespace virtuoso::net
