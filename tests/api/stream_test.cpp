// Channels of a running service at /ws, over real sockets.
#include "api/api_server.hpp"
#include "api/stream_channel.hpp"
#include "support/live_service.hpp"
#include "support/places.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace virtuoso {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using nlohmann::json;

/// One that waits for what it reads.
class StreamClient {
  public:
    explicit StreamClient(std::uint16_t port) : socket_(io_) {
        socket_.next_layer().connect({asio::ip::address_v4::loopback(), port});
        socket_.handshake(fmt::format("127.0.0.1:{}", port), "/ws");
    }

    void write(const std::string& text) { socket_.write(asio::buffer(text)); }
    void write_binary(const std::string& bytes) {
        socket_.binary(true);
        write(bytes);
        socket_.binary(false);
    }
    void subscribe(const std::string& channels) {
        write(fmt::format(R"({{"op":"subscribe","channels":[{}]}})", channels));
    }
    /// Discarded when the connection ended.
    json read() {
        beast::flat_buffer buffer;
        boost::system::error_code error;
        socket_.read(buffer, error);
        if (error) {
            return json(json::value_t::discarded);
        }
        const auto bytes = buffer.data();
        return json::parse(std::string_view(static_cast<const char*>(bytes.data()), bytes.size()));
    }
    /// The next one of that kind, of that channel.
    json next(const std::string& kind, const std::string& channel = {}) {
        while (true) {
            json message = read();
            if (message.is_discarded() ||
                (message["kind"] == kind && (channel.empty() || message["channel"] == channel))) {
                return message;
            }
        }
    }
    /// Reads until it is closed.
    int close_code() {
        while (!read().is_discarded()) {
        }
        return socket_.reason().code;
    }

  private:
    asio::io_context io_;
    beast::websocket::stream<asio::ip::tcp::socket> socket_;
};

