// A live session under every fault in virtual time, whose memory is told apart from the exchange's. Link
// counted_memory.cpp.
#pragma once

#include "engine/live_session.hpp"
#include "exchange/bybit/dialect.hpp"
#include "exchange/perpetual_feed.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/counted_memory.hpp"
#include "support/random_fault.hpp"
#include "support/virtual_network.hpp"

#include <algorithm>
#include <limits>

namespace virtuoso::test {

/// What an exchange asks for is its own.
class CountedExchange final : public sim::ServedExchange {
  public:
    explicit CountedExchange(const sim::SimExchangeOptions& options) {
        const MemoryScope scope(MemoryOwner::exchange);
        exchange_ = std::make_unique<sim::SimulatedExchange>(options);
    }

    [[nodiscard]] sim::SimulatedExchange& simulated() noexcept { return *exchange_; }
    void advance(std::int64_t now_ms) override {
        const MemoryScope scope(MemoryOwner::exchange);
        exchange_->advance(now_ms);
    }
    [[nodiscard]] std::int64_t now_ms() const noexcept override { return exchange_->now_ms(); }
    [[nodiscard]] ServerAnswer answer(const ServerRequest& request) override {
        const MemoryScope scope(MemoryOwner::exchange);
        return exchange_->answer(request);
    }
    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override {
        return exchange_->streams_at(path);
    }
    void join(ServerPeer& peer, std::string_view target) override {
        const MemoryScope scope(MemoryOwner::exchange);
        exchange_->join(peer, target);
    }
    void leave(ServerPeer& peer) override { exchange_->leave(peer); }
    void receive(ServerPeer& peer, std::string_view text) override {
        const MemoryScope scope(MemoryOwner::exchange);
        exchange_->receive(peer, text);
    }
    [[nodiscard]] bool tls_fails() override { return exchange_->tls_fails(); }

  private:
    std::unique_ptr<sim::SimulatedExchange> exchange_;
};

struct SessionMemory {
    std::int64_t symbols = 0;  ///< state and analysis, by their own account: they grow to what is to be kept
    std::int64_t others = 0;   ///< everything else of the session: feed, queues, market, what is under way
};

class FaultySession {
  public:
    FaultySession(std::size_t symbols, std::uint64_t seed)
        : exchange_({.symbols = symbols, .seed = seed, .start = {1'795'567'266'970}}),
          network_(exchange_, 3),
          session_({}),
          feed_(network_, std::make_unique<bybit::BybitDialect>(), session_,
                {.book_depth = 50, .instruments_every_ms = 20'000, .seed = seed}),
          random_(seed) {
        session_.set_feed(feed_);
        feed_.start();
    }

    /// A minute of random faults, with an evaluation a second.
    void misbehave_for_a_minute() {
        std::int64_t next_fault_ms = exchange_.now_ms();
        for (int second = 0; second < seconds_a_minute; ++second) {
            while (exchange_.now_ms() >= next_fault_ms) {
                const MemoryScope scope(MemoryOwner::exchange);
                exchange_.simulated().faults().add(random_fault(random_, exchange_.now_ms()));
                next_fault_ms += 500 + static_cast<std::int64_t>(random_.below(7'500));
            }
            second_passes();
        }
    }
    /// The least of some seconds without faults: what is under way is not what is kept.
    [[nodiscard]] SessionMemory memory_at_rest() {
        exchange_.simulated().faults().clear();
        SessionMemory least{.others = std::numeric_limits<std::int64_t>::max()};
        for (int second = 0; second < seconds_a_minute; ++second) {
            second_passes();
            const SessionMemory now = memory();
            least = now.others < least.others ? now : least;
        }
        return least;
    }
    [[nodiscard]] SessionMemory memory() {
        SessionMemory result;
        for (const auto& symbol : session_.pipeline().symbols()) {
            result.symbols += static_cast<std::int64_t>(symbol->bytes());
        }
        result.others = live_bytes(MemoryOwner::program) - result.symbols;
        return result;
    }
    [[nodiscard]] const Feed& feed() const noexcept { return feed_; }
    [[nodiscard]] std::uint64_t faults_struck() { return exchange_.simulated().faults().struck(); }

  private:
    static constexpr int seconds_a_minute = 60;

    void second_passes() {
        network_.run(ms_per_second);
        for (const auto& symbol : session_.pipeline().symbols()) {
            evaluated_ += session_.evaluate(*symbol).partial_score.has_value() ? 1U : 0U;
        }
    }

    CountedExchange exchange_;
    VirtualNetwork network_;
    LiveSession session_;
    PerpetualFeed feed_;
    SeededRandom random_;
    std::uint64_t evaluated_ = 0;
};

}  // namespace virtuoso::test
