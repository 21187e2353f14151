#include "simulated_market.hpp"

#include <fmt/format.h>

#include <iterator>

namespace virtuoso::bench {

namespace {

std::string levels_text(std::span<const BookLevel> levels) {
    std::string text;
    for (const auto& level : levels) {
        text += fmt::format(R"({}["{:.2f}","{:.3f}"])", text.empty() ? "" : ",", level.price.value(),
                            level.size.value());
    }
    return text;
}

std::string book_text(std::string_view type, ExchangeTime time, std::uint64_t id,
                      std::span<const BookLevel> bids, std::span<const BookLevel> asks) {
    return fmt::format(
        R"({{"topic":"orderbook.200.{}","type":"{}","ts":{},"data":{{"s":"{}","b":[{}],"a":[{}],"u":{},"seq":{}}},"cts":{}}})",
        SimulatedMarket::symbol, type, time.ms, SimulatedMarket::symbol, levels_text(bids), levels_text(asks),
        id, 7'000'000 + id, time.ms - 2);
}

}  // namespace

SimulatedMarket::SimulatedMarket(std::uint64_t seed, std::size_t depth) : random_(seed), depth_(depth) {
    for (std::size_t i = 0; i < depth; ++i) {
        const auto offset = static_cast<std::int64_t>(i);
        bids_[touch_ - 1 - offset] = random_size();
        asks_[touch_ + offset] = random_size();
    }
}

std::int64_t SimulatedMarket::random_size() {
    return static_cast<std::int64_t>(1 + random_() % 4'000) * (decimal_scale / 1'000);
}

BookSnapshot SimulatedMarket::snapshot() {
    bid_levels_.clear();
    ask_levels_.clear();
    for (auto level = bids_.rbegin(); level != bids_.rend(); ++level) {
        bid_levels_.push_back({Price{level->first * tick_units}, Size{level->second}});
    }
    for (const auto& [tick, size] : asks_) {
        ask_levels_.push_back({Price{tick * tick_units}, Size{size}});
    }
    return {.time = now_,
            .update_id = update_id_,
            .depth = static_cast<int>(depth_),
            .bids = bid_levels_,
            .asks = ask_levels_};
}

// Distances from the touch are geometric: half of the changes fall on the first seven ticks.
void SimulatedMarket::change_level(bool bid) {
    std::geometric_distribution<std::int64_t> distance(0.1);
    const std::int64_t away = distance(random_);
    const std::int64_t tick = bid ? touch_ - 1 - away : touch_ + away;
    Levels& side = bid ? bids_ : asks_;
    const auto found = side.find(tick);
    const bool remove = found != side.end() && side.size() > 2 && random_() % 4 == 0;
    const std::int64_t size = remove ? 0 : random_size();
    if (remove) {
        side.erase(found);
    } else {
        side[tick] = size;
    }
    (bid ? bid_levels_ : ask_levels_).push_back({Price{tick * tick_units}, Size{size}});
}

void SimulatedMarket::cut_back(bool bid) {
    Levels& side = bid ? bids_ : asks_;
    while (side.size() > depth_) {
        const auto last = bid ? side.begin() : std::prev(side.end());
        (bid ? bid_levels_ : ask_levels_).push_back({Price{last->first * tick_units}, Size{}});
        side.erase(last);
    }
}

// Levels the touch jumps over vanish from one side and appear on the other.
void SimulatedMarket::move_touch() {
    const auto step = static_cast<std::int64_t>(random_() % 3) - 1;
    touch_ += step;
    const std::int64_t crossed = step > 0 ? touch_ - 1 : touch_;
    Levels& losing = step > 0 ? asks_ : bids_;
    if (losing.erase(crossed) > 0) {
        (step > 0 ? ask_levels_ : bid_levels_).push_back({Price{crossed * tick_units}, Size{}});
    }
}

BookDelta SimulatedMarket::delta() {
    bid_levels_.clear();
    ask_levels_.clear();
    if (random_() % 4 == 0) {
        move_touch();
    }
    const std::size_t wanted = 6 + random_() % 3;
    while (bid_levels_.size() + ask_levels_.size() < wanted) {
        change_level(random_() % 2 == 0);
    }
    cut_back(true);
    cut_back(false);
    const std::uint64_t previous = update_id_++;
    return {.time = now_,
            .first_update_id = update_id_,
            .last_update_id = update_id_,
            .previous_update_id = previous,
            .depth = static_cast<int>(depth_),
            .bids = bid_levels_,
            .asks = ask_levels_};
}

TradePrint SimulatedMarket::trade() {
    const bool buy = random_() % 2 == 0;
    return {.time = now_,
            .price = {(buy ? touch_ : touch_ - 1) * tick_units},
            .size = {random_size()},
            .taker = buy ? Side::buy : Side::sell,
            .id = trade_id_++};
}

std::string SimulatedMarket::snapshot_frame() {
    const BookSnapshot book = snapshot();
    return book_text("snapshot", book.time, book.update_id, book.bids, book.asks);
}

std::string SimulatedMarket::delta_frame() {
    const BookDelta book = delta();
    return book_text("delta", book.time, book.last_update_id, book.bids, book.asks);
}

std::string SimulatedMarket::trade_frame() {
    const TradePrint print = trade();
    return fmt::format(
        R"({{"topic":"publicTrade.{0}","type":"snapshot","ts":{1},"data":[{{"T":{1},"s":"{0}","S":"{2}","v":"{3:.3f}","p":"{4:.2f}","L":"ZeroPlusTick","i":"20f43950-d8dd-5b31-9112-a178eb6{5:05}","BT":false,"seq":{5}}}]}})",
        symbol, now_.ms, print.taker == Side::buy ? "Buy" : "Sell", print.size.value(), print.price.value(),
        print.id);
}

std::string SimulatedMarket::ticker_frame() {
    return fmt::format(
        R"({{"topic":"tickers.{0}","type":"delta","data":{{"symbol":"{0}","lastPrice":"{1:.2f}","markPrice":"{1:.2f}","openInterest":"{2:.3f}","openInterestValue":"{3:.2f}","bid1Price":"{1:.2f}","bid1Size":"{4:.3f}"}},"cs":{5},"ts":{5}}})",
        symbol, mid().value(), 50'000 + static_cast<double>(random_() % 1'000) / 7.0, 3.25e9,
        Size{random_size()}.value(), now_.ms);
}

FrameSet bybit_book_frames(std::size_t deltas) {
    SimulatedMarket market(1, 200);
    FrameSet frames;
    frames.add(market.snapshot_frame());
    for (std::size_t i = 0; i < deltas; ++i) {
        market.advance(20);
        frames.add(market.delta_frame());
    }
    return frames;
}

}  // namespace virtuoso::bench
