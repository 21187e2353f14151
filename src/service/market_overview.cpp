#include "service/market_overview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace virtuoso {

namespace {

void count_changes(MarketOverview& overview, std::span<const TickerSample> samples) {
    double sum = 0;
    ExchangeTime newest;
    for (const auto& sample : samples) {
        overview.turnover += sample.turnover_24h.value_or(0);
        if (!sample.change_24h) {
            continue;
        }
        const double change = *sample.change_24h;
        ++overview.total;
        ++(change > 0 ? overview.gainers : change < 0 ? overview.losers : overview.unchanged);
        sum += change;
        newest = std::max(newest, sample.time);
    }
    if (overview.total == 0) {
        return;
    }
    overview.age_ms = std::max<std::int64_t>(0, overview.as_of - newest);
    const auto count = static_cast<double>(overview.total);
    overview.mean_change = sum / count;
    double square = 0;
    for (const auto& sample : samples) {
        const double distance = sample.change_24h ? *sample.change_24h - overview.mean_change : 0.0;
        square += distance * distance;
    }
    overview.dispersion = std::sqrt(square / count);
}

/// Those that moved to this side, farthest first.
std::vector<Mover> movers_of(std::span<const TickerSample> samples, double side) {
    std::vector<const TickerSample*> moved;
    for (const auto& sample : samples) {
        if (sample.change_24h && side * *sample.change_24h > 0) {
            moved.push_back(&sample);
        }
    }
    const std::size_t count = std::min(moved.size(), MarketOverview::movers_max);
    const auto farther = [side](const TickerSample* a, const TickerSample* b) {
        return *a->change_24h != *b->change_24h ? side * *a->change_24h > side * *b->change_24h
                                                : a->symbol < b->symbol;
    };
    std::ranges::partial_sort(moved, moved.begin() + static_cast<std::ptrdiff_t>(count), farther);
    std::vector<Mover> movers;
    movers.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        movers.push_back({moved[i]->symbol, *moved[i]->change_24h, moved[i]->turnover_24h.value_or(0),
                          moved[i]->last_price});
    }
    return movers;
}

std::string top_text(std::string_view what, const std::vector<Mover>& movers) {
    return movers.empty()
               ? std::string{}
               : fmt::format("{} {} {:+.2f} %", what, movers.front().symbol, movers.front().change_24h * 100);
}

}  // namespace

bool is_usdt_perpetual(std::string_view symbol) noexcept {
    return symbol.size() > 4 && symbol.ends_with("USDT");
}

MarketOverview MarketOverviewMaker::make(std::span<const TickerSample> samples,
                                         std::optional<RealisedVolatility> bitcoin, ExchangeTime as_of) {
    std::vector<TickerSample> counted;
    counted.reserve(samples.size());
    std::ranges::copy_if(samples, std::back_inserter(counted),
                         [](const TickerSample& sample) { return is_usdt_perpetual(sample.symbol); });
    MarketOverview overview;
    overview.as_of = as_of;
    overview.bitcoin = bitcoin;
    count_changes(overview, counted);
    line_.update(counted, as_of);
    overview.advance_decline = line_.value();
    overview.regime = regime_.update({overview.gainers, overview.losers, overview.total, overview.mean_change,
                                      overview.dispersion, bitcoin});
    overview.regime_rule = regime_.rule();
    overview.top_gainers = movers_of(counted, 1);
    overview.top_losers = movers_of(counted, -1);
    return overview;
}

std::string breadth_line(const MarketOverview& overview) {
    return fmt::format("{} gainers, {} losers ({} total)", overview.gainers, overview.losers, overview.total);
}

std::string movers_line(const MarketOverview& overview) {
    std::string line = fmt::format("Updated movers: {} gainers, {} losers from {} symbols",
                                   overview.top_gainers.size(), overview.top_losers.size(), overview.total);
    for (const auto& top :
         {top_text("top gainer", overview.top_gainers), top_text("top loser", overview.top_losers)}) {
        if (!top.empty()) {
            line += fmt::format("{} {}", line.contains(';') ? "," : ";", top);
        }
    }
    return line;
}

}  // namespace virtuoso
