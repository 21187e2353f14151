#include "net/asio_transport.hpp"

#include "net/http_pool.hpp"
#include "net/timer.hpp"
#include "net/tls_context.hpp"
#include "net/web_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace virtuoso {

namespace asio = boost::asio;

struct AsioTransport::Parts {
    Parts(TransportOptions transport_options, const Clock& transport_clock, asio::ssl::context context)
        : options(std::move(transport_options)),
          clock(transport_clock),
          tls(std::move(context)),
          pool(io, tls, options.rest, options.connect_timeout_ms) {}

    TransportOptions options;
    const Clock& clock;
    asio::io_context io{1};
    asio::ssl::context tls;
    net::HttpPool pool;
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    bool woken = false;
};

Result<std::unique_ptr<AsioTransport>> AsioTransport::create(TransportOptions options, const Clock& clock) {
    auto context = net::client_tls_context(options.authority_file, options.authority_pem);
    if (!context) {
        return std::unexpected(context.error());
    }
    return std::unique_ptr<AsioTransport>(
        new AsioTransport(std::make_unique<Parts>(std::move(options), clock, std::move(*context))));
}

AsioTransport::AsioTransport(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AsioTransport::~AsioTransport() = default;

LocalTime AsioTransport::now() const {
    return parts_->clock.now();
}

void AsioTransport::get(HttpRequest request, OnAnswer on_answer) {
    parts_->pool.get(std::move(request), std::move(on_answer));
}

std::unique_ptr<StreamConnection> AsioTransport::connect(std::string_view path, StreamListener& listener) {
    Url url = parts_->options.stream;
    url.path += path;
    return net::open_web_socket(parts_->io, parts_->tls, url, parts_->clock, listener,
                                parts_->options.connect_timeout_ms);
}

void AsioTransport::after(std::int64_t ms, std::function<void()> call) {
    net::call_after(parts_->io, ms, std::move(call));
}

void AsioTransport::run() {
    parts_->io.run();
}

void AsioTransport::run_for(std::int64_t ms) {
    parts_->io.run_for(std::chrono::milliseconds(ms));
    if (std::exchange(parts_->woken, false)) {
        parts_->io.restart();
    }
}

void AsioTransport::wake() {
    asio::post(parts_->io, [parts = parts_.get()] {
        parts->woken = true;
        parts->io.stop();
    });
}

void AsioTransport::stop() {
    parts_->io.stop();
}

}  // namespace virtuoso
