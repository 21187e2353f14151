// The topics that clients of a simulated exchange have asked for.
#pragma once

#include "sim/market_model.hpp"
#include "sim/stream_hub.hpp"
#include "sim/topic.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso::sim {

/// Makes each topic when it is first asked for and lets it speak when it is due: a symbol's trades before the
/// book they changed, its candles last. O(topics) a slot.
class TopicBoard {
  public:
    /// nullptr when the exchange has no topic of that name.
    using Make = std::function<std::unique_ptr<SimTopic>(const std::string& name, MarketModel& model)>;

    TopicBoard(MarketModel& model, StreamHub& hub, Make make)
        : model_(model), hub_(hub), make_(std::move(make)) {}

    /// nullptr when there is none, or its contract is not traded.
    [[nodiscard]] SimTopic* topic_named(const std::string& name);
    /// nullptr while nobody has asked for it.
    [[nodiscard]] SimTopic* find(std::string_view name) const;
    /// Publishes what is due at `slot_ms`; `before` is told each topic first.
    void publish(std::int64_t slot_ms, const std::function<void(SimTopic&)>& before = {});

  private:
    struct Entry {
        std::unique_ptr<SimTopic> topic;
        const StreamHub::Audience* audience = nullptr;
    };

    MarketModel& model_;
    StreamHub& hub_;
    Make make_;
    std::map<std::string, Entry, std::less<>> topics_;
    std::vector<std::vector<const Entry*>> by_symbol_;
    std::vector<std::string> frames_;
};

}  // namespace virtuoso::sim
