#include "command.hpp"
#include "engine/embedded_exchange.hpp"
#include "engine/recorded_source.hpp"
#include "live_connection.hpp"
#include "output.hpp"
#include "output_target.hpp"
#include "signals.hpp"
#include "sim/recorded_exchange.hpp"
#include "sim/simulated_binance.hpp"
#include "sim/simulated_exchange.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace virtuoso::app {

namespace {

struct Arguments {
    sim::SimExchangeOptions market;
    ServerPorts ports{.plain = 8090, .tls = 8443};
    std::vector<std::string> recordings;
    sim::RecordedExchangeOptions playback;
    std::vector<std::string> faults;
    std::string certificate_file;
    bool force = false;
    std::string exchange = "bybit";
    double connection_lifetime_seconds = 0;
};

struct Made {
    std::unique_ptr<sim::ServedExchange> exchange;
    std::string stream_path;
    std::string title;
};

Result<Made> make_recorded(const Arguments& arguments) {
    auto market = sim::RecordedMarket::open(records_of(arguments.recordings));
    if (!market) {
        return std::unexpected(market.error());
    }
    const sim::RecordedMarket& recorded = **market;
    const auto seconds = static_cast<double>(recorded.last() - recorded.first()) / 1e9;
    std::string title = fmt::format(
        "{} recorded, {} contracts, {} topics, {:.0f} s from {}; it plays from the first subscription on",
        recorded.exchange(), recorded.symbols().size(), recorded.topics().size(), seconds,
        iso_text({recorded.first().ns / 1'000'000}));
    const char* const path = recorded.exchange() == "bybit" ? "/v5/public/linear" : "";
    auto exchange = sim::RecordedExchange::make(std::move(*market), arguments.playback);
    if (const auto added = add_faults(arguments.faults, exchange->faults()); !added) {
        return std::unexpected(added.error());
    }
    return Made{std::move(exchange), path, std::move(title)};
}

template <typename Exchange>
Result<Made> make_model(const Arguments& arguments, std::string stream_path) {
    auto exchange = std::make_unique<Exchange>(arguments.market);
    if (const auto added = add_faults(arguments.faults, exchange->faults()); !added) {
        return std::unexpected(added.error());
    }
    return Made{std::move(exchange), std::move(stream_path),
                fmt::format("simulated exchange, {} contracts, seed {}", arguments.market.symbols,
                            arguments.market.seed)};
}

Result<Made> make(const Arguments& arguments) {
    if (!arguments.recordings.empty()) {
        return make_recorded(arguments);
    }
    return arguments.exchange == "bybit" ? make_model<sim::SimulatedExchange>(arguments, "/v5/public/linear")
                                         : make_model<sim::SimulatedBinance>(arguments, "");
}

int run_sim(Arguments& arguments) {
    const std::int64_t now_ms = SystemClock().now().ns / 1'000'000;
    arguments.market.start = {now_ms};
    arguments.playback.start_ms = now_ms;
    arguments.market.connection_lifetime_ms = arguments.playback.connection_lifetime_ms =
        static_cast<std::int64_t>(arguments.connection_lifetime_seconds * 1'000);
    auto made = make(arguments);
    if (!made) {
        return report(made.error());
    }
    std::optional<OutputFile> certificate;
    if (!arguments.certificate_file.empty()) {
        auto file = open_output(OutputKind::certificate, "--certificate", arguments.certificate_file,
                                arguments.recordings, arguments.force);
        if (!file) {
            return report(file.error());
        }
        certificate.emplace(std::move(*file));
    }
    watch_for_interrupts();
    const auto exchange =
        EmbeddedExchange::start(std::move(made->exchange), arguments.ports, made->stream_path);
    if (!exchange) {
        return report(exchange.error());
    }
    if (certificate) {
        const auto written = write_whole(*certificate, fmt::format("{}{}", mark_of(OutputKind::certificate),
                                                                   (*exchange)->certificate_pem()));
        if (!written) {
            return report(written.error());
        }
    }
    const auto& server = (*exchange)->server();
    print(
        "{}\n"
        "  plain  http://127.0.0.1:{}   ws://127.0.0.1:{}{}\n"
        "  TLS    https://127.0.0.1:{}  wss://127.0.0.1:{}{}\n"
        "  faults curl -d drop:p=0.01 http://127.0.0.1:{}/admin/faults\n",
        made->title, server.port(), server.port(), made->stream_path, server.tls_port(), server.tls_port(),
        made->stream_path, server.port());
    if (const auto shown = finish_output(); !shown) {
        return report(shown.error());
    }
    while (!interrupted()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return exit_ok;
}

}  // namespace

void add_sim(CommandLine& line) {
    auto arguments = std::make_shared<Arguments>();
    auto command = line.subcommand("sim",
                                   "An exchange on loopback: a market model behind Bybit's or Binance's "
                                   "protocol, or recordings served as live");
    command.option("recordings", arguments->recordings,
                   "Journals or captures of one exchange to serve instead of the market model");
    command.option("--port", arguments->ports.plain, "Plain HTTP and WebSocket; 0: any free one")
        .default_shown();
    command.option("--tls-port", arguments->ports.tls, "HTTPS and WSS; 0: any free one").default_shown();
    command.option("--symbols", arguments->market.symbols, "Contracts of the model")
        .default_shown()
        .between(1, 2'000);
    command
        .option(
            "--activity", arguments->market.activity,
            "Of the model: so many times the usual orders; 560 contracts send about 1 700 messages/s at 1, "
            "20 000 at 170")
        .default_shown()
        .between(0.1, 1'000.0);
    command
        .option("--exchange", arguments->exchange, "Whose protocol the model speaks: bybit or binance-usdm")
        .default_shown()
        .one_of({"bybit", "binance-usdm"});
    command
        .option("--connection-lifetime", arguments->connection_lifetime_seconds,
                "Hang up on every stream after so many seconds; default: what the exchange does")
        .positive();
    command.option("--seed", arguments->market.seed, "The same seed makes the same market").default_shown();
    command.option("--speed", arguments->playback.speed, "Of recordings: times as fast as they happened")
        .default_shown()
        .between(0.01, 1'000.0);
    command.flag("--shift-times", arguments->playback.moves_times,
                 "Of recordings: move all times so that they begin now; else the exchange's clock is theirs");
    command.option("--fault", arguments->faults,
                   "For example drop:p=0.01,match=orderbook or 429:p=0.05,for=60; may be repeated");
    command.option("--certificate", arguments->certificate_file,
                   "Write the certificate here, for clients' --ca-file");
    add_force_to(command, arguments->force);
    command.runs([arguments] { return run_sim(*arguments); });
}

}  // namespace virtuoso::app
