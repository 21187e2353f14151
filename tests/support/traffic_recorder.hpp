// Traffic of a feed, kept as it came, and written to journals after whatever a test does to it.
#pragma once

#include "exchange/bybit/dialect.hpp"
#include "exchange/feed.hpp"
#include "exchange/perpetual_feed.hpp"
#include "journal/journal_writer.hpp"
#include "sim/simulated_exchange.hpp"
#include "support/virtual_network.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace virtuoso::test {

struct KeptRecord {
    LocalTime received;
    std::uint32_t connection = 0;
    std::string channel;
    std::string frame;
};

class TrafficRecorder final : public FeedSink {
  public:
    void on_record(const RawRecord& record) override {
        records.push_back({record.received, record.connection, std::string(record.channel),
                           std::string(record.frame.text())});
    }
    void on_events(std::span<const MarketEvent>) override {}
    void on_refused(const Error&, std::string_view, bool) override {}
    void on_disconnect(std::string_view) override {}
    void on_notice(std::string_view) override {}

    std::vector<KeptRecord> records;
};

/// Of a simulated exchange with `listed` contracts the most traded `followed`.
inline std::vector<KeptRecord> simulated_traffic(std::uint64_t seed, std::size_t listed, std::size_t followed,
                                                 std::int64_t ms) {
    sim::SimulatedExchange exchange({.symbols = listed, .seed = seed, .start = {1'795'567'266'970}});
    VirtualNetwork network(exchange, 3);
    TrafficRecorder recorder;
    PerpetualFeed feed(network, std::make_unique<bybit::BybitDialect>(), recorder,
                       {.symbols_max = followed, .book_depth = 50, .seed = seed});
    feed.start();
    network.run(ms);
    return std::move(recorder.records);
}

inline void write_journal(const std::string& path, const std::vector<KeptRecord>& records) {
    auto writer = JournalWriter::create(path);
    ASSERT_TRUE(writer) << writer.error().text();
    FrameBuffer buffer;
    for (const auto& record : records) {
        ASSERT_TRUE(writer->append(
            {record.received, record.connection, record.channel, buffer.assign(record.frame)}));
    }
    ASSERT_TRUE(writer->close());
}

}  // namespace virtuoso::test
