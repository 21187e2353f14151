// The bytes of one connection, plain or through TLS.
#pragma once

#include "net/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace virtuoso::net {

/// A connection whose kind is known at run time only, so that HTTP and WebSocket are compiled once and not
/// once for TCP and once for TLS. Models Asio's AsyncReadStream and AsyncWriteStream. At most one read and
/// one write at a time; time-outs end in boost::beast::error::timeout.
class ByteStream {
  public:
    using executor_type = boost::asio::any_io_executor;
    using Done = std::move_only_function<void(boost::system::error_code, std::size_t)>;

    virtual ~ByteStream() = default;
    [[nodiscard]] virtual executor_type get_executor() = 0;

    /// Neither calls `done` before it returned.
    virtual void read_some(boost::asio::mutable_buffer buffer, Done done) = 0;
    virtual void write_some(boost::asio::const_buffer buffer, Done done) = 0;

    /// For everything that is begun from now on, until the next call.
    virtual void expires_after(std::int64_t ms) = 0;
    virtual void expires_never() = 0;
    /// What is under way ends with an error.
    virtual void close() = 0;
    /// Ends the connection once everything was written, then calls `done`.
    virtual void finish(std::move_only_function<void(boost::system::error_code)> done) = 0;

    /// Fills the first of the buffers that has room.
    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto&& handler, boost::asio::mutable_buffer room) {
                read_some(room, std::forward<decltype(handler)>(handler));
            },
            token, first_of<boost::asio::mutable_buffer>(buffers));
    }
    /// Several buffers are joined, so that a header of many parts is one packet and one TLS record.
    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto&& handler, boost::asio::const_buffer text) {
                write_some(text, std::forward<decltype(handler)>(handler));
            },
            token, joined(buffers));
    }

  private:
    static constexpr std::size_t joined_bytes_max = std::size_t{64} << 10;

    template <typename Buffer, typename Buffers>
    static Buffer first_of(const Buffers& buffers) {
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             at != boost::asio::buffer_sequence_end(buffers); ++at) {
            if (const Buffer buffer = *at; buffer.size() > 0) {
                return buffer;
            }
        }
        return {};
    }
    template <typename Buffers>
    boost::asio::const_buffer joined(const Buffers& buffers) {
        const auto first = first_of<boost::asio::const_buffer>(buffers);
        const std::size_t all = boost::asio::buffer_size(buffers);
        if (first.size() == all || first.size() >= joined_bytes_max) {
            return first;
        }
        joined_.resize(std::min(all, joined_bytes_max));
        boost::asio::buffer_copy(boost::asio::buffer(joined_), buffers);
        return boost::asio::buffer(joined_);
    }

    std::vector<char> joined_;
};

/// Resolves, connects and shakes hands, the peer's host name verified. `tls` is used when the address says
/// so. Afterwards nothing expires. Errors: network, tls.
[[nodiscard]] boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> connect_to(
    boost::asio::io_context& io, boost::asio::ssl::context& tls, const Url& url, std::int64_t timeout_ms);

/// A connection that a server accepted; nullptr when the TLS handshake fails or takes longer than
/// `timeout_ms`. Without `tls` it is plain.
[[nodiscard]] boost::asio::awaitable<std::unique_ptr<ByteStream>> accepted_stream(
    boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, std::int64_t timeout_ms);

}  // namespace virtuoso::net