class Streams : public testing::Test {
  protected:
    void SetUp() override {
        live_.start();
        api_ = *ApiServer::start("127.0.0.1:0", live_.service(),
                                 {.version = "1", .exchange = "sim", .hosts = {}, .config = nullptr});
        ASSERT_TRUE(live_.becomes_whole());
    }
    [[nodiscard]] StreamClient client() const { return StreamClient(api_->port()); }
    void note(const std::string& reason) {
        live_.service().desk().note(feed_trouble_event(reason, {1'000}, "a test"));
    }

    test::LiveService live_{{}};
    std::unique_ptr<ApiServer> api_;
};

TEST_F(Streams, EveryStateBeginsWithASnapshotAndGoesOnWithoutAHole) {
    const std::map<std::string, std::string> schemas{
        {"overview", "virtuoso.overview/1"}, {"symbols", "virtuoso.symbols/1"},
        {"health", "virtuoso.health/1"},     {"confluence.BTCUSDT", "virtuoso.confluence/1"},
        {"book.BTCUSDT", "virtuoso.book/1"}, {"candles.BTCUSDT.1m", "virtuoso.candles/1"}};
    StreamClient one = client();
    std::string names;
    for (const auto& [name, schema] : schemas) {
        names += fmt::format("{}\"{}\"", names.empty() ? "" : ",", name);
    }
    one.subscribe(names);
    std::map<std::string, std::uint64_t> last;
    std::set<std::string> changed;
    while (changed.size() < schemas.size()) {
        const json message = one.read();
        ASSERT_FALSE(message.is_discarded());
        EXPECT_EQ(message["schema"], "virtuoso.stream/1");
        if (message["kind"] == "subscribed") {
            EXPECT_EQ(message["channels"].size(), schemas.size());
            continue;
        }
        const auto name = message["channel"].get<std::string>();
        const auto sequence = message["sequence"].get<std::uint64_t>();
        EXPECT_EQ(message["data"]["schema"], schemas.at(name));
        if (!last.contains(name)) {
            EXPECT_EQ(message["kind"], "snapshot") << name;
        } else {
            EXPECT_EQ(sequence, last[name] + 1 + message["skipped"].get<std::uint64_t>()) << name;
            changed.insert(name);
        }
        last[name] = sequence;
    }
}

TEST_F(Streams, RowsThatChangedMakeTheSameListAsTheWhole) {
    StreamClient one = client();
    one.subscribe(R"("symbols")");
    std::map<std::string, json> rows;
    json message = one.next("snapshot", "symbols");
    for (int changes = 0; changes < 5; ++changes) {
        for (const auto& row : message["data"]["symbols"]) {
            rows[row["symbol"]] = row;
        }
        ASSERT_EQ(message["data"]["total"], rows.size());
        message = one.next("change", "symbols");
    }
    for (const auto& row : message["data"]["symbols"]) {
        rows[row["symbol"]] = row;
    }
    StreamClient later = client();
    later.subscribe(R"("symbols")");
    const json whole = later.next("snapshot", "symbols");
    ASSERT_EQ(whole["data"]["symbols"].size(), rows.size());
    for (const auto& row : whole["data"]["symbols"]) {
        const json& known = rows.at(row["symbol"]);
        EXPECT_GE(row["as_of_ms"], known["as_of_ms"]);
        if (row["as_of_ms"] == known["as_of_ms"]) {
            EXPECT_EQ(row["score"], known["score"]);
            EXPECT_EQ(row["components"], known["components"]);
        }
    }
}

TEST_F(Streams, ListsTellOfEveryEntryInItsOrder) {
    note("AUSDT");
    StreamClient one = client();
    one.subscribe(R"("events","signals")");
    const json snapshot = one.next("snapshot", "events");
    EXPECT_EQ(snapshot["data"]["events"][0]["symbol"], "AUSDT");
    std::uint64_t sequence = snapshot["sequence"];
    for (const std::string symbol : {"BUSDT", "CUSDT", "DUSDT"}) {
        note(symbol);
    }
    std::vector<std::string> told;
    while (told.size() < 3) {
        const json message = one.next("change", "events");
        ASSERT_FALSE(message.is_discarded());
        EXPECT_EQ(message["missed"], 0);
        const auto& events = message["data"]["events"];
        EXPECT_EQ(message["sequence"].get<std::uint64_t>(), sequence + events.size());
        sequence = message["sequence"];
        for (auto event = events.rbegin(); event != events.rend(); ++event) {
            if ((*event)["kind"] == "feed_trouble") {
                told.push_back((*event)["symbol"]);
            }
        }
    }
    EXPECT_EQ(told, (std::vector<std::string>{"BUSDT", "CUSDT", "DUSDT"}));
}

TEST_F(Streams, WhatCannotBeDoneIsToldAndTheConnectionStays) {
    StreamClient one = client();
    const std::vector<std::pair<std::string, std::string>> all{
        {"{", "is no JSON object"},
        {R"({"op":"shout"})", "one of subscribe"},
        {R"({"op":"subscribe","channels":["colours"]})", "channel \"colours\" is none of overview"},
        {R"({"op":"subscribe","channels":["book.NOPEUSDT"]})", "symbol \"NOPEUSDT\""},
        {R"({"op":"unsubscribe","channels":["health"]})", "is not subscribed to"}};
    for (const auto& [text, part] : all) {
        one.write(text);
        const json error = one.read();
        ASSERT_EQ(error["kind"], "error") << text;
        EXPECT_NE(error["message"].get<std::string>().find(part), std::string::npos) << error;
    }
    one.write_binary("abc");
    EXPECT_NE(one.read()["message"].get<std::string>().find("send JSON in text frames"), std::string::npos);
    one.write(R"({"op":"subscribe","channels":["events","nope"],"id":4})");
    EXPECT_EQ(one.next("error")["channel"], "nope");
    EXPECT_EQ(one.next("subscribed")["channels"], json({"events"})) << "the others are still subscribed to";
    one.write(R"({"op":"list","id":5})");
    EXPECT_EQ(one.next("channels")["id"], 5);
    one.write(R"({"op":"unsubscribe","channels":["events"]})");
    EXPECT_EQ(one.next("unsubscribed")["channels"], json({"events"}));
    note("EUSDT");
    one.write(R"({"op":"ping","id":"p"})");
    const json pong = one.read();
    EXPECT_EQ(pong["kind"], "pong");
    EXPECT_EQ(pong["id"], "p");
}

TEST_F(Streams, TooMuchIsRefusedWithItsCode) {
    StreamClient large = client();
    large.write(std::string(70'000, ' '));
    EXPECT_EQ(large.close_code(), 1009);
    StreamClient fast = client();
    for (int i = 0; i < 400; ++i) {
        fast.write(R"({"op":"ping"})");
    }
    EXPECT_EQ(fast.close_code(), 1008);
}

TEST_F(Streams, ASymbolThatGoesAwayIsToldAsGone) {
    StreamClient one = client();
    one.subscribe(R"("confluence.ETHUSDT")");
    ASSERT_EQ(one.next("snapshot")["data"]["symbol"], "ETHUSDT");
    live_.service().results().remove("ETHUSDT");
    const json gone = one.next("gone");  // until its next evaluation puts it back
    EXPECT_EQ(gone["channel"], "confluence.ETHUSDT");
    EXPECT_TRUE(gone["data"].is_null());
    EXPECT_FALSE(one.next("change")["data"].is_null());
}

TEST_F(Streams, ManyClientsAreToldTheSame) {
    std::vector<std::unique_ptr<StreamClient>> all;
    for (int i = 0; i < 50; ++i) {
        all.push_back(std::make_unique<StreamClient>(api_->port()));
        all.back()->subscribe(R"("confluence.BTCUSDT")");
    }
    std::map<std::uint64_t, std::set<std::string>> by_sequence;
    for (const auto& one : all) {
        for (int i = 0; i < 3; ++i) {
            const json message = one->next(i == 0 ? "snapshot" : "change");
            by_sequence[message["sequence"]].insert(message["data"]["service"]["number"].dump());
        }
    }
    for (const auto& [sequence, numbers] : by_sequence) {
        EXPECT_EQ(numbers.size(), 1U) << sequence;
    }
}

TEST_F(Streams, AServiceThatStopsSaysSo) {
    StreamClient one = client();
    one.subscribe(R"("overview")");
    std::thread ends([this] { api_.reset(); });
    EXPECT_EQ(one.close_code(), 1001);
    ends.join();
}

TEST(StreamContract, TellsOfTheChannelsThatThereAre) {
    std::ifstream source(test::source_path("docs/asyncapi.json"), std::ios::binary);
    const json contract = json::parse(source);
    EXPECT_EQ(contract["asyncapi"], "3.0.0");
    std::set<std::string> told;
    for (const auto& channel : contract["x-channels"]) {
        told.insert(channel["name"].get<std::string>());
    }
    std::set<std::string> known;
    for (const auto pattern : stream_channel_patterns()) {
        known.emplace(pattern);
    }
    EXPECT_EQ(told, known);
}

}  // namespace

}  // namespace virtuoso
