// A live session against the simulated Binance, every step of it held against the exchange's own truth.
#pragma once

#include "engine/live_session.hpp"
#include "exchange/binance/dialect.hpp"
#include "exchange/binance/stream_name.hpp"
#include "exchange/perpetual_feed.hpp"
#include "sim/simulated_binance.hpp"
#include "support/virtual_network.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace virtuoso::test {

class BinanceOracle {
  public:
    static constexpr std::int64_t start_ms = 1'795'567'266'970;
    static constexpr std::size_t top = sim::BinanceDepthTopic::top_levels;

    BinanceOracle(std::size_t symbols, std::uint64_t seed, bool history = true)
        : exchange({.symbols = symbols, .seed = seed, .start = {start_ms}}),
          network(exchange, 3),
          session({.exchange = "binance-usdm",
                   .on_notice = [this](std::string_view text) { notices.emplace_back(text); },
                   .on_applied = [this](std::span<const MarketEvent> events) { look(events); }}),
          feed(network, std::make_unique<binance::UsdmDialect>(), session,
               {.book_depth = 1'000, .history = history, .instruments_every_ms = 60'000, .seed = seed}) {
        session.set_feed(feed);
        feed.start();
    }

    /// Symbols that are said to be whole now; what they are not is added to `lies`.
    std::size_t examine_whole() {
        std::size_t whole = 0;
        for (const auto& name : feed.symbols()) {
            if (feed.concerns(name).empty()) {
                ++whole;
                examine(name);
            }
        }
        return whole;
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

    sim::SimulatedBinance exchange;
    VirtualNetwork network;
    LiveSession session;
    PerpetualFeed feed;
    std::vector<std::string> notices;
    std::map<std::string, std::set<std::uint64_t>> trade_ids;  ///< since the start
    std::uint64_t books_checked = 0;
    std::vector<std::string> wrong_books;  ///< served as valid though they were not the exchange's
    std::vector<std::string> lies;         ///< symbols that were said to be whole and were not

  private:
    static constexpr std::int64_t behind_max_ms = 20'000;
    static constexpr std::int64_t fresh_ms = 200;

    [[nodiscard]] const sim::BinanceDepthTopic* topic(const std::string& name) const {
        return exchange.depth_topic(binance::stream_symbol(name) + "@depth@100ms");
    }

    /// The book says so of its best levels: what it does not claim to know is not held against it.
    [[nodiscard]] static bool top_is_known(const BookView& book) {
        bool known = true;
        for (const bool bids : {true, false}) {
            const auto edge = bids ? book.bids_complete_to() : book.asks_complete_to();
            std::size_t levels = 0;
            const auto visit = [&](Price price, Size) {
                return !(edge && (bids ? price < *edge : price > *edge)) && ++levels < top;
            };
            bids ? book.walk_bids(visit) : book.walk_asks(visit);
            known = known && (!edge || levels == top);
        }
        return known;
    }

    /// nullopt: the exchange does not remember that update.
    [[nodiscard]] std::optional<bool> equals_truth(const std::string& name, const BookView& book) const {
        const auto* const depth = topic(name);
        const auto truth = depth == nullptr ? std::nullopt : depth->top_truth(book.update_id());
        if (!truth) {
            return std::nullopt;
        }
        sim::BookTopic::Digest digest;
        for (const bool bids : {true, false}) {
            std::size_t levels = 0;
            const auto visit = [&](Price price, Size size) {
                digest.add(price.units, size.units);
                return ++levels < top;
            };
            bids ? book.walk_bids(visit) : book.walk_asks(visit);
        }
        return digest.value() == *truth;
    }

    void lie(const std::string& name, std::string_view what) {
        lies.push_back(fmt::format("{} at {}: {}", name, iso_text({exchange.now_ms()}), what));
    }

    void examine(const std::string& name) {
        const TrackedSymbol* const symbol = session.find(name);
        const auto book =
            symbol == nullptr ? std::unexpected(BookFault::no_snapshot) : symbol->state.book().view();
        if (!book) {
            lie(name, name_of(book.error()));
            return;
        }
        const auto* const depth = topic(name);
        const std::uint64_t there = depth == nullptr ? 0 : depth->update_id();
        // A snapshot stands between two messages of the stream until the next one comes.
        const bool fresh = exchange.now_ms() - book->time().ms <= fresh_ms;
        const bool same = equals_truth(name, *book).value_or(book->update_id() > there || fresh);
        if (!same) {
            lie(name, "the book is another one");
        }
        if (exchange.now_ms() - symbol->state.ticker().time.ms > behind_max_ms) {
            lie(name, fmt::format("its ticker is of {}", iso_text(symbol->state.ticker().time)));
        }
        const auto& minutes = symbol->state.candles().series(Timeframe::m1).closed();
        if (minutes.empty() || exchange.now_ms() - minutes.back().open_time.ms > 3 * ms_per_minute) {
            lie(name, "its candles stand still");
        }
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
            const TrackedSymbol* const symbol = session.find(name);
            if (symbol == nullptr) {
                continue;
            }
            if (const auto book = symbol->state.book().view(); book && top_is_known(*book)) {
                const auto same = equals_truth(name, *book);
                books_checked += same.has_value() ? 1U : 0U;
                if (same == false) {
                    wrong_books.push_back(fmt::format("{} at {}", name, book->update_id()));
                }
            }
        }
    }
};

}  // namespace virtuoso::test
