#include "service/account_watch.hpp"

#include "base/thread_name.hpp"
#include "exchange/bybit/account_client.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t turn_ms = 20;
constexpr std::int64_t ns_per_ms = 1'000'000;

}  // namespace

AccountWatch::AccountWatch(Settings settings, ServiceLog& log, const Clock& clock)
    : settings_(std::move(settings)), log_(log), clock_(clock) {}

AccountWatch::~AccountWatch() {
    stop_ = true;
    if (thread_.joinable()) {
        thread_.join();
    }
}

void AccountWatch::start() {
    thread_ = std::thread([this] {
        name_thread("account");
        run();
    });
}

AccountWatch::State AccountWatch::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

void AccountWatch::run() {
    auto transport = AsioTransport::create(settings_.transport, clock_);
    if (!transport) {
        note(std::unexpected(transport.error()));
        return;
    }
    bybit::AccountClient client(**transport, settings_.key, static_cast<std::uint64_t>(clock_.now().ns));
    bool under_way = false;
    std::optional<LocalTime> looked;
    while (!stop_) {
        if (!under_way && (!looked || clock_.now() - *looked >= settings_.every_ms * ns_per_ms)) {
            under_way = true;
            client.load([&](Result<Account> account) {
                note(std::move(account));
                under_way = false;
                looked = clock_.now();
            });
        }
        (*transport)->run_for(turn_ms);
    }
}

// Said when it begins and when it ends, not with every look.
void AccountWatch::note(Result<Account> looked) {
    const std::string trouble = looked ? std::string{} : looked.error().text();
    std::string before;
    {
        const std::lock_guard lock(mutex_);
        before = std::exchange(state_.trouble, trouble);
        if (looked) {
            state_.account = std::move(*looked);
            state_.read = clock_.now();
        }
    }
    if (before.empty() && !trouble.empty()) {
        log_.warn("account", "read", fmt::format("The account cannot be read: {}", trouble));
    } else if (!before.empty() && trouble.empty()) {
        log_.info("account", "read", "The account is read again");
    }
}

}  // namespace virtuoso
