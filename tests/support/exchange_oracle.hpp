// A live session against the simulated exchange, every step of it held against the exchange's own truth.
#pragma once

#include "engine/live_session.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace virtuoso::test {

class ExchangeOracle {
  public:
    static constexpr int depth = 200;
    static constexpr std::int64_t start_ms = 1'795'567'266'970;

    ExchangeOracle(std::size_t symbols, std::uint64_t seed)
        : exchange({.symbols = symbols, .seed = seed, .start = {start_ms}}),
          network(exchange, 3),
          session({.on_notice = [this](std::string_view text) { notices.emplace_back(text); },
                   .on_applied = [this](std::span<const MarketEvent> events) { look(events); }}),
          feed(network, std::make_unique<bybit::BybitDialect>(), session,
               {.book_depth = depth, .instruments_every_ms = 20'000, .seed = seed}) {
        session.set_feed(feed);
        feed.start();
    }

    /// Books that are served as valid and are not what the exchange had at that number, or are behind what it
    /// has told by now; empty is good. Lets what is under way arrive.
    [[nodiscard]] std::vector<std::string> differing_books() {
        std::map<std::string, std::uint64_t> told;
        for (const auto& name : feed.symbols()) {
            if (const auto* const truth = exchange.book_topic(topic(name))) {
                told[name] = truth->update_id();
            }
        }
        network.run(100);
        std::vector<std::string> found;
        for (const auto& name : feed.symbols()) {
            const TrackedSymbol* const symbol = session.find(name);
            const auto book =
                symbol == nullptr ? std::unexpected(BookFault::no_snapshot) : symbol->state.book().view();
            if (!book) {
                found.push_back(name + ": " + std::string(name_of(book.error())));
            } else if (!equals_truth(name, *book)) {
                found.push_back(name + ": differs");
            } else if (book->update_id() < told[name]) {
                found.push_back(fmt::format("{}: at {} of {}", name, book->update_id(), told[name]));
            }
        }
        return found;
    }

    /// Trades of the exchange since its start that never arrived, by symbol. Lets what is under way arrive.
    [[nodiscard]] std::map<std::string, std::int64_t> lost_trades() {
        std::map<std::string, std::int64_t> made;
        for (const auto& name : feed.symbols()) {
            made[name] = static_cast<std::int64_t>(exchange.model().find(name)->trade_count());
        }
        network.run(100);
        for (auto& [name, count] : made) {
            count -= static_cast<std::int64_t>(trade_ids[name].size());
        }
        return made;
    }

    sim::SimulatedExchange exchange;
    VirtualNetwork network;
    LiveSession session;
    PerpetualFeed feed;
    std::vector<std::string> notices;
    std::map<std::string, std::set<std::uint64_t>> trade_ids;  ///< since the start
    std::uint64_t books_checked = 0;
    std::vector<std::string> wrong_books;  ///< served as valid though they were not the exchange's

  private:
    static std::string topic(const std::string& name) { return fmt::format("orderbook.{}.{}", depth, name); }

    [[nodiscard]] bool equals_truth(const std::string& name, const BookView& book) const {
        sim::BookTopic::Digest digest;
        const auto visit = [&](Price price, Size size) {
            digest.add(price.units, size.units);
            return true;
        };
        book.walk_bids(visit);
        book.walk_asks(visit);
        const auto* const truth = exchange.book_topic(topic(name));
        return truth != nullptr && truth->truth(book.update_id(), book.time().ms) == digest.value();
    }

    void look(std::span<const MarketEvent> events) {
        for (const auto& event : events) {
            const std::string name(event.symbol);
            if (const auto* const trades = std::get_if<Trades>(&event.payload)) {
                for (const auto& print : trades->prints) {
                    if (print.time.ms >= start_ms) {
                        trade_ids[name].insert(print.id);
                    }
                }
                continue;
            }
            if (!std::holds_alternative<BookDelta>(event.payload) &&
                !std::holds_alternative<BookSnapshot>(event.payload)) {
                continue;
            }
            if (const auto book = session.find(name)->state.book().view()) {
                ++books_checked;
                if (!equals_truth(name, *book)) {
                    wrong_books.push_back(fmt::format("{} at {}", name, book->update_id()));
                }
            }
        }
    }
};

}  // namespace virtuoso::test
