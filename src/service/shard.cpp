#include "service/shard.hpp"

#include "base/thread_name.hpp"

#include <exception>
#include <string>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t turn_ms = 10;

}  // namespace

/// While it lives, a command wakes the transport.
class Shard::Reachable {
  public:
    Reachable(Shard& shard, AsioTransport& transport) : shard_(shard) { set(&transport); }
    ~Reachable() { set(nullptr); }
    Reachable(const Reachable&) = delete;
    Reachable& operator=(const Reachable&) = delete;

  private:
    void set(AsioTransport* transport) {
        const std::lock_guard lock(shard_.mutex_);
        shard_.transport_ = transport;
    }
    Shard& shard_;
};

Shard::Shard(ShardPlan plan, const Clock& clock)
    : plan_(std::move(plan)), clock_(clock), queue_(plan_.queue_capacity), last_turn_ns_(clock.now().ns) {}

Shard::~Shard() {
    request_stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Shard::start() {
    thread_ = std::thread([this] {
        name_thread("shard " + std::to_string(plan_.settings.shard));
        run();
    });
}

void Shard::post(std::function<void(ShardSession&)> command) {
    const std::lock_guard lock(mutex_);
    commands_.push_back(std::move(command));
    commanded_ = true;
    if (transport_ != nullptr) {
        transport_->wake();
    }
}

std::string Shard::failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
}

// Whatever its symbols do, the others go on.
void Shard::run() {
    std::string failure;
    try {
        work();
    } catch (const std::exception& thrown) {
        failure = thrown.what();
    } catch (...) {
        failure = "something that is no exception was thrown";
    }
    {
        const std::lock_guard lock(mutex_);
        failure_ = failure.empty() ? failure_ : failure;
    }
    finished_ = true;
}

void Shard::work() {
    auto transport = AsioTransport::create(plan_.transport, clock_);
    if (!transport) {
        const std::lock_guard lock(mutex_);
        failure_ = transport.error().text();
        return;
    }
    const Reachable reachable(*this, **transport);
    ShardSession session(plan_.settings, **transport, plan_.dialect(), clock_, *this);
    if (plan_.on_start) {
        plan_.on_start(session);
    }
    session.start();
    while (!stop_) {
        (*transport)->run_for(turn_ms);
        last_turn_ns_ = clock_.now().ns;
        if (commanded_) {
            obey(session);
        }
        session.turn();
        if (plan_.on_turn) {
            plan_.on_turn(session);
        }
    }
    if (!given_up_) {
        session.stop();
    }
    if (plan_.on_stop) {
        plan_.on_stop(session);
    }
}

void Shard::obey(ShardSession& session) {
    std::vector<std::function<void(ShardSession&)>> commands;
    {
        const std::lock_guard lock(mutex_);
        commands.swap(commands_);
        commanded_ = false;
    }
    for (const auto& command : commands) {
        command(session);
    }
}

}  // namespace virtuoso
