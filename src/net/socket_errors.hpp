// Words for what sockets report.
#pragma once

#include "base/error.hpp"
#include "net/url.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

namespace virtuoso::net {

/// `step`: "resolve", "connect", "TLS handshake with", …
[[nodiscard]] inline Error socket_error(const Url& url, std::string_view step,
                                        const boost::system::error_code& code) {
    const auto where = fmt::format("{} {}:{}: ", step, url.host, url.port);
    if (code.category() == boost::asio::error::get_ssl_category()) {
        return {ErrorCode::tls,
                where + code.message() +
                    ": the peer's certificate or TLS settings are not accepted; check the address, this "
                    "machine's clock and its authorities (package ca-certificates), or give --ca-file"};
    }
    if (code == boost::asio::error::host_not_found || code == boost::asio::error::host_not_found_try_again) {
        return {ErrorCode::network, where + "the name is not known: check the address, the network and DNS"};
    }
    if (code == boost::beast::error::timeout) {
        return {ErrorCode::network, where + "timed out: check the network, a proxy or a firewall"};
    }
    if (code == boost::asio::error::connection_refused) {
        return {ErrorCode::network,
                where + "connection refused: nothing listens there; check address and port"};
    }
    return {ErrorCode::network, where + code.message()};
}

}  // namespace virtuoso::net
