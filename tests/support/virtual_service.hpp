// One shard of the service in virtual time, and the exchange that it follows: faults of minutes take seconds.
#pragma once

#include "exchange/bybit/dialect.hpp"
#include "service/shard_session.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::test {

class VirtualService final : public ShardOutput {
  public:
    static constexpr int depth = 50;
    static constexpr std::int64_t start_ms = 1'795'567'266'970;

    /// `clock_ahead_ms`: this machine's clock before the exchange's.
    explicit VirtualService(std::size_t symbols, std::int64_t clock_ahead_ms = 0)
        : exchange({.symbols = symbols, .seed = 9, .start = {start_ms}}),
          network(exchange, 3, clock_ahead_ms),
          clock_(network),
          session(settings(), network, std::make_unique<bybit::BybitDialect>(), clock_, *this) {
        network.on_request = [this] { request_times_ms.push_back(now_ms()); };
        session.start();
    }

    void run(std::int64_t ms) {
        constexpr std::int64_t turn_ms = 2 * sim::ServedExchange::slot_ms;
        for (std::int64_t passed = 0; passed < ms; passed += turn_ms) {
            network.run(turn_ms);
            session.turn();
        }
    }
    void put(ShardMessage message) override {
        if (const auto* const result = std::get_if<ResultPointer>(&message)) {
            results[(*result)->symbol] = *result;
        } else if (const auto* const notice = std::get_if<FeedNotice>(&message)) {
            notices.push_back(notice->text);
        }
    }

    [[nodiscard]] std::vector<std::string> symbols() { return session.feed().symbols(); }
    /// Of all symbols, with their names.
    [[nodiscard]] std::vector<std::string> concerns() {
        std::vector<std::string> all;
        for (const auto& name : symbols()) {
            for (const auto& concern : session.feed().concerns(name)) {
                all.push_back(name + ": " + concern);
            }
        }
        return all;
    }
    /// Without holes in the trades that the exchange no longer fills: they stay until they left the tape.
    [[nodiscard]] std::vector<std::string> concerns_now() {
        auto all = concerns();
        std::erase_if(all, [](const std::string& text) {
            return text.find("were lost") != std::string::npos ||
                   text.find("could not be loaded") != std::string::npos;
        });
        return all;
    }
    /// Books that are not the exchange's, the newest update may be on its way; those that cannot be read are
    /// among them.
    [[nodiscard]] std::vector<std::string> wrong_books() {
        std::vector<std::string> wrong;
        for (const auto& name : symbols()) {
            const TrackedSymbol* const symbol = session.session().find(name);
            const auto book =
                symbol == nullptr ? std::unexpected(BookFault::no_snapshot) : symbol->state.book().view();
            if (!book) {
                wrong.push_back(name + ": " + std::string(name_of(book.error())));
                continue;
            }
            sim::BookTopic::Digest digest;
            const auto add = [&](Price price, Size size) {
                digest.add(price.units, size.units);
                return true;
            };
            book->walk_bids(add);
            book->walk_asks(add);
            const auto* const truth = exchange.book_topic(fmt::format("orderbook.{}.{}", depth, name));
            if (truth->truth(book->update_id(), book->time().ms) != digest.value() ||
                book->update_id() + 1 < truth->update_id()) {
                wrong.push_back(fmt::format("{} at {}", name, book->update_id()));
            }
        }
        return wrong;
    }
    /// The newest closed candles of a symbol: how far back histories reach depends on when they were asked
    /// for.
    [[nodiscard]] std::string candles_of(const std::string& name) {
        constexpr std::size_t compared = 100;
        const SymbolState& state = session.session().find(name)->state;
        std::string text;
        for (const Timeframe timeframe : all_timeframes) {
            const auto& closed = state.candles().series(timeframe).closed();
            for (std::size_t i = closed.size() - std::min(closed.size(), compared); i < closed.size(); ++i) {
                const Candle candle = closed[i];
                text += fmt::format("{} {} {} {} {} {} {:.6f}\n", static_cast<int>(timeframe),
                                    candle.open_time.ms, candle.open.units, candle.high.units,
                                    candle.low.units, candle.close.units, candle.volume);
            }
        }
        return text;
    }
    [[nodiscard]] Confluence score_of(const std::string& name) {
        return session.session().evaluate(*session.session().find(name));
    }
    /// Symbols that are said to be whole.
    [[nodiscard]] std::size_t unconcerned() {
        const auto names = symbols();
        return static_cast<std::size_t>(std::ranges::count_if(
            names, [this](const auto& name) { return session.feed().concerns(name).empty(); }));
    }
    /// Most requests within any so many milliseconds since `since_ms`.
    [[nodiscard]] std::size_t most_requests_within(std::int64_t ms, std::int64_t since_ms) const {
        const auto& times = request_times_ms;
        std::size_t most = 0;
        std::size_t first = 0;
        for (std::size_t last = 0; last < times.size(); ++last) {
            while (times[last] - times[first] >= ms || times[first] < since_ms) {
                if (++first > last) {
                    break;
                }
            }
            most = std::max(most, first > last ? 0 : last - first + 1);
        }
        return most;
    }
    [[nodiscard]] std::int64_t now_ms() const { return network.now().ns / 1'000'000; }

  private:
    class NetworkClock final : public Clock {
      public:
        explicit NetworkClock(const VirtualNetwork& network) : network_(network) {}
        [[nodiscard]] LocalTime now() const override { return network_.now(); }

      private:
        const VirtualNetwork& network_;
    };

    static ShardSettings settings() {
        ShardSettings settings;
        settings.feed.book_depth = depth;
        settings.feed.seed = 1;
        settings.interval_ns = 5'000'000'000;
        return settings;
    }

  public:
    sim::SimulatedExchange exchange;
    VirtualNetwork network;
    std::map<std::string, ResultPointer, std::less<>> results;  ///< the newest of each symbol
    std::vector<std::string> notices;
    std::vector<std::int64_t> request_times_ms;

  private:
    NetworkClock clock_;

  public:
    ShardSession session;
};

}  // namespace virtuoso::test
