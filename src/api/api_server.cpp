#include "api/api_server.hpp"

#include "service/listen_address.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

constexpr ServerLimits limits{.connections_max = 2'048,
                              .body_bytes_max = std::uint64_t{64} << 10,
                              .message_bytes_max = std::size_t{64} << 10,
                              .unsent_bytes_max = std::size_t{1} << 20,
                              .send_buffer_bytes = 128 << 10,
                              .idle_ms = 60'000,
                              .silence_ms = 30'000};

/// Nobody is asked yet who they are: it has to be this machine.
Result<ListenAddress> own_address(const std::string& text) {
    auto listen = ListenAddress::parse(text);
    if (!listen) {
        return fail(listen.error().code, fmt::format("[api] listen: {}", listen.error().message));
    }
    listen->host = listen->host == "localhost" ? "127.0.0.1" : listen->host;
    if (!listen->host.starts_with("127.") && listen->host != "::1") {
        return fail(ErrorCode::argument,
                    fmt::format("[api] listen = {} is reached from other machines, and nothing asks who they "
                                "are: write 127.0.0.1:8080 or [::1]:8080, and let a proxy that does ask pass "
                                "requests on",
                                in_quotes(text)));
    }
    return listen;
}

}  // namespace

Result<std::unique_ptr<ApiServer>> ApiServer::start(const std::string& listen, Service& service,
                                                    ApiSettings settings) {
    const auto where = own_address(listen);
    if (!where) {
        return std::unexpected(where.error());
    }
    const bool six = where->host.find(':') != std::string::npos;
    const std::string host = six ? fmt::format("[{}]", where->host) : where->host;
    settings.hosts.insert(settings.hosts.end(), {host, "localhost"});
    std::unique_ptr<ApiServer> api(new ApiServer(service, std::move(settings)));
    auto server = Server::create({.address = where->host,
                                  .ports = {.plain = where->port},
                                  .tls = false,
                                  .limits = limits,
                                  .headers = {{"Server", "virtuoso"},
                                              {"Cache-Control", "no-store"},
                                              {"X-Content-Type-Options", "nosniff"},
                                              {"Referrer-Policy", "no-referrer"}}},
                                 api->routes_);
    if (!server) {
        return fail(server.error().code, fmt::format("[api] listen = {}: {} (--listen)", in_quotes(listen),
                                                     server.error().message));
    }
    api->server_ = std::move(*server);
    api->url_ = fmt::format("http://{}:{}", host, api->server_->port());
    api->tick();
    api->thread_ = std::thread([serving = api->server_.get()] { serving->run(); });
    return api;
}

ApiServer::~ApiServer() {
    if (thread_.joinable()) {
        server_->after(0, [this] { end(); });
        thread_.join();
    }
}

void ApiServer::tick() {
    routes_.streams().tick();
    server_->after(StreamDesk::interval_ms, [this] { tick(); });
}

void ApiServer::end() {
    constexpr int turns = 25;
    routes_.streams().close_all();
    end_without_clients(turns);
}

// Clients get a moment to answer, so that they learn why the connection ends.
void ApiServer::end_without_clients(int turns) {
    constexpr std::int64_t turn_ms = 20;
    if (turns == 0 || routes_.streams().clients() == 0) {
        server_->stop();
        return;
    }
    server_->after(turn_ms, [this, turns] { end_without_clients(turns - 1); });
}

}  // namespace virtuoso
