#include "service/shard_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr GrowingPause::Limits pauses{.first_ms = 1'000, .max_ms = 60'000, .calm_ms = 300'000};
/// Who was not called for so long was stopped together with the shards: their silence tells nothing.
constexpr std::int64_t own_pause_ns = 2'000 * ns_per_ms;
constexpr auto stop_poll = std::chrono::milliseconds(5);

}  // namespace

ShardGroup::ShardGroup(std::vector<ShardPlan> plans, const Clock& clock, std::int64_t stall_ns,
                       OnTrouble on_trouble)
    : clock_(clock), stall_ns_(stall_ns), on_trouble_(std::move(on_trouble)) {
    places_.reserve(plans.size());
    for (auto& plan : plans) {
        const std::uint64_t seed = plan.settings.shard;
        places_.push_back({.plan = std::move(plan),
                           .shard = nullptr,
                           .pause = GrowingPause(pauses, seed),
                           .began = {},
                           .waits = false});
    }
}

ShardGroup::~ShardGroup() = default;

void ShardGroup::start() {
    const std::lock_guard lock(mutex_);
    for (auto& place : places_) {
        begin_life(place);
    }
    watched_ = clock_.now();
}

void ShardGroup::begin_life(Place& place) {
    place.shard = std::make_shared<Shard>(place.plan, clock_);
    place.began = clock_.now();
    place.waits = false;
    for (const auto& [topic, command] : standing_commands_) {
        place.shard->post(command);
    }
    place.shard->start();
}

void ShardGroup::give_up(Place& place, bool stalled, const std::string& why) {
    const LocalTime now = clock_.now();
    place.pause.calm((now - place.began) / ns_per_ms);
    place.pause.asked(now);
    place.waits = true;
    place.shard->give_up();
    given_up_.push_back(place.shard);
    ++place.plan.settings.life;
    ++replaced_;
    on_trouble_({.shard = place.plan.settings.shard,
                 .stalled = stalled,
                 .text = fmt::format("shard {} {}: its symbols are made whole anew",
                                     place.plan.settings.shard, why)});
}

void ShardGroup::take_back() {
    std::erase_if(given_up_, [](const std::shared_ptr<Shard>& shard) { return shard->finished(); });
}

void ShardGroup::watch() {
    const std::lock_guard lock(mutex_);
    const LocalTime now = clock_.now();
    const bool was_stopped =
        now - std::exchange(watched_, now) > std::min<std::int64_t>(own_pause_ns, stall_ns_ / 2);
    take_back();
    for (auto& place : places_) {
        const std::int64_t silent = now - place.shard->last_turn();
        if (place.waits) {
            if (place.pause.over(now)) {
                begin_life(place);
            }
        } else if (place.shard->finished()) {
            give_up(place, false, fmt::format("ended: {}", place.shard->failure()));
        } else if (silent > stall_ns_ && !was_stopped) {
            give_up(place, true,
                    fmt::format("made no progress for {:.1f} s", static_cast<double>(silent) / 1e9));
        }
    }
}

std::size_t ShardGroup::stop(std::int64_t patience_ns) {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Shard>> all = given_up_;
    for (const auto& place : places_) {
        if (place.shard) {
            all.push_back(place.shard);
        }
    }
    for (const auto& shard : all) {
        shard->request_stop();
    }
    const auto working = [&] {
        return static_cast<std::size_t>(
            std::ranges::count_if(all, [](const auto& shard) { return !shard->finished(); }));
    };
    const LocalTime asked = clock_.now();
    while (working() > 0 && clock_.now() - asked < patience_ns) {
        std::this_thread::sleep_for(stop_poll);
    }
    return working();
}

std::vector<std::shared_ptr<Shard>> ShardGroup::shards() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Shard>> result;
    result.reserve(places_.size());
    for (const auto& place : places_) {
        if (place.shard) {
            result.push_back(place.shard);
        }
    }
    return result;
}

void ShardGroup::tell_all(std::string_view topic, const std::function<void(ShardSession&)>& command) {
    const std::lock_guard lock(mutex_);
    standing_commands_[topic] = command;
    for (const auto& place : places_) {
        if (place.shard) {
            place.shard->post(command);
        }
    }
}

bool ShardGroup::all_progress() const {
    const std::lock_guard lock(mutex_);
    const LocalTime now = clock_.now();
    return std::ranges::all_of(places_, [&](const Place& place) {
        return place.shard && !place.waits && !place.shard->finished() &&
               now - place.shard->last_turn() <= stall_ns_;
    });
}

}  // namespace virtuoso
