#include "indicators/spoof_detector.hpp"

#include "indicators/median.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace virtuoso {

namespace {

constexpr double iceberg_traded_share = 0.8;
constexpr double iceberg_refill_share = 0.8;
constexpr double iceberg_notional_min = 10'000;

double median_size(const BookTop& top) {
    std::array<double, 2 * BookTop::levels_max> sizes{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < top.bid_count; ++i) {
        sizes[count++] = top.bids[i].size.value();
    }
    for (std::size_t i = 0; i < top.ask_count; ++i) {
        sizes[count++] = top.asks[i].size.value();
    }
    return median_of(std::span(sizes).first(count));
}

}  // namespace

void SpoofDetector::on_trade(const TapeTrade& trade) {
    if (trade.retail) {
        return;  // it took nothing from a visible level
    }
    const Side resting = trade.taker() == Side::buy ? Side::sell : Side::buy;
    const double size = trade.size().value();
    for (std::size_t i = 0; i < candidate_count_; ++i) {
        if (candidates_[i].side == resting && candidates_[i].price == trade.price) {
            candidates_[i].executed += size;
        }
    }
    (resting == Side::buy ? bid_executed_ : ask_executed_) += size;
}

void SpoofDetector::on_book(const BookTop& before, const BookTop& after, const BookView& book,
                            ExchangeTime time) {
    if (!before.two_sided() || !after.two_sided()) {
        reset();
        return;
    }
    follow(book, time);
    for (const Side side : {Side::buy, Side::sell}) {
        const std::size_t first_new = candidate_count_;
        find_large(side, before, after, time);
        find_layers(side, first_new, time);
        find_iceberg(side, before, after, time);
    }
    bid_executed_ = 0;
    ask_executed_ = 0;
    sample(time);
}

ManipulationEvidence& SpoofDetector::now(ExchangeTime time) noexcept {
    const std::int64_t number = time.ms / ms_per_second;
    Second& second = seconds_[static_cast<std::size_t>(number) % seconds_.size()];
    if (second.number < number) {
        second = {number, {}};
    }
    return second.seen;
}

void SpoofDetector::sample(ExchangeTime time) {
    watched_from_ = watched_from_.value_or(time);
    const std::int64_t number = time.ms / sample_ms;
    if (number <= sampled_) {
        return;
    }
    sampled_ = number;
    const ManipulationEvidence minute = evidence(time);
    if (!minute.whole) {
        return;
    }
    fakes_.update(minute.bid_fake + minute.ask_fake);
}

// An order is gone when most of what it added is. Gone early and unexecuted, it was a spoof.
void SpoofDetector::follow(const BookView& book, ExchangeTime time) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < candidate_count_; ++i) {
        const Candidate candidate = candidates_[i];
        const bool expired = time - candidate.placed > pulled_within_ms;
        const Size size = candidate.side == Side::buy ? book.bid_size_at(candidate.price)
                                                      : book.ask_size_at(candidate.price);
        const bool gone = size.value() <= candidate.base + 0.1 * candidate.added;
        if (gone && !expired && candidate.executed < executed_share_max * candidate.added) {
            const double notional = candidate.added * candidate.price.value();
            ManipulationEvidence& seen = now(time);
            ++seen.spoofs;
            seen.large_pulled += notional;
            (candidate.side == Side::buy ? seen.bid_fake : seen.ask_fake) += notional;
        }
        if (!gone && !expired) {
            candidates_[kept++] = candidate;
        }
    }
    candidate_count_ = kept;
}

void SpoofDetector::find_large(Side side, const BookTop& before, const BookTop& after, ExchangeTime time) {
    const bool bids = side == Side::buy;
    const auto& old_levels = bids ? before.bids : before.asks;
    const auto& new_levels = bids ? after.bids : after.asks;
    const std::size_t old_count = bids ? before.bid_count : before.ask_count;
    const std::size_t new_count = bids ? after.bid_count : after.ask_count;
    const auto nearer = [bids](Price a, Price b) { return bids ? a > b : a < b; };
    std::optional<double> median;
    std::size_t old_index = 0;
    for (std::size_t i = 0; i < new_count && candidate_count_ < candidates_max; ++i) {
        const BookLevel& level = new_levels[i];
        while (old_index < old_count && nearer(old_levels[old_index].price, level.price)) {
            ++old_index;
        }
        if (old_index == old_count) {
            break;  // beyond what was visible before: not known to be new
        }
        const bool known = old_levels[old_index].price == level.price;
        const double base = known ? old_levels[old_index].size.value() : 0;
        const double added = level.size.value() - base;
        if (added * level.price.value() < large_notional_min) {
            continue;
        }
        median = median ? median : median_size(after);
        if (added < large_median_multiple * *median) {
            continue;
        }
        candidates_[candidate_count_++] = {side, level.price, base, added, 0, time};
        now(time).large_placed += added * level.price.value();
    }
}

// Candidates of one update are in order of price.
void SpoofDetector::find_layers(Side side, std::size_t first_new, ExchangeTime time) {
    std::size_t run = 1;
    double notional = 0;
    for (std::size_t i = first_new; i + 1 < candidate_count_; ++i) {
        const Candidate& a = candidates_[i];
        const Candidate& b = candidates_[i + 1];
        const bool equal = std::fabs(a.added - b.added) <= layer_size_tolerance * std::max(a.added, b.added);
        const bool close = std::fabs(a.price.value() - b.price.value()) <= layer_gap_max * a.price.value();
        if (!equal || !close) {
            run = 1;
            notional = 0;
            continue;
        }
        notional += (run == 1 ? a.added * a.price.value() : 0) + b.added * b.price.value();
        if (++run == 3) {
            ManipulationEvidence& seen = now(time);
            ++seen.layers;
            (side == Side::buy ? seen.bid_fake : seen.ask_fake) += notional;
        }
    }
}

void SpoofDetector::find_iceberg(Side side, const BookTop& before, const BookTop& after, ExchangeTime time) {
    const bool bids = side == Side::buy;
    const BookLevel& was = bids ? before.bids[0] : before.asks[0];
    const BookLevel& is = bids ? after.bids[0] : after.asks[0];
    const double executed = bids ? bid_executed_ : ask_executed_;
    const double shown = was.size.value();
    const bool refilled = was.price == is.price && executed >= iceberg_traded_share * shown &&
                          is.size.value() >= iceberg_refill_share * shown;
    if (refilled && executed * was.price.value() >= iceberg_notional_min) {
        ++now(time).icebergs;
    }
}

ManipulationEvidence SpoofDetector::evidence(ExchangeTime as_of) const {
    ManipulationEvidence result;
    if (fakes_.samples() >= RunningStatistics::samples_min) {
        result.usual_fake = fakes_.mean() + usual_deviations * fakes_.deviation();
    }
    result.whole = watched_from_ && as_of - *watched_from_ >= memory_ms;
    const std::int64_t last = as_of.ms / ms_per_second;
    for (const auto& [number, seen] : seconds_) {
        if (number <= last - static_cast<std::int64_t>(seconds_.size()) || number > last) {
            continue;
        }
        result.spoofs += seen.spoofs;
        result.layers += seen.layers;
        result.icebergs += seen.icebergs;
        result.bid_fake += seen.bid_fake;
        result.ask_fake += seen.ask_fake;
        result.large_placed += seen.large_placed;
        result.large_pulled += seen.large_pulled;
    }
    return result;
}

}  // namespace virtuoso
