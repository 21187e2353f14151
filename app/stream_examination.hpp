// Waiting for data of every kind of topic on every route of an exchange.
#pragma once

#include "base/clock.hpp"
#include "exchange/exchange_dialect.hpp"
#include "net/asio_transport.hpp"

#include <set>
#include <string>
#include <vector>

namespace virtuoso::app {

/// What came of one topic.
struct TopicFinding {
    std::string topic;
    std::string kind;
    bool rare = false;  ///< its silence tells nothing
    bool acknowledged = false;
    std::string refusal;  ///< of the exchange, or of the decoder
    std::uint64_t frames = 0;
    double first_ms = 0;  ///< after the connection was opened
    std::set<std::string> unknown_fields;

    [[nodiscard]] bool is_missing() const { return frames == 0 && !rare; }
};

/// What came of one connection.
struct RouteFinding {
    std::string path;
    bool opened = false;
    double opened_ms = 0;
    std::string trouble;  ///< why it was not opened, or ended
    std::vector<TopicFinding> topics;
};

/// Where one connection is to be opened, and what is to be subscribed there.
struct RouteQuestion {
    std::string path;  ///< behind the stream's address
    std::vector<std::string> topics;
    std::vector<std::string> rare;
};

/// The questions that a symbol's topics are, one a route of the dialect.
[[nodiscard]] std::vector<RouteQuestion> questions_about(const ExchangeDialect& dialect,
                                                         const std::string& symbol, int book_depth);
/// All of them at one address, whatever the routes are.
[[nodiscard]] std::vector<RouteQuestion> questions_at(const ExchangeDialect& dialect,
                                                      const std::string& symbol, int book_depth,
                                                      std::string path);

/// Opens all connections, subscribes, and waits until data of every topic that is not rare came, at most
/// `limit_ms`.
[[nodiscard]] std::vector<RouteFinding> examine_routes(AsioTransport& transport, const Clock& clock,
                                                       const ExchangeDialect& dialect,
                                                       const std::vector<RouteQuestion>& questions,
                                                       std::int64_t limit_ms);

}  // namespace virtuoso::app
