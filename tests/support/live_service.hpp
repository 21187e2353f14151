// A service on an exchange of this process, over real sockets.
#pragma once

#include "engine/embedded_exchange.hpp"
#include "engine/system_clock.hpp"
#include "exchange/bybit/dialect.hpp"
#include "net/url.hpp"
#include "service/service.hpp"
#include "sim/simulated_exchange.hpp"
#include "store/store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace virtuoso::test {

/// Waits until `true_now`, for a minute at most. False when it did not become true.
inline bool eventually(const std::function<bool()>& true_now) {
    constexpr int tries = 6'000;
    for (int i = 0; i < tries; ++i) {
        if (true_now()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

class LiveService {
  public:
    struct Options {
        std::size_t symbols = 6;
        std::vector<std::string> faults = {};
        std::int64_t stall_ns = 10'000'000'000;
        std::string log_file = {};
        LogLevel log_level = LogLevel::info;
        std::uint32_t shards = 1;
        std::size_t deep = 50;
        std::string store = {};  ///< a file of SQLite that is only read; empty: none
    };

    explicit LiveService(Options options) : options_(std::move(options)) {
        auto exchange = std::make_unique<sim::SimulatedExchange>(sim::SimExchangeOptions{
            .symbols = options_.symbols, .seed = 4, .start = {clock_.now().ns / 1'000'000}});
        for (const auto& fault : options_.faults) {
            exchange->faults().add(*sim::Fault::parse(fault, clock_.now().ns / 1'000'000));
        }
        exchange_ = *EmbeddedExchange::start(std::move(exchange), {}, "/v5/public/linear");
        log_ = *ServiceLog::open({.level = options_.log_level, .file = options_.log_file});
        service_ = std::make_unique<Service>(settings(), *log_, clock_);
    }

    [[nodiscard]] Service& service() { return *service_; }
    [[nodiscard]] ServiceLog& log() { return *log_; }
    [[nodiscard]] EmbeddedExchange& exchange() { return *exchange_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    void lose_exchange() { exchange_.reset(); }
    void start() { service_->start(); }
    /// Watches it as its owner does, until that is so. False after a minute.
    [[nodiscard]] bool becomes(const std::function<bool(const ServiceHealth&)>& so) {
        return eventually([&] {
            service_->watch();
            return so(service_->health(100));
        });
    }
    [[nodiscard]] bool becomes_whole() {
        return becomes(
            [this](const ServiceHealth& health) { return health.ready && health.whole == options_.symbols; });
    }

  private:
    [[nodiscard]] ServiceSettings settings() {
        ServiceSettings settings;
        settings.live.stall_ns = options_.stall_ns;
        settings.live.ranking.options.count = options_.deep;
        settings.store.exchange = "sim";
        if (!options_.store.empty()) {
            settings.store.open_to_read = [file = options_.store] {
                return open_store(*StoreAddress::parse(file), StoreUse::read);
            };
        }
        for (std::uint32_t shard = 0; shard < options_.shards; ++shard) {
            ShardPlan plan;
            plan.settings.shard = shard;
            plan.settings.feed.seed = shard + 1;
            plan.settings.feed.book_depth = 50;
            plan.settings.feed.partition = {.index = shard, .count = options_.shards};
            plan.transport = {.rest = *Url::parse(exchange_->rest_url(), "rest"),
                              .stream = *Url::parse(exchange_->stream_url(), "stream"),
                              .authority_pem = exchange_->certificate_pem()};
            plan.dialect = [] { return std::make_unique<bybit::BybitDialect>(); };
            settings.shards.push_back(std::move(plan));
        }
        return settings;
    }

    Options options_;
    SystemClock clock_;
    std::unique_ptr<EmbeddedExchange> exchange_;
    std::unique_ptr<ServiceLog> log_;
    std::unique_ptr<Service> service_;
};

}  // namespace virtuoso::test
