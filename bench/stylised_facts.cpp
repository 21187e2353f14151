// The simulated market, measured: a day of it without sockets, as CSV for scripts/stylised_facts.py.
//   stylised_facts [HOURS] [SYMBOLS] [SEED]
#include "sim/market_model.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

namespace virtuoso::bench {

namespace {

constexpr std::size_t distances = 100;
constexpr std::int64_t book_every_ms = 10'000;
constexpr ExchangeTime start{1'795'564'800'000};

using Profile = std::array<double, distances>;

/// Adds the size at every distance from the touch, in ticks.
void add_depth(const sim::SimBook& book, Profile& profile, std::vector<sim::SimBook::Level>& levels) {
    for (const bool bid : {true, false}) {
        book.top(bid, distances, levels);
        for (const auto& level : levels) {
            const std::int64_t distance =
                bid ? levels.front().tick - level.tick : level.tick - levels.front().tick;
            if (distance < static_cast<std::int64_t>(distances)) {
                profile[static_cast<std::size_t>(distance)] += static_cast<double>(level.steps);
            }
        }
    }
}

void measure(std::int64_t hours, std::size_t symbols, std::uint64_t seed) {
    sim::MarketModel model(symbols, seed, start);
    std::vector<Profile> profiles(symbols, Profile{});
    std::vector<sim::SimBook::Level> levels;
    for (std::int64_t now = start.ms; now < start.ms + hours * ms_per_hour; now += book_every_ms) {
        model.advance(now + book_every_ms);
        for (std::size_t i = 0; i < symbols; ++i) {
            sim::SymbolMarket& market = model.market(i);
            const auto& instrument = market.instrument();
            const auto& book = market.book();
            fmt::print("spread,{},{},{:.6g},{}\n", instrument.symbol, book.best_ask() - book.best_bid(),
                       1e4 * static_cast<double>(book.best_ask() - book.best_bid()) /
                           static_cast<double>(book.best_bid()),
                       instrument.price_of(market.last_tick()));
            add_depth(book, profiles[i], levels);
            if ((now + book_every_ms) % ms_per_minute == 0) {
                fmt::print("close,{},{},{}\n", instrument.symbol, now + book_every_ms,
                           instrument.price_of(market.last_tick()));
            }
            market.forget_trades();
            market.forget_liquidations();
        }
    }
    const double snapshots = 2.0 * static_cast<double>(hours * ms_per_hour / book_every_ms);
    for (std::size_t i = 0; i < symbols; ++i) {
        for (std::size_t distance = 0; distance < distances; ++distance) {
            fmt::print("depth,{},{},{:.6g}\n", model.market(i).instrument().symbol, distance,
                       profiles[i][distance] / snapshots);
        }
    }
}

}  // namespace

}  // namespace virtuoso::bench

int main(int count, char** arguments) {
    const auto number = [&](int index, long absent) {
        return count > index ? std::strtol(arguments[index], nullptr, 10) : absent;
    };
    virtuoso::bench::measure(number(1, 24), static_cast<std::size_t>(number(2, 6)),
                             static_cast<std::uint64_t>(number(3, 1)));
    return 0;
}
