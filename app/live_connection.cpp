#include "live_connection.hpp"

#include "exchange/binance/dialect.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/bybit/region.hpp"
#include "exchange/perpetual_feed.hpp"
#include "signals.hpp"
#include "sim/simulated_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace virtuoso::app {

namespace {

constexpr std::int64_t start_limit_ms = 9'000;
constexpr std::int64_t trouble_limit_ms = 3'000;  ///< a reason is known: no use in waiting longer
constexpr std::int64_t slice_ms = 20;
constexpr double ns_per_second = 1e9;

std::vector<std::string> region_names() {
    std::vector<std::string> names;
    names.reserve(bybit::regions.size());
    for (const auto& region : bybit::regions) {
        names.emplace_back(region.name);
    }
    return names;
}

std::vector<AssetClass> classes_named(const std::vector<std::string>& names) {
    std::vector<AssetClass> classes;
    for (const AssetClass asset_class : asset_classes) {
        if (std::ranges::find(names, name_of(asset_class)) != names.end()) {
            classes.push_back(asset_class);
        }
    }
    return classes;
}

}  // namespace

void LiveArguments::add_addresses_to(Subcommand& command) {
    command
        .option("--exchange", exchange,
                "bybit, binance-usdm, or sim: a simulated exchange inside this process")
        .default_shown()
        .one_of({"bybit", "binance-usdm", "sim"});
    command
        .option("--region", region,
                "Which of Bybit's sites; nl, eu, ae and bytick hear the streams of the global one")
        .default_shown()
        .one_of(region_names());
    command.option("--rest-url", rest_url, "REST address instead of the exchange's own");
    command.option("--stream-url", stream_url,
                   "WebSocket address instead of the exchange's own; its routes are appended");
    command.option("--ca-file", authority_file, "Trust this certificate authority too (PEM)");
    command.option("--sim-symbols", sim_symbols, "Contracts of the simulated exchange")
        .default_shown()
        .between(1, 2'000);
    command.option("--sim-seed", sim_seed, "Seed of the simulated exchange").default_shown();
    command.option("--sim-fault", sim_faults,
                   "A fault of the simulated exchange, for example drop:p=0.01,match=orderbook");
}

void LiveArguments::add_to(Subcommand& command) {
    add_addresses_to(command);
    command.option("--symbols", symbols, "Only these, separated by commas").separated_by(',');
    command.option("--symbols-max", symbols_max, "Only the so many most traded; 0: all").default_shown();
    command.option("--exclude", excluded, "All but these, separated by commas").separated_by(',');
    command
        .option("--asset-class", asset_classes,
                "What the contracts are about, separated by commas: crypto, stock, commodity, forex, other")
        .default_shown()
        .separated_by(',')
        .one_of({"crypto", "stock", "commodity", "forex", "other"});
    command.option("--depth", depth, "Levels a side of the order books: those that exchanges offer live")
        .default_shown()
        .one_of({1, 50, 200, 1000});
    command
        .option("--connection-lifetime", connection_lifetime_seconds,
                "Replace connections after so many seconds; default: before the exchange ends them")
        .positive();
    command.flag("--retry", retry, "Keep trying when the exchange cannot be reached");
    command.option("--duration", duration_seconds, "Stop so many seconds after the start; default: never")
        .positive();
}

std::unique_ptr<const ExchangeDialect> dialect_of(std::string_view exchange) {
    if (exchange == "binance-usdm") {
        return std::make_unique<binance::UsdmDialect>();
    }
    return std::make_unique<bybit::BybitDialect>();  // the simulated exchange speaks it, too
}

Result<void> add_faults(const std::vector<std::string>& texts, sim::FaultPlan& faults) {
    for (const auto& text : texts) {
        const auto fault = sim::Fault::parse(text, SystemClock().now().ns / 1'000'000);
        if (!fault) {
            return std::unexpected(fault.error());
        }
        faults.add(*fault);
    }
    return {};
}

Result<TransportOptions> transport_options(const LiveArguments& arguments,
                                           std::unique_ptr<EmbeddedExchange>& embedded) {
    const bool binance = arguments.exchange == "binance-usdm";
    const bybit::Region* const region = bybit::region_named(arguments.region);
    if (region == nullptr || (region != bybit::regions.data() && arguments.exchange != "bybit")) {
        return fail(ErrorCode::argument,
                    fmt::format("--region {} is one of Bybit's sites: it needs --exchange bybit",
                                in_quotes(arguments.region)));
    }
    std::string rest = binance ? "https://fapi.binance.com" : fmt::format("https://{}", region->rest_host);
    std::string stream =
        binance ? "wss://fstream.binance.com" : fmt::format("wss://{}/v5/public/linear", region->stream_host);
    rest = arguments.rest_url.empty() ? rest : arguments.rest_url;
    stream = arguments.stream_url.empty() ? stream : arguments.stream_url;
    TransportOptions options;
    if (arguments.exchange == "sim") {
        auto exchange = std::make_unique<sim::SimulatedExchange>(
            sim::SimExchangeOptions{.symbols = arguments.sim_symbols,
                                    .seed = arguments.sim_seed,
                                    .start = {SystemClock().now().ns / 1'000'000}});
        if (const auto added = add_faults(arguments.sim_faults, exchange->faults()); !added) {
            return std::unexpected(added.error());
        }
        auto started = EmbeddedExchange::start(std::move(exchange), {}, "/v5/public/linear");
        if (!started) {
            return std::unexpected(started.error());
        }
        embedded = std::move(*started);
        rest = embedded->rest_url();
        stream = embedded->stream_url();
        options.authority_pem = embedded->certificate_pem();
    }
    const auto rest_url = Url::parse(rest, "--rest-url");
    const auto stream_url = Url::parse(stream, "--stream-url");
    if (!rest_url || !stream_url) {
        return std::unexpected(rest_url ? stream_url.error() : rest_url.error());
    }
    options.rest = *rest_url;
    options.stream = *stream_url;
    options.stream.path = dialect_of(arguments.exchange)->base_path(stream_url->path);
    options.authority_file = arguments.authority_file;
    return options;
}

namespace {

/// An exchange's stream beside the REST of another would make one market of two.
Result<void> check_addresses(const LiveArguments& arguments) {
    const bool rest = !arguments.rest_url.empty();
    const bool stream = !arguments.stream_url.empty();
    if (arguments.exchange == "sim" && (rest || stream)) {
        return fail(
            ErrorCode::argument,
            "--exchange sim is inside this process: --rest-url and --stream-url do not go with it; to follow "
            "a simulated exchange elsewhere give --exchange bybit with both");
    }
    if (rest != stream) {
        return fail(ErrorCode::argument,
                    fmt::format("{} alone: {} would still be that of the exchange itself; give {} as well",
                                rest ? "--rest-url" : "--stream-url", rest ? "the stream" : "REST",
                                rest ? "--stream-url" : "--rest-url"));
    }
    return {};
}

void note_route(const std::string& given, const ExchangeDialect& dialect, const LiveOptions& options) {
    const auto url = Url::parse(given, "--stream-url");
    if (!url || !options.on_notice) {
        return;
    }
    const auto base = dialect.base_path(url->path);
    if (base.size() < url->path.size()) {
        options.on_notice(
            fmt::format("--stream-url: {} is one route of several: all of them are used, from {} on",
                        url->path, base.empty() ? "the host" : base));
    }
}

}  // namespace

FeedOptions feed_options(const LiveArguments& arguments, std::uint64_t seed) {
    return {.symbols = arguments.symbols,
            .symbols_max = arguments.symbols_max,
            .excluded = arguments.excluded,
            .asset_classes = classes_named(arguments.asset_classes),
            .book_depth = arguments.depth,
            .seed = seed,
            .connection_lifetime_ms =
                static_cast<std::int64_t>(arguments.connection_lifetime_seconds * ms_per_second)};
}

Result<std::unique_ptr<LiveConnection>> LiveConnection::open(const LiveArguments& arguments,
                                                             LiveOptions options) {
    if (const auto agreed = check_addresses(arguments); !agreed) {
        return std::unexpected(agreed.error());
    }
    std::unique_ptr<LiveConnection> connection(new LiveConnection());
    connection->begun_ = connection->clock_.now();
    connection->seconds_ = arguments.duration_seconds;
    auto addresses = transport_options(arguments, connection->embedded_);
    if (!addresses) {
        return std::unexpected(addresses.error());
    }
    auto transport = AsioTransport::create(std::move(*addresses), connection->clock_);
    if (!transport) {
        return std::unexpected(transport.error());
    }
    connection->transport_ = std::move(*transport);
    auto dialect = dialect_of(arguments.exchange);
    note_route(arguments.stream_url, *dialect, options);
    options.exchange = dialect->exchange();
    connection->session_ = std::make_unique<LiveSession>(std::move(options));
    FeedOptions feed = feed_options(arguments, static_cast<std::uint64_t>(connection->clock_.now().ns));
    connection->feed_ = std::make_unique<PerpetualFeed>(*connection->transport_, std::move(dialect),
                                                        *connection->session_, std::move(feed));
    connection->session_->set_feed(*connection->feed_);
    return connection;
}

bool LiveConnection::is_over() const {
    return interrupted() ||
           (seconds_ > 0 && static_cast<double>(clock_.now() - begun_) / ns_per_second >= seconds_);
}

Result<void> LiveConnection::wait_until_started(bool retry) {
    const LocalTime asked = clock_.now();
    feed_->start();
    while (feed_->symbols().empty() && !interrupted()) {
        transport_->run_for(slice_ms);
        const std::int64_t waited_ms = (clock_.now() - asked) / 1'000'000;
        const Error trouble = feed_->trouble();
        const bool known = !trouble.message.empty();
        const bool passes =
            trouble.code != ErrorCode::restricted_place && trouble.code != ErrorCode::unknown_symbol;
        if (!is_over() && (retry || (known && passes && waited_ms <= trouble_limit_ms) ||
                           (!known && waited_ms <= start_limit_ms))) {
            continue;
        }
        if (interrupted() || !feed_->symbols().empty()) {
            break;
        }
        if (known && !passes) {
            return std::unexpected(trouble);
        }
        const std::string why =
            known ? trouble.message
                  : fmt::format(
                        "the exchange did not answer {}: check the network, DNS and a proxy or firewall",
                        is_over() ? "before --duration was over" : "within 9 s");
        return fail(trouble.code, fmt::format("{}; `virtuoso doctor` checks each step{}", why,
                                              retry ? "" : ", --retry keeps trying"));
    }
    return {};
}

void LiveConnection::work(const std::function<bool(LocalTime)>& each) {
    while (!is_over()) {
        transport_->run_for(slice_ms);
        if (!each(clock_.now())) {
            return;
        }
    }
}

}  // namespace virtuoso::app
