#include "service/shard_saver.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace virtuoso {

namespace {

constexpr auto room_poll = std::chrono::microseconds(200);

}  // namespace

void ShardSaver::note_resumed(std::string_view symbol, ExchangeTime known_until) {
    resumed_.insert_or_assign(std::string(symbol), known_until);
}

void ShardSaver::forget(std::string_view symbol) {
    if (const auto found = resumed_.find(symbol); found != resumed_.end()) {
        resumed_.erase(found);
    }
}

void ShardSaver::save(const TrackedSymbol& symbol, const Feed& feed) {
    const std::string& name = symbol.state.symbol();
    KnownPast known = feed.known_past(name);
    const auto before = resumed_.find(name);
    if (known.until.ms > 0) {
        forget(name);
    } else if (before != resumed_.end()) {
        known.until = before->second;
    } else {
        return;
    }
    settings_.saver->give(settings_.shard, {.symbol = name, .known = known, .form = saved_form(symbol)});
}

void ShardSaver::turn(LiveSession& session, const Feed& feed, LocalTime now,
                      const std::function<bool(std::string_view)>& spare) {
    if (settings_.saver == nullptr || settings_.every_ns <= 0 || feed.symbols().empty()) {
        return;
    }
    if (!in_round_) {
        if (now - begun_ >= settings_.every_ns) {
            in_round_ = true;
            next_ = 0;
            begun_ = now;
            settings_.saver->abandon(settings_.shard);  // an earlier life may not have come to its end
        }
        return;
    }
    const auto symbols = session.pipeline().symbols();
    if (next_ >= symbols.size()) {
        in_round_ = false;
        settings_.saver->finish(settings_.shard);
    } else if (settings_.saver->has_room()) {
        const TrackedSymbol& symbol = *symbols[next_++];
        if (!spare(symbol.state.symbol())) {
            save(symbol, feed);
        }
    }
}

void ShardSaver::finish(LiveSession& session, const Feed& feed, const Clock& clock,
                        const std::function<bool(std::string_view)>& spare) {
    if (settings_.saver == nullptr || feed.symbols().empty()) {
        return;
    }
    settings_.saver->abandon(settings_.shard);
    const LocalTime begun = clock.now();
    for (const auto& symbol : session.pipeline().symbols()) {
        while (!settings_.saver->has_room() && clock.now() - begun < settings_.final_ns) {
            std::this_thread::sleep_for(room_poll);
        }
        if (clock.now() - begun >= settings_.final_ns) {
            settings_.saver->abandon(settings_.shard);
            return;
        }
        if (!spare(symbol->state.symbol())) {
            save(*symbol, feed);
        }
    }
    settings_.saver->finish(settings_.shard);
}

}  // namespace virtuoso
