#include "engine/embedded_exchange.hpp"

#include <fmt/format.h>

namespace virtuoso {

Result<std::unique_ptr<EmbeddedExchange>> EmbeddedExchange::start(const sim::SimServerOptions& options) {
    std::unique_ptr<EmbeddedExchange> exchange(new EmbeddedExchange());
    auto server = sim::SimServer::create(options, exchange->clock_);
    if (!server) {
        return std::unexpected(server.error());
    }
    exchange->server_ = std::move(*server);
    exchange->thread_ = std::thread([serving = exchange->server_.get()] { serving->run(); });
    return exchange;
}

EmbeddedExchange::~EmbeddedExchange() {
    if (server_) {
        server_->stop();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

std::string EmbeddedExchange::rest_url() const {
    return fmt::format("https://127.0.0.1:{}", server_->tls_port());
}

std::string EmbeddedExchange::stream_url() const {
    return fmt::format("wss://127.0.0.1:{}/v5/public/linear", server_->tls_port());
}

}  // namespace virtuoso
