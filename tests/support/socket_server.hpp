// What tests over sockets stand on: a server on a thread of its own, a client of raw bytes, a listener.
#pragma once

#include "base/clock.hpp"
#include "net/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <ctime>
#include <string>
#include <thread>
#include <vector>

namespace virtuoso::test {

class WallClock final : public Clock {
  public:
    [[nodiscard]] LocalTime now() const override { return {std::time(nullptr) * 1'000'000'000}; }
};

class Listener final : public StreamListener {
  public:
    void on_open() override { open = true; }
    void on_frame(PaddedFrame frame, LocalTime) override { frames.emplace_back(frame.text()); }
    void on_close(const Error& reason) override { closed = reason.message; }

    bool open = false;
    std::vector<std::string> frames;
    std::string closed;
};

/// Serves from construction to destruction.
class RunningServer {
  public:
    RunningServer(ServerHandler& handler, const ServerLimits& limits)
        : server(*Server::create({.limits = limits, .now_s = std::time(nullptr)}, handler)),
          thread_([this] { server->run(); }) {}
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;
    ~RunningServer() {
        server->stop();
        thread_.join();
    }

    std::unique_ptr<Server> server;

  private:
    std::thread thread_;
};

/// Whatever bytes, as they are.
class RawClient {
  public:
    explicit RawClient(std::uint16_t port) : socket_(io_) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    }
    explicit RawClient(boost::asio::ip::tcp::acceptor& acceptor) : socket_(io_) { acceptor.accept(socket_); }

    void write(std::string_view bytes) {
        boost::system::error_code error;
        boost::asio::write(socket_, boost::asio::buffer(bytes), error);
    }
    /// Up to and with `end`, or all there was when the peer closed.
    std::string read_until(std::string_view end) {
        boost::system::error_code error;
        const std::size_t count =
            boost::asio::read_until(socket_, boost::asio::dynamic_buffer(received_), std::string(end), error);
        return take(error ? received_.size() : count);
    }
    std::string read(std::size_t count) {
        boost::system::error_code error;
        if (received_.size() < count) {
            boost::asio::read(socket_, boost::asio::dynamic_buffer(received_),
                              boost::asio::transfer_exactly(count - received_.size()), error);
        }
        return take(std::min(count, received_.size()));
    }
    std::string read_all() {
        boost::system::error_code error;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(received_), boost::asio::transfer_all(),
                          error);
        return take(received_.size());
    }

  private:
    std::string take(std::size_t count) {
        std::string taken = received_.substr(0, count);
        received_.erase(0, count);
        return taken;
    }

    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::string received_;
};

}  // namespace virtuoso::test
