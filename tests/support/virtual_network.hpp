// A transport in virtual time between a feed and a simulated exchange in the same thread.
#pragma once

#include "base/clock.hpp"
#include "base/seeded_random.hpp"
#include "net/transport.hpp"
#include "sim/served_exchange.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::test {

/// Everything happens in order of virtual time, then of being asked for: the same run gives the same
/// order. Messages take `latency_ms` each way.
class VirtualNetwork final : public Transport {
  public:
    /// `ahead_ms`: the transport's clock before the exchange's.
    VirtualNetwork(sim::ServedExchange& exchange, std::int64_t latency_ms, std::int64_t ahead_ms = 0)
        : exchange_(exchange), latency_ms_(latency_ms), ahead_ns_(ahead_ms * ns_per_ms) {
        clock_.advance_to({exchange.now_ms() * ns_per_ms});
    }

    [[nodiscard]] LocalTime now() const override { return {clock_.now().ns + ahead_ns_}; }

    /// What becomes of requests instead of the exchange's answer; nothing: the exchange answers.
    using InsteadOfAnswer = std::function<std::optional<Result<HttpAnswer>>(const std::string& target)>;

    void get(HttpRequest request, OnAnswer on_answer) override {
        on_request();
        if (auto instead = reachable_ ? instead_of_answer(request.target) : refused()) {
            const bool hangs = !*instead && instead->error().message == hanging;
            at(hangs ? request.timeout_ms : 2 * latency_ms_,
               [answer = *std::move(instead), done = std::move(on_answer)] { done(answer); });
            return;
        }
        at(latency_ms_, [this, target = std::move(request.target), headers = std::move(request.headers),
                         done = std::move(on_answer)] {
            auto answer =
                std::make_shared<ServerAnswer>(exchange_.answer({.target = target, .headers = headers}));
            at(latency_ms_ + answer->delay_ms, [answer, done] { done(std::move(answer->http)); });
        });
    }

    std::unique_ptr<StreamConnection> connect(std::string_view path, StreamListener& listener) override {
        ++connects;
        auto socket = std::make_shared<Socket>(*this, listener);
        std::erase_if(sockets_, [](const auto& known) { return known.expired(); });
        sockets_.push_back(socket);
        if (!reachable_) {
            at(2 * latency_ms_, [socket] { socket->close(refused()->error()); });
            return std::make_unique<Handle>(socket);
        }
        socket->latency_ms =
            latency_ms_ +
            static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(latency_more_ms_ + 1)));
        at(2 * socket->latency_ms, [this, socket, target = std::string(path)] {
            if (socket->listener == nullptr || socket->silent) {
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

    /// Nothing passes, and no connection can be made, until it is so again.
    void set_reachable(bool reachable) {
        reachable_ = reachable;
        if (!reachable) {
            end_streams({ErrorCode::network, "connection reset by peer"});
        }
    }
    /// Every stream is lost now, and both ends know it.
    void end_streams(const Error& reason) {
        for (const auto& socket : open_sockets()) {
            socket->leave();
            socket->close(reason);
        }
    }
    /// Every stream that is open says nothing any more, and nobody is told.
    void silence_streams() {
        for (const auto& socket : open_sockets()) {
            socket->silent = true;
            socket->leave();
        }
    }

    /// An answer that does not come within the request's time.
    static constexpr const char* hanging = "timed out";
    InsteadOfAnswer instead_of_answer = [](const std::string&) { return std::nullopt; };
    std::function<void()> on_request = [] {};
    std::uint64_t connects = 0;  ///< that were tried

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
                if (self->listener != nullptr && !self->silent) {
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
        bool silent = false;
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

    static std::optional<Result<HttpAnswer>> refused() {
        return fail(ErrorCode::network, "connect: connection refused: nothing listens there");
    }
    std::vector<std::shared_ptr<Socket>> open_sockets() {
        std::vector<std::shared_ptr<Socket>> open;
        for (const auto& known : sockets_) {
            if (auto socket = known.lock(); socket && socket->listener != nullptr) {
                open.push_back(std::move(socket));
            }
        }
        sockets_.assign(open.begin(), open.end());
        return open;
    }

    void at(std::int64_t ms, std::function<void()> call) {
        events_.emplace(std::pair(clock_.now().ns + ms * ns_per_ms, ++sequence_), std::move(call));
    }

    sim::ServedExchange& exchange_;
    std::int64_t latency_ms_;
    std::int64_t ahead_ns_;
    std::int64_t latency_more_ms_ = 0;
    SeededRandom random_{1};
    VirtualClock clock_;
    std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> events_;
    std::uint64_t sequence_ = 0;
    std::vector<std::weak_ptr<Socket>> sockets_;
    bool reachable_ = true;
};

}  // namespace virtuoso::test
