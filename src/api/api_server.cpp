#include "api/api_server.hpp"

#include "base/thread_name.hpp"
#include "service/listen_address.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

ServerLimits limits_of(const ApiLimits& limits) {
    return {.connections_max = limits.connections,
            .address_connections_max = limits.connections_per_address,
            .header_bytes_max = limits.header_bytes,
            .body_bytes_max = limits.body_bytes,
            .message_bytes_max = std::size_t{64} << 10,
            .unsent_bytes_max = std::size_t{1} << 20,
            .send_buffer_bytes = 128 << 10,
            .idle_ms = 60'000,
            .silence_ms = 30'000};
}

/// Of every answer; answers that are pages have a policy of their own.
std::vector<HttpHeader> usual_headers() {
    return {{"Server", "virtuoso"},
            {"Cache-Control", "no-store"},
            {"X-Content-Type-Options", "nosniff"},
            {"X-Frame-Options", "DENY"},
            {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
            {"Cross-Origin-Resource-Policy", "same-origin"},
            {"Referrer-Policy", "no-referrer"}};
}

/// Without a token nobody is asked who they are: it has to be this machine.
Result<ListenAddress> address_of(const std::string& text, bool demands_token) {
    auto listen = ListenAddress::parse(text);
    if (!listen) {
        return fail(listen.error().code, fmt::format("[api] listen: {}", listen.error().message));
    }
    listen->host = listen->host == "localhost" ? "127.0.0.1" : listen->host;
    if (!demands_token && !listen->host.starts_with("127.") && listen->host != "::1") {
        return fail(ErrorCode::argument,
                    fmt::format("[api] listen = {} is reached from other machines, and nothing asks who they "
                                "are: demand a token with [api] token = \"file:PATH\" (openssl rand -hex 32 "
                                "makes one), or write 127.0.0.1:8080 or [::1]:8080",
                                in_quotes(text)));
    }
    return listen;
}

/// By which a service that listens there may be asked.
std::vector<std::string> own_hosts(const std::string& host) {
    if (host == "0.0.0.0" || host == "[::]") {
        return {host, "localhost", "127.0.0.1", "[::1]"};
    }
    return {host, "localhost"};
}

}  // namespace

Result<std::unique_ptr<ApiServer>> ApiServer::start(const std::string& listen, Service& service,
                                                    ApiSettings settings) {
    if (const auto unfit = settings.token.empty() ? std::nullopt : unfit_token(settings.token)) {
        return std::unexpected(*unfit);
    }
    const auto where = address_of(listen, !settings.token.empty());
    if (!where) {
        return std::unexpected(where.error());
    }
    const bool six = where->host.find(':') != std::string::npos;
    const std::string host = six ? fmt::format("[{}]", where->host) : where->host;
    const auto own = own_hosts(host);
    settings.hosts.insert(settings.hosts.end(), own.begin(), own.end());
    const ServerLimits limits = limits_of(settings.limits);
    std::unique_ptr<ApiServer> api(new ApiServer(service, std::move(settings)));
    auto server = Server::create({.address = where->host,
                                  .ports = {.plain = where->port},
                                  .tls = false,
                                  .limits = limits,
                                  .headers = usual_headers(),
                                  .subprotocol = std::string(stream_subprotocol)},
                                 api->routes_);
    if (!server) {
        return fail(server.error().code, fmt::format("[api] listen = {}: {} (--listen)", in_quotes(listen),
                                                     server.error().message));
    }
    api->server_ = std::move(*server);
    api->url_ = fmt::format("http://{}:{}", host, api->server_->port());
    api->tick();
    api->thread_ = std::thread([serving = api->server_.get()] {
        name_thread("api");
        serving->run();
    });
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
