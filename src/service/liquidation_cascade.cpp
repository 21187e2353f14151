#include "service/liquidation_cascade.hpp"

#include <algorithm>
#include <cmath>

namespace virtuoso {

void LiquidationCascade::Sums::add(const KeptLiquidation& one, double sign) noexcept {
    const Liquidation event = one.event();
    const double quote = sign * event.price.value() * event.size.value();
    (event.position == PositionSide::long_position ? long_quote : short_quote) += quote;
    count = sign > 0 ? count + 1 : count - 1;
}

void LiquidationCascade::slide(const PackedRing<KeptLiquidation>& liquidations, std::uint32_t added,
                               ExchangeTime now) {
    const std::size_t fresh = std::min<std::size_t>(added, liquidations.size());
    for (std::size_t age = fresh; age-- > 0;) {
        window_.add(liquidations.newest(age), 1);
        if (begun_) {
            all_.add(liquidations.newest(age), 1);
        }
    }
    const std::uint64_t oldest = liquidations.pushed() - liquidations.size();
    if (first_ < oldest) {  // more than the ring holds came within the window: count what is there
        first_ = oldest;
        window_ = {};
        for (std::size_t i = 0; i < liquidations.size(); ++i) {
            window_.add(liquidations[i], 1);
        }
    }
    for (; first_ < liquidations.pushed(); ++first_) {
        const auto& one = liquidations[static_cast<std::size_t>(first_ - oldest)];
        if (now - one.time < window_ms) {
            break;
        }
        window_.add(one, -1);
    }
    if (window_.count == 0) {
        window_ = {};  // sums of doubles leave a rest
    }
}

double LiquidationCascade::normal(const PackedRing<KeptLiquidation>& liquidations, ExchangeTime now,
                                  const Rule& rule) const {
    const std::int64_t heard = std::clamp<std::int64_t>(now - heard_from_, window_ms, ms_per_day);
    const double per_window = static_cast<double>(liquidations.size()) * static_cast<double>(window_ms) /
                              static_cast<double>(heard);
    return heard < ms_per_hour ? std::max(per_window, static_cast<double>(rule.liquidations_min))
                               : per_window;
}

LiquidationCascade::Report LiquidationCascade::report(const Sums& sums, double normal) const noexcept {
    return {.liquidations = sums.count,
            .long_quote = std::max(sums.long_quote, 0.0),
            .short_quote = std::max(sums.short_quote, 0.0),
            .normal = normal,
            .wanted = wanted_};
}

LiquidationCascade::Change LiquidationCascade::update(const PackedRing<KeptLiquidation>& liquidations,
                                                      std::uint32_t added, ExchangeTime now,
                                                      const Rule& rule) {
    if (heard_from_.ms == 0) {
        heard_from_ = now;
    }
    slide(liquidations, added, now);
    Change change;
    if (begun_) {
        if (static_cast<double>(window_.count) < wanted_ / 2) {
            change.ended = report(all_, normal(liquidations, now, rule));
            change.ended->duration_ms = now - *begun_;
            begun_.reset();
        }
        return change;
    }
    if (window_.count < static_cast<std::uint64_t>(std::max<std::int64_t>(rule.liquidations_min, 1))) {
        return change;
    }
    const double usual = normal(liquidations, now, rule);
    const double wanted = std::max(static_cast<double>(rule.liquidations_min), rule.multiple * usual);
    if (static_cast<double>(window_.count) >= wanted) {
        wanted_ = wanted;
        begun_ = now;
        all_ = window_;
        change.began = report(window_, usual);
    }
    return change;
}

}  // namespace virtuoso
