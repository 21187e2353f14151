// Options and set-up of every command that talks to an exchange.
#pragma once

#include "engine/embedded_exchange.hpp"
#include "engine/live_session.hpp"
#include "engine/system_clock.hpp"
#include "exchange/exchange_dialect.hpp"
#include "net/asio_transport.hpp"
#include "sim/faults.hpp"
#include "subcommand.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace virtuoso::app {

struct LiveArguments {
    std::string exchange = "bybit";
    std::string rest_url;
    std::string stream_url;
    std::string region = "global";
    std::string authority_file;
    std::vector<std::string> symbols;
    std::size_t symbols_max = 0;
    std::vector<std::string> excluded;
    std::vector<std::string> asset_classes = {"crypto"};
    int depth = 200;
    bool retry = false;
    double duration_seconds = 0;  ///< from the start on; 0: no end
    double connection_lifetime_seconds = 0;
    std::size_t sim_symbols = 560;
    std::uint64_t sim_seed = 1;
    std::vector<std::string> sim_faults;

    void add_to(Subcommand& command);
    /// Addresses and the simulated exchange only: for commands that follow no symbols.
    void add_addresses_to(Subcommand& command);
};

/// The simulated exchange, if it was asked for, the transport, the feed and the session, in the order in
/// which they have to live.
class LiveConnection {
  public:
    /// Errors: argument, network, tls, file_open.
    [[nodiscard]] static Result<std::unique_ptr<LiveConnection>> open(const LiveArguments& arguments,
                                                                      LiveOptions options);

    [[nodiscard]] AsioTransport& transport() noexcept { return *transport_; }
    [[nodiscard]] Feed& feed() noexcept { return *feed_; }
    [[nodiscard]] LiveSession& session() noexcept { return *session_; }
    [[nodiscard]] const Clock& clock() const noexcept { return clock_; }

    /// Starts the feed and works until the instruments are known or it was interrupted. Error: network or
    /// tls, within ten seconds unless `retry`, and when the duration is over.
    [[nodiscard]] Result<void> wait_until_started(bool retry);

    /// Works until it is interrupted, the duration is over, or `each(now)`, which is called after every slice
    /// of 20 ms, says false.
    void work(const std::function<bool(LocalTime)>& each);

  private:
    [[nodiscard]] bool is_over() const;

    SystemClock clock_;
    LocalTime begun_;
    double seconds_ = 0;
    std::unique_ptr<EmbeddedExchange> embedded_;
    std::unique_ptr<AsioTransport> transport_;
    std::unique_ptr<LiveSession> session_;
    std::unique_ptr<Feed> feed_;
};

/// Addresses that the arguments mean; starts the simulated exchange when it is the one.
[[nodiscard]] Result<TransportOptions> transport_options(const LiveArguments& arguments,
                                                         std::unique_ptr<EmbeddedExchange>& embedded);

/// `seed`: of the feed's jitter.
[[nodiscard]] FeedOptions feed_options(const LiveArguments& arguments, std::uint64_t seed);

/// How to speak to the exchange of that name.
[[nodiscard]] std::unique_ptr<const ExchangeDialect> dialect_of(std::string_view exchange);

/// Faults as the command line gives them. Error: argument.
[[nodiscard]] Result<void> add_faults(const std::vector<std::string>& texts, sim::FaultPlan& faults);

}  // namespace virtuoso::app
