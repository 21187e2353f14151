#include "command.hpp"
#include "engine/embedded_exchange.hpp"
#include "exchange/sim/simulated_exchange.hpp"
#include "live_connection.hpp"

#include <chrono>
#include <fstream>
#include <memory>
#include <thread>

namespace virtuoso::app {

namespace {

struct Arguments {
    sim::SimExchangeOptions market;
    sim::SimPorts ports{.plain = 8090, .tls = 8443};
    std::vector<std::string> faults;
    std::string certificate_file;
};

int run_sim(Arguments& arguments) {
    arguments.market.start = {SystemClock().now().ns / 1'000'000};
    auto market = std::make_unique<sim::SimulatedExchange>(arguments.market);
    if (const auto added = add_faults(arguments.faults, market->faults()); !added) {
        return report(added.error());
    }
    watch_for_interrupts();
    const auto exchange = EmbeddedExchange::start(std::move(market), arguments.ports, "/v5/public/linear");
    if (!exchange) {
        return report(exchange.error());
    }
    if (!arguments.certificate_file.empty()) {
        std::ofstream file(arguments.certificate_file);
        if (!(file << (*exchange)->certificate_pem()) || !file.flush()) {
            return report({ErrorCode::file_write, fmt::format("--certificate {} cannot be written",
                                                              in_quotes(arguments.certificate_file))});
        }
    }
    const auto& server = (*exchange)->server();
    fmt::print(
        "simulated exchange, {} contracts, seed {}\n"
        "  plain  http://127.0.0.1:{}   ws://127.0.0.1:{}/v5/public/linear\n"
        "  TLS    https://127.0.0.1:{}  wss://127.0.0.1:{}/v5/public/linear\n"
        "  faults curl -d drop:p=0.01,match=orderbook http://127.0.0.1:{}/admin/faults\n",
        arguments.market.symbols, arguments.market.seed, server.port(), server.port(), server.tls_port(),
        server.tls_port(), server.port());
    std::fflush(stdout);
    while (!interrupted()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return exit_ok;
}

}  // namespace

void add_sim(CLI::App& app, Run& run) {
    auto arguments = std::make_shared<Arguments>();
    auto* const command = app.add_subcommand(
        "sim", "A simulated exchange on loopback that speaks Bybit's protocol (docs/simulation.md)");
    command->add_option("--port", arguments->ports.plain, "Plain HTTP and WebSocket; 0: any free one")
        ->capture_default_str();
    command->add_option("--tls-port", arguments->ports.tls, "HTTPS and WSS; 0: any free one")
        ->capture_default_str();
    command->add_option("--symbols", arguments->market.symbols, "Contracts")
        ->capture_default_str()
        ->check(CLI::Range(1, 2'000));
    command->add_option("--seed", arguments->market.seed, "The same seed makes the same market")
        ->capture_default_str();
    command->add_option("--fault", arguments->faults,
                        "For example drop:p=0.01,match=orderbook or 429:p=0.05,for=60; may be repeated");
    command->add_option("--certificate", arguments->certificate_file,
                        "Write the certificate here, for clients' --ca-file");
    command->callback([arguments, &run] { run = [arguments] { return run_sim(*arguments); }; });
}

}  // namespace virtuoso::app
