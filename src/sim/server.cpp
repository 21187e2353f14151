#include "sim/server.hpp"

#include <algorithm>

namespace virtuoso::sim {

namespace {

constexpr std::int64_t advance_max_ms = 200;  ///< at once, so that sockets are served meanwhile

}  // namespace

Result<std::unique_ptr<SimServer>> SimServer::create(std::unique_ptr<ServedExchange> exchange,
                                                     ServerPorts ports, const Clock& clock) {
    std::unique_ptr<SimServer> simulation(new SimServer(std::move(exchange), clock));
    auto server = Server::create(
        {.ports = ports, .now_s = clock.now().ns / 1'000'000'000, .headers = {{"Server", "virtuoso-sim"}}},
        *simulation->exchange_);
    if (!server) {
        return std::unexpected(server.error());
    }
    simulation->server_ = std::move(*server);
    return simulation;
}

void SimServer::keep_time() {
    const std::int64_t now_ms = clock_.now().ns / 1'000'000;
    const std::int64_t next = std::min(now_ms, exchange_->now_ms() + advance_max_ms);
    exchange_->advance(next);
    // Behind: go on at once, after the sockets had their turn.
    server_->after(next < now_ms ? 0 : ServedExchange::slot_ms, [this] { keep_time(); });
}

void SimServer::run() {
    server_->after(0, [this] { keep_time(); });
    server_->run();
}

}  // namespace virtuoso::sim
