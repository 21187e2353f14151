#include "indicators/flow_bins.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

constexpr double half_life_ms = 60'000;
constexpr double share_span = 600;  // seconds of history that the shares are judged by
constexpr std::int64_t cluster_gap_ms = 1'000;
constexpr std::int64_t wash_gap_ms = 100;

void add_to(FlowBin& total, const FlowBin& part) {
    total.buy_size += part.buy_size;
    total.sell_size += part.sell_size;
    total.buy_notional += part.buy_notional;
    total.sell_notional += part.sell_notional;
    total.retail_buy += part.retail_buy;
    total.retail_sell += part.retail_sell;
    total.large_buy += part.large_buy;
    total.large_sell += part.large_sell;
    total.buys += part.buys;
    total.sells += part.sells;
    total.large_trades += part.large_trades;
    total.large_clusters += part.large_clusters;
    total.wash_like += part.wash_like;
}

std::optional<double> share(double buy, double sell) {
    const double total = buy + sell;
    return total > 0 ? std::optional((buy - sell) / total) : std::nullopt;
}

}  // namespace

FlowBins::FlowBins()
    : bins_(history_seconds),
      notional_quantile_(0.95, 10'000),
      notional_history_(share_span),
      count_history_(share_span),
      large_history_(share_span) {}

void FlowBins::move_to(std::int64_t second) {
    if (second_ < 0) {
        first_second_ = second;
        second_ = second;
        return;
    }
    if (second <= second_) {
        return;
    }
    const auto current = shares({second_ * ms_per_second});
    if (current.notional) {
        notional_history_.update(*current.notional);
        count_history_.update(*current.count);
    }
    if (current.large) {
        large_history_.update(*current.large);
    }
    const auto cleared = std::min<std::int64_t>(second - second_, history_seconds);
    for (std::int64_t i = 0; i < cleared; ++i) {
        bins_[static_cast<std::size_t>((second - i) % history_seconds)] = FlowBin{};
    }
    if (second / block_seconds != second_ / block_seconds) {
        close_block();
    }
    second_ = second;
}

void FlowBins::close_block() {
    const ExchangeTime time{second_ * ms_per_second};
    const double last = last_.price.value();
    block_flow_.add(time, block_net_);
    block_move_.add(time, last - block_begin_);
    block_net_ = 0;
    block_begin_ = last;
}

void FlowBins::add(const TapeTrade& trade) {
    move_to(trade.time.ms / ms_per_second);
    FlowBin& into = bins_[static_cast<std::size_t>(second_ % history_seconds)];
    const double size = trade.size().value();
    const double notional = size * trade.price.value();
    const bool buy = trade.taker() == Side::buy;
    (buy ? into.buy_size : into.sell_size) += size;
    (buy ? into.buy_notional : into.sell_notional) += notional;
    (buy ? into.retail_buy : into.retail_sell) += trade.retail ? notional : 0;
    ++(buy ? into.buys : into.sells);
    into.close = trade.price.value();
    block_net_ += buy ? size : -size;
    block_begin_ = block_begin_ != 0 ? block_begin_ : into.close;
    add_large(into, trade, notional);
    if (trades_ > 0) {
        const bool mirrors = trade.signed_size == -last_.signed_size && trade.price == last_.price &&
                             trade.time - last_.time < wash_gap_ms;
        into.wash_like += mirrors ? 1 : 0;
        const double decay = exponential2(-static_cast<double>(trade.time - last_.time) / half_life_ms);
        decayed_signed_ *= decay;
        decayed_total_ *= decay;
    }
    decayed_signed_ += buy ? notional : -notional;
    decayed_total_ += notional;
    last_ = trade;
    ++trades_;
}

void FlowBins::add_large(FlowBin& into, const TapeTrade& trade, double notional) {
    const auto threshold = notional_quantile_.value();
    if (threshold && notional > *threshold) {
        const bool continues =
            trade.taker() == last_large_.taker() && trade.time - last_large_.time < cluster_gap_ms;
        (trade.taker() == Side::buy ? into.large_buy : into.large_sell) += notional;
        ++into.large_trades;
        into.large_clusters += continues ? 0 : 1;
        last_large_ = trade;
    }
    notional_quantile_.update(notional);
}

// Calls `visitor(bin, previous close, second)` for the bins of the window, oldest first.
template <typename Visitor>
void FlowBins::visit(ExchangeTime as_of, int seconds, Visitor&& visitor) const {
    if (second_ < 0) {
        return;
    }
    const std::int64_t last = as_of.ms / ms_per_second;
    const std::int64_t kept = std::max(first_second_, second_ - history_seconds + 1);
    const std::int64_t first = std::max(last - seconds + 1, kept);
    double previous = 0;
    for (std::int64_t second = first - 1; second >= kept && previous == 0; --second) {
        previous = bin(second).close;
    }
    for (std::int64_t second = first; second <= std::min(last, second_); ++second) {
        const FlowBin& current = bin(second);
        visitor(current, previous, second);
        previous = current.close != 0 ? current.close : previous;
    }
}

FlowWindow FlowBins::window(ExchangeTime as_of, int seconds) const {
    FlowWindow result;
    double first_price = 0;
    std::int64_t block = -1;  // the last one with trades
    visit(as_of, seconds, [&](const FlowBin& part, double previous, std::int64_t second) {
        add_to(result.total, part);
        ++result.bins;
        if (part.close != 0) {
            const double before = previous != 0 ? previous : part.close;
            first_price = first_price != 0 ? first_price : before;
            result.price_square += (part.close - before) * (part.close - before);
            result.last_price = part.close;
            ++result.traded_bins;
            result.traded_blocks += second / block_seconds != block ? 1 : 0;
            block = second / block_seconds;
        } else if (result.last_price == 0) {
            result.last_price = previous;
            first_price = previous;
        }
    });
    result.seconds = known_seconds(as_of, seconds);
    result.price_change = result.last_price - first_price;
    return result;
}

PriceImpact FlowBins::price_impact(ExchangeTime as_of, int seconds) const {
    PriceImpact result;
    double buy_cross = 0;
    double buy_square = 0;
    double sell_cross = 0;
    double sell_square = 0;
    visit(as_of, seconds, [&](const FlowBin& part, double previous, std::int64_t) {
        const double net = part.buy_notional - part.sell_notional;
        if (part.close == 0 || previous == 0 || net == 0) {
            return;
        }
        const double change_bps = (part.close - previous) / previous * 1e4;
        (net > 0 ? buy_cross : sell_cross) += net * change_bps;
        (net > 0 ? buy_square : sell_square) += net * net;
        ++(net > 0 ? result.buy_bins : result.sell_bins);
    });
    result.lambda_buy = buy_square > 0 ? buy_cross / buy_square : 0;
    result.lambda_sell = sell_square > 0 ? sell_cross / sell_square : 0;
    return result;
}

double FlowBins::peak_rate(ExchangeTime as_of, int seconds, int span) const {
    std::array<double, history_seconds> notional{};
    std::size_t count = 0;
    visit(as_of, seconds, [&](const FlowBin& part, double, std::int64_t) {
        notional[count++] = part.buy_notional + part.sell_notional;
    });
    const auto width = static_cast<std::size_t>(span);
    double sum = 0;
    double peak = 0;
    for (std::size_t i = 0; i < count; ++i) {
        sum += notional[i];
        if (i >= width) {
            sum -= notional[i - width];
        }
        peak = std::max(peak, sum);
    }
    return peak / span;
}

FlowShares FlowBins::shares(ExchangeTime as_of) const {
    FlowBin total;
    visit(as_of, 60, [&](const FlowBin& part, double, std::int64_t) { add_to(total, part); });
    return {share(total.buy_notional, total.sell_notional), share(total.buys, total.sells),
            share(total.large_buy, total.large_sell), known_seconds(as_of, 60)};
}

int FlowBins::known_seconds(ExchangeTime as_of, int seconds) const noexcept {
    const std::int64_t known = second_ < 0 ? 0 : as_of.ms / ms_per_second - first_second_ + 1;
    return static_cast<int>(std::clamp<std::int64_t>(known, 0, seconds));
}

std::optional<double> FlowBins::decayed_ratio() const {
    return decayed_total_ > 0 ? std::optional(decayed_signed_ / decayed_total_) : std::nullopt;
}

}  // namespace virtuoso
