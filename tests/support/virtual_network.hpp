// A transport in virtual time between a feed and a simulated exchange in the same thread.
#pragma once

#include "base/clock.hpp"
#include "base/seeded_random.hpp"
#include "net/transport.hpp"
#include "sim/served_exchange.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace virtuoso::test {

/// Everything happens in order of virtual time, then of being asked for: the same run gives the same
/// order. Messages take `latency_ms` each way.
class VirtualNetwork final : public Transport {
  public:
    VirtualNetwork(sim::ServedExchange& exchange, std::int64_t latency_ms)
        : exchange_(exchange), latency_ms_(latency_ms) {
        clock_.advance_to({exchange.now_ms() * ns_per_ms});
    }

    [[nodiscard]] LocalTime now() const override { return clock_.now(); }

    void get(HttpRequest request, OnAnswer on_answer) override {
        at(latency_ms_, [this, target = std::move(request.target), headers = std::move(request.headers),
                         done = std::move(on_answer)] {
            auto answer =
                std::make_shared<ServerAnswer>(exchange_.answer({.target = target, .headers = headers}));
            at(latency_ms_ + answer->delay_ms, [answer, done] { done(std::move(answer->http)); });
        });
    }

    std::unique_ptr<StreamConnection> connect(std::string_view path, StreamListener& listener) override {
        auto socket = std::make_shared<Socket>(*this, listener);
        socket->latency_ms =
            latency_ms_ +
            static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(latency_more_ms_ + 1)));
        at(2 * socket->latency_ms, [this, socket, target = std::string(path)] {
            if (socket->listener == nullptr) {
                return;
            }
            if (exchange_.tls_fails()) {
                socket->close({ErrorCode::tls, "TLS handshake failed"});
                return;
            }
            if (!target.empty() && !exchange_.streams_at(target)) {
                socket->close({ErrorCode::network, "HTTP 404: no streams at " + target});
                return;
            }
            exchange_.join(*socket, target);
            socket->joined = true;
            socket->listener->on_open();
        });
        return std::make_unique<Handle>(socket);
    }

    /// Every connection opened from now on has a latency of its own, up to so much more.
    void spread_latencies(std::int64_t more_ms, std::uint64_t seed) {
        latency_more_ms_ = more_ms;
        random_ = SeededRandom(seed);
    }

    void after(std::int64_t ms, std::function<void()> call) override { at(ms, std::move(call)); }

    /// Lets `ms` of virtual time pass.
    void run(std::int64_t ms) {
        const std::int64_t end_ns = clock_.now().ns + ms * ns_per_ms;
        while (clock_.now().ns < end_ns) {
            const std::int64_t slot_ns = clock_.now().ns + sim::ServedExchange::slot_ms * ns_per_ms;
            while (!events_.empty() && events_.begin()->first.first <= slot_ns) {
                const auto call = std::move(events_.begin()->second);
                clock_.advance_to({events_.begin()->first.first});
                events_.erase(events_.begin());
                call();
            }
            clock_.advance_to({slot_ns});
            exchange_.advance(slot_ns / ns_per_ms);
        }
    }

  private:
    static constexpr std::int64_t ns_per_ms = 1'000'000;

    struct Socket final : ServerPeer, std::enable_shared_from_this<Socket> {
        Socket(VirtualNetwork& owner, StreamListener& hears) : network(owner), listener(&hears) {}

        void send(const SharedText& frame) override {
            network.at(latency_ms, [self = shared_from_this(), frame] {
                if (self->listener != nullptr) {
                    self->listener->on_frame(self->buffer.assign(*frame), self->network.now());
                }
            });
        }
        void hang_up() override {
            network.at(latency_ms, [self = shared_from_this()] {
                self->leave();
                self->close({ErrorCode::network, "closed by the exchange"});
            });
        }
        void close(const Error& reason) {
            if (StreamListener* const told = std::exchange(listener, nullptr)) {
                told->on_close(reason);
            }
        }
        void leave() {
            if (std::exchange(joined, false)) {
                network.exchange_.leave(*this);
            }
        }

        VirtualNetwork& network;
        StreamListener* listener;
        std::int64_t latency_ms = 0;
        FrameBuffer buffer;
        bool joined = false;
    };

    struct Handle final : StreamConnection {
        explicit Handle(std::shared_ptr<Socket> opened) : socket(std::move(opened)) {}
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;
        ~Handle() override {
            socket->listener = nullptr;
            socket->network.at(socket->latency_ms, [kept = socket] { kept->leave(); });
        }
        void send(std::string text) override {
            socket->network.at(socket->latency_ms, [kept = socket, sent = std::move(text)] {
                if (kept->joined) {
                    kept->network.exchange_.receive(*kept, sent);
                }
            });
        }
        std::shared_ptr<Socket> socket;
    };

    void at(std::int64_t ms, std::function<void()> call) {
        events_.emplace(std::pair(clock_.now().ns + ms * ns_per_ms, ++sequence_), std::move(call));
    }

    sim::ServedExchange& exchange_;
    std::int64_t latency_ms_;
    std::int64_t latency_more_ms_ = 0;
    SeededRandom random_{1};
    VirtualClock clock_;
    std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> events_;
    std::uint64_t sequence_ = 0;
};

}  // namespace virtuoso::test
