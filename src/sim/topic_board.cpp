#include "sim/topic_board.hpp"

#include "sim/served_exchange.hpp"

#include <algorithm>

namespace virtuoso::sim {

namespace {

constexpr std::int64_t trades_every_ms = 20;
constexpr std::int64_t liquidations_every_ms = 500;

/// Contracts keep the same intervals but no common beat: an exchange does not tell all of them in one moment.
/// One contract's trades stay due whenever its book is, because its beats begin at one time.
bool is_due(std::int64_t slot_ms, std::int64_t every_ms, std::size_t symbol) {
    return (slot_ms + static_cast<std::int64_t>(symbol) * ServedExchange::slot_ms) % every_ms == 0;
}

}  // namespace

SimTopic* TopicBoard::topic_named(const std::string& name) {
    if (const auto found = topics_.find(name); found != topics_.end()) {
        SimTopic* const topic = found->second.topic.get();
        return topic->market().instrument().trading ? topic : nullptr;
    }
    auto topic = make_(name, model_);
    if (!topic || !topic->market().instrument().trading) {
        return nullptr;
    }
    const std::size_t index = topic->market().instrument().index;
    Entry& entry = topics_[name];
    entry = {std::move(topic), &hub_.audience(name)};
    by_symbol_.resize(std::max(by_symbol_.size(), index + 1));
    auto& list = by_symbol_[index];
    const auto place = std::find_if(list.begin(), list.end(), [&](const Entry* other) {
        return other->topic->turn() > entry.topic->turn();
    });
    list.insert(place, &entry);
    return entry.topic.get();
}

SimTopic* TopicBoard::find(std::string_view name) const {
    const auto found = topics_.find(name);
    return found == topics_.end() ? nullptr : found->second.topic.get();
}

void TopicBoard::publish(std::int64_t slot_ms, const std::function<void(SimTopic&)>& before) {
    by_symbol_.resize(std::max(by_symbol_.size(), model_.size()));
    for (std::size_t symbol = 0; symbol < by_symbol_.size(); ++symbol) {
        SymbolMarket& market = model_.market(symbol);
        for (const Entry* const entry : by_symbol_[symbol]) {
            SimTopic& topic = *entry->topic;
            if (!market.instrument().trading || !is_due(slot_ms, topic.every_ms(), symbol)) {
                continue;
            }
            if (before) {
                before(topic);
            }
            frames_.clear();
            topic.publish(slot_ms, frames_);
            for (auto& text : frames_) {
                hub_.publish(*entry->audience, std::move(text), topic.name());
            }
        }
        if (is_due(slot_ms, trades_every_ms, symbol)) {
            market.forget_trades();
        }
        if (is_due(slot_ms, liquidations_every_ms, symbol)) {
            market.forget_liquidations();
        }
    }
}

}  // namespace virtuoso::sim
