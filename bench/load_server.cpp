// A load generator: serves the simulated exchange's REST side, and to every WebSocket client, half a second
// after it last subscribed, a stretch of the simulated exchange's frames as fast as the socket takes them.
//   load_server SYMBOLS FRAMES AUTHORITY.pem     prints the ports, serves until it is killed
#include "engine/system_clock.hpp"
#include "exchange/bybit/dialect.hpp"
#include "net/server.hpp"
#include "sim/simulated_exchange.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <set>

namespace virtuoso::bench {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 18;
constexpr std::int64_t quiet_ms = 500;

std::string topic_of(const std::string& frame) {
    constexpr std::size_t begin = 10;  // {"topic":"
    return frame.substr(begin, frame.find('"', begin) - begin);
}

/// What the exchange sent to one client that subscribed to everything.
class Capture final : public ServerPeer {
  public:
    struct Frame {
        SharedText text;
        std::string topic;
    };

    Capture(sim::SimulatedExchange& exchange, std::size_t frames) {
        const bybit::BybitDialect dialect;
        exchange.join(*this, "/v5/public/linear");
        for (std::size_t i = 0; i < exchange.model().size(); ++i) {
            const auto topics = dialect.topics_of(exchange.model().market(i).instrument().symbol, 200).all();
            exchange.receive(*this, dialect.request_text(true, "1", topics));
        }
        while (frames_.size() < frames) {
            exchange.advance(exchange.now_ms() + ms_per_second);
        }
        exchange.leave(*this);
    }
    void send(const SharedText& frame) override {
        if (frame->starts_with("{\"topic\"")) {
            frames_.push_back({frame, topic_of(*frame)});
        }
    }
    void hang_up() override {}
    [[nodiscard]] const std::vector<Frame>& frames() const noexcept { return frames_; }

  private:
    std::vector<Frame> frames_;
};

class LoadGenerator final : public ServerHandler {
  public:
    LoadGenerator(const Capture& capture, sim::SimulatedExchange& exchange)
        : capture_(capture), exchange_(exchange) {}

    void serve_by(Server& server) { server_ = &server; }

    ServerAnswer answer(const ServerRequest& request) override { return exchange_.answer(request); }
    [[nodiscard]] bool streams_at(std::string_view) const noexcept override { return true; }
    void join(ServerPeer& peer, std::string_view) override { clients_[&peer] = {}; }
    void leave(ServerPeer& peer) override { clients_.erase(&peer); }
    void receive(ServerPeer& peer, std::string_view text) override {
        Client& client = clients_[&peer];
        const auto message = nlohmann::json::parse(text, nullptr, false);
        for (const auto& topic : message.value("args", nlohmann::json::array())) {
            client.topics.insert(topic.get<std::string>());
        }
        peer.send(std::make_shared<const std::string>(fmt::format(
            R"({{"success":true,"ret_msg":"","conn_id":"load","req_id":{},"op":"{}"}})",
            message.contains("req_id") ? message["req_id"].dump() : "\"\"", message.value("op", ""))));
        if (!client.topics.empty() && !client.going) {
            begin_unless(peer, ++client.subscriptions);
        }
    }
    void drained(ServerPeer& peer) override {
        if (const auto found = clients_.find(&peer); found != clients_.end() && found->second.going) {
            send_piece(peer, found->second);
        }
    }

  private:
    struct Client {
        std::set<std::string, std::less<>> topics;
        std::size_t subscriptions = 0;
        bool going = false;
        std::size_t next = 0;
    };

    /// Begins unless there was another subscription meanwhile.
    void begin_unless(ServerPeer& peer, std::size_t subscriptions) {
        server_->after(quiet_ms, [this, &peer, subscriptions] {
            const auto found = clients_.find(&peer);
            if (found != clients_.end() && found->second.subscriptions == subscriptions) {
                found->second.going = true;
                send_piece(peer, found->second);
            }
        });
    }
    void send_piece(ServerPeer& peer, Client& client) {
        const auto& frames = capture_.frames();
        std::size_t bytes = 0;
        for (; client.next < frames.size() && bytes < piece_bytes; ++client.next) {
            const auto& frame = frames[client.next];
            if (client.topics.contains(frame.topic)) {
                peer.send(frame.text);
                bytes += frame.text->size();
            }
        }
    }

    const Capture& capture_;
    sim::SimulatedExchange& exchange_;
    Server* server_ = nullptr;
    std::map<ServerPeer*, Client> clients_;
};

int run(std::size_t symbols, std::size_t frames, const std::string& authority_path) {
    const SystemClock clock;
    const std::int64_t now_s = clock.now().ns / 1'000'000'000;
    const sim::SimExchangeOptions options{.symbols = symbols, .seed = 1, .start = {now_s * 1'000}};
    sim::SimulatedExchange captured(options);
    const Capture capture(captured, frames);
    sim::SimulatedExchange exchange(options);  // REST tells what was before the frames
    LoadGenerator generator(capture, exchange);
    auto server = Server::create({.now_s = now_s}, generator);
    if (!server) {
        fmt::print(stderr, "{}\n", server.error().text());
        return 1;
    }
    generator.serve_by(**server);
    std::ofstream(authority_path) << (*server)->certificate_pem();
    std::size_t bytes = 0;
    for (const auto& frame : capture.frames()) {
        bytes += frame.text->size();
    }
    fmt::print("{} {} {} {}\n", (*server)->port(), (*server)->tls_port(), capture.frames().size(),
               bytes / capture.frames().size());
    std::fflush(stdout);
    (*server)->run();
    return 0;
}

}  // namespace
}  // namespace virtuoso::bench

int main(int argc, char** argv) {
    if (argc != 4) {
        fmt::print(stderr, "usage: load_server SYMBOLS FRAMES AUTHORITY.pem; see bench/throughput.sh\n");
        return 2;
    }
    return virtuoso::bench::run(std::stoul(argv[1]), std::stoul(argv[2]), argv[3]);
}
