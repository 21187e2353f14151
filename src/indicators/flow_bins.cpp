#include "indicators/flow_bins.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>
#include <utility>

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
    while (!bins_.empty() && second_of(bins_.front()) <= second - history_seconds) {
        bins_.pop_front();
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
    if (bins_.empty() || second_of(bins_.back()) != second_) {
        bins_.push({{}, static_cast<std::uint32_t>(second_ - first_second_)});
    }
    FlowBin& into = bins_.back().flow;
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

// Windows end now and most are short: in growing steps back from the newest, which was touched last.
std::size_t FlowBins::place_of(std::int64_t second) const {
    std::size_t high = bins_.size();
    std::size_t step = 1;
    while (step <= high && second_of(bins_[high - step]) >= second) {
        high -= step;
        step *= 2;
    }
    std::size_t low = step <= high ? high - step + 1 : 0;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (second_of(bins_[middle]) < second) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

FlowBins::Span FlowBins::span_of(ExchangeTime as_of, int seconds) const {
    if (second_ < 0) {
        return {};
    }
    Span span;
    const std::int64_t last = as_of.ms / ms_per_second;
    const std::int64_t kept = std::max(first_second_, second_ - history_seconds + 1);
    span.first = std::max(last - seconds + 1, kept);
    span.last = std::min(last, second_);
    span.begin = place_of(span.first);
    span.end = last >= second_ ? bins_.size() : std::max(place_of(span.last + 1), span.begin);
    return span;
}

/// The last price before a bin; 0 when it is not known.
double FlowBins::close_before(std::size_t place) const {
    double close = 0;
    while (place > 0 && close == 0) {
        close = bins_[--place].flow.close;
    }
    return close;
}

/// Calls `visit(bin)` for the window's bins, oldest first.
template <typename Visit>
FlowPath FlowBins::follow(ExchangeTime as_of, int seconds, Visit&& visit) const {
    const Span span = span_of(as_of, seconds);
    FlowPath path;
    double previous = close_before(span.begin);
    double first_price = 0;
    std::int64_t block = -1;  // the last one with trades
    if (span.begin == span.end || second_of(bins_[span.begin]) > span.first) {
        first_price = path.last_price = span.seconds() > 0 ? previous : 0;
    }
    bins_.each(span.begin, span.end, [&](const KeptBin& bin) {
        visit(bin.flow);
        const double close = bin.flow.close;
        if (close != 0) {
            const double before = previous != 0 ? previous : close;
            first_price = first_price != 0 ? first_price : before;
            path.price_square += (close - before) * (close - before);
            path.last_price = previous = close;
            ++path.traded_bins;
            path.traded_blocks += second_of(bin) / block_seconds != block ? 1 : 0;
            block = second_of(bin) / block_seconds;
        } else if (path.last_price == 0) {
            first_price = path.last_price = previous;
        }
    });
    path.price_change = path.last_price - first_price;
    path.bins = span.seconds();
    path.seconds = known_seconds(as_of, seconds);
    return path;
}

FlowWindow FlowBins::window(ExchangeTime as_of, int seconds) const {
    FlowBin total;
    const FlowPath path = follow(as_of, seconds, [&](const FlowBin& part) { add_to(total, part); });
    return {path, total};
}

FlowPath FlowBins::path(ExchangeTime as_of, int seconds) const {
    return follow(as_of, seconds, [](const FlowBin&) {});
}

FlowSides FlowBins::sides(ExchangeTime as_of, int seconds) const {
    FlowSides result;
    const Span span = span_of(as_of, seconds);
    bins_.each(span.begin, span.end, [&](const KeptBin& bin) {
        result.buy_size += bin.flow.buy_size;
        result.sell_size += bin.flow.sell_size;
        result.traded_bins += bin.flow.close != 0 ? 1 : 0;
    });
    return result;
}

PriceImpact FlowBins::price_impact(ExchangeTime as_of, int seconds) const {
    PriceImpact result;
    double buy_cross = 0;
    double buy_square = 0;
    double sell_cross = 0;
    double sell_square = 0;
    const Span span = span_of(as_of, seconds);
    double before = close_before(span.begin);
    bins_.each(span.begin, span.end, [&](const KeptBin& bin) {
        const FlowBin& part = bin.flow;
        const double previous = std::exchange(before, part.close != 0 ? part.close : before);
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

// Seconds without trades change no sum: only those with trades are walked over, twice.
double FlowBins::peak_rate(ExchangeTime as_of, int seconds, int span) const {
    const Span window = span_of(as_of, seconds);
    std::size_t oldest = window.begin;
    double sum = 0;
    double peak = 0;
    const auto notional = [](const KeptBin& bin) { return bin.flow.buy_notional + bin.flow.sell_notional; };
    bins_.each(window.begin, window.end, [&](const KeptBin& bin) {
        const auto leave_before = [&](std::int64_t second) {
            while (second_of(bins_[oldest]) < second) {
                sum -= notional(bins_[oldest++]);
            }
        };
        leave_before(second_of(bin) - span);
        sum += notional(bin);
        leave_before(second_of(bin) - span + 1);
        peak = std::max(peak, sum);
    });
    return peak / span;
}

FlowShares FlowBins::shares(ExchangeTime as_of) const {
    FlowBin total;
    const Span span = span_of(as_of, 60);
    bins_.each(span.begin, span.end, [&](const KeptBin& bin) { add_to(total, bin.flow); });
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
