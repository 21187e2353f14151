#include "engine/embedded_exchange.hpp"

#include <fmt/format.h>

namespace virtuoso {

Result<std::unique_ptr<EmbeddedExchange>> EmbeddedExchange::start(
    std::unique_ptr<sim::ServedExchange> exchange, ServerPorts ports, std::string stream_path) {
    std::unique_ptr<EmbeddedExchange> embedded(new EmbeddedExchange());
    auto server = sim::SimServer::create(std::move(exchange), ports, embedded->clock_);
    if (!server) {
        return std::unexpected(server.error());
    }
    embedded->stream_path_ = std::move(stream_path);
    embedded->server_ = std::move(*server);
    embedded->thread_ = std::thread([serving = embedded->server_.get()] { serving->run(); });
    return embedded;
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
    return fmt::format("wss://127.0.0.1:{}{}", server_->tls_port(), stream_path_);
}

}  // namespace virtuoso
