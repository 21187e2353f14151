#include "indicators/book_flow.hpp"

#include "base/deterministic_math.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {
constexpr double imbalance_half_life_ms = 3'000;
constexpr double level_decay = 0.95;
constexpr double depth_alpha = 0.02;  // average depth over about 100 updates
}  // namespace

double order_flow_contribution(const BookLevel& bid_before, const BookLevel& ask_before,
                               const BookLevel& bid_after, const BookLevel& ask_after) noexcept {
    double flow = 0;
    if (bid_after.price >= bid_before.price) {
        flow += bid_after.size.value();
    }
    if (bid_after.price <= bid_before.price) {
        flow -= bid_before.size.value();
    }
    if (ask_after.price <= ask_before.price) {
        flow -= ask_after.size.value();
    }
    if (ask_after.price >= ask_before.price) {
        flow += ask_before.size.value();
    }
    return flow;
}

void BookFlow::update(const BookTop& top, ExchangeTime time) {
    if (!top.two_sided()) {
        reset();
        return;
    }
    const double imbalance = top.imbalance(BookTop::levels_max, level_decay);
    if (updates_ == 0) {
        imbalance_ = imbalance;
    } else {
        const auto elapsed = static_cast<double>(std::max<std::int64_t>(1, time - last_time_));
        imbalance_ += (1 - exponential2(-elapsed / imbalance_half_life_ms)) * (imbalance - imbalance_);
    }
    if (comparable_) {
        add_flow(top, time);
    }
    last_ = top;
    last_time_ = std::max(last_time_, time);
    comparable_ = true;
    ++updates_;
}

void BookFlow::add_flow(const BookTop& top, ExchangeTime time) {
    const std::int64_t second = std::max(second_, time.ms / ms_per_second);
    if (second_ < 0) {
        first_second_ = second;
        second_ = second;
    }
    if (second > second_) {
        scale_.add({second_ * ms_per_second},
                   bins_[static_cast<std::size_t>(second_ % history_seconds)].flow);
    }
    for (std::int64_t i = 0; i < std::min<std::int64_t>(second - second_, history_seconds); ++i) {
        bins_[static_cast<std::size_t>((second - i) % history_seconds)] = {};
    }
    second_ = second;
    const std::size_t before = std::min(last_.bid_count, last_.ask_count);
    const std::size_t after = std::min(top.bid_count, top.ask_count);
    double weight = 1;
    double flow = 0;
    for (std::size_t i = 0; i < std::min({before, after, ofi_levels}); ++i) {
        const double depth = (top.bids[i].size.value() + top.asks[i].size.value()) / 2;
        average_depth_[i] += (average_depth_[i] == 0 ? 1 : depth_alpha) * (depth - average_depth_[i]);
        if (average_depth_[i] > 0) {
            flow += weight * order_flow_contribution(last_.bids[i], last_.asks[i], top.bids[i], top.asks[i]) /
                    average_depth_[i];
        }
        weight *= level_decay;
    }
    Bin& bin = bins_[static_cast<std::size_t>(second_ % history_seconds)];
    bin.flow += flow;
    bin.updated = true;
}

template <typename Visitor>
void BookFlow::visit(ExchangeTime as_of, int seconds, Visitor&& visitor) const {
    if (second_ < 0) {
        return;
    }
    const std::int64_t last = as_of.ms / ms_per_second;
    const std::int64_t first = std::max({last - seconds + 1, first_second_, second_ - history_seconds + 1});
    for (std::int64_t second = first; second <= std::min(last, second_); ++second) {
        visitor(bins_[static_cast<std::size_t>(second % history_seconds)]);
    }
}

std::optional<double> BookFlow::normalised_ofi(ExchangeTime as_of, int seconds, int needed) const {
    double sum = 0;
    int bins = 0;
    visit(as_of, seconds, [&](const Bin& bin) {
        sum += bin.flow;
        bins += bin.updated ? 1 : 0;
    });
    const auto usual = scale_.value();
    if (bins < needed || !usual) {
        return std::nullopt;
    }
    return sum / (*usual * std::sqrt(static_cast<double>(bins)));
}

int BookFlow::known_seconds(ExchangeTime as_of, int seconds) const noexcept {
    const std::int64_t known = second_ < 0 ? 0 : as_of.ms / ms_per_second - first_second_ + 1;
    return static_cast<int>(std::clamp<std::int64_t>(known, 0, seconds));
}

double BookFlow::ofi(ExchangeTime as_of, int seconds) const {
    double sum = 0;
    visit(as_of, seconds, [&](const Bin& bin) { sum += bin.flow; });
    return sum;
}

}  // namespace virtuoso
