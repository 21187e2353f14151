// What is kept up bar by bar equals what is computed from the whole history at every step. The references are
// written from the definitions and share no code with what they check.
#include "base/seeded_random.hpp"
#include "indicators/candle_indicators.hpp"
#include "indicators/structure_indicators.hpp"
#include "indicators/volume_indicators.hpp"
#include "indicators/volume_profile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace virtuoso {
namespace {

std::vector<Bar> random_history(std::uint64_t seed, std::size_t count) {
    SeededRandom random(seed);
    std::vector<Bar> bars;
    double price = 1'000;
    std::int64_t time = 1'699'999'980'000;
    for (std::size_t i = 0; i < count; ++i) {
        time += random.below(40) == 0 ? 7 * ms_per_minute : ms_per_minute;  // with holes
        const double open = price;
        const double scale = random.below(25) == 0 ? 12 : 2;
        price = std::max(10.0, price + scale * (random.uniform() - 0.5) * 2);
        bars.push_back({.open_time = {time},
                        .open = open,
                        .high = std::max(open, price) + random.uniform(),
                        .low = std::min(open, price) - random.uniform(),
                        .close = price,
                        .volume = random.below(30) == 0 ? 0.0 : 1 + 99 * random.uniform()});
    }
    return bars;
}

void expect_close(std::optional<double> value, std::optional<double> reference, const char* what,
                  std::size_t at) {
    ASSERT_EQ(value.has_value(), reference.has_value()) << what << " at " << at;
    if (value) {
        EXPECT_NEAR(*value, *reference, 1e-9 * std::max(1.0, std::fabs(*reference))) << what << " at " << at;
    }
}

class Reference {
  public:
    explicit Reference(std::span<const Bar> bars) : bars_(bars) {}

    /// Begins with the first bar's volume, as TA-Lib does.
    [[nodiscard]] double obv() const {
        double line = bars_.front().volume;
        for (std::size_t i = 1; i < bars_.size(); ++i) {
            const double change = bars_[i].close - bars_[i - 1].close;
            line += change > 0 ? bars_[i].volume : change < 0 ? -bars_[i].volume : 0.0;
        }
        return line;
    }
    [[nodiscard]] double adl() const {
        double line = 0;
        for (const auto& b : bars_) {
            line += flow(b);
        }
        return line;
    }
    [[nodiscard]] std::optional<double> cmf() const {
        if (bars_.size() < 20) {
            return std::nullopt;
        }
        double money = 0;
        double volume = 0;
        for (const auto& b : bars_.last(20)) {
            money += flow(b);
            volume += b.volume;
        }
        return volume > 0 ? std::optional(money / volume) : std::nullopt;
    }
    [[nodiscard]] std::optional<double> sma(std::size_t n) const {
        if (bars_.size() < n) {
            return std::nullopt;
        }
        double sum = 0;
        for (const auto& b : bars_.last(n)) {
            sum += b.close;
        }
        return sum / static_cast<double>(n);
    }
    /// Seeded by the mean of the first n closes, then α = 2/(n + 1).
    [[nodiscard]] std::optional<double> ema(std::size_t n) const {
        if (bars_.size() < n) {
            return std::nullopt;
        }
        double value = 0;
        for (std::size_t i = 0; i < n; ++i) {
            value += bars_[i].close / static_cast<double>(n);
        }
        for (std::size_t i = n; i < bars_.size(); ++i) {
            value += 2.0 / (static_cast<double>(n) + 1) * (bars_[i].close - value);
        }
        return value;
    }
    [[nodiscard]] std::optional<double> vwap_day() const {
        double turnover = 0;
        double volume = 0;
        for (const auto& b : bars_) {
            if (b.open_time.ms / ms_per_day == bars_.back().open_time.ms / ms_per_day) {
                turnover += (b.high + b.low + b.close) / 3 * b.volume;
                volume += b.volume;
            }
        }
        return volume > 0 ? std::optional(turnover / volume) : std::nullopt;
    }
    /// Price of the newest bar that is a strict extreme of itself and five bars on each side.
    [[nodiscard]] std::optional<double> last_swing(bool high) const {
        for (std::size_t i = bars_.size(); i-- > 0;) {
            if (i + 5 >= bars_.size() || i < 5) {
                continue;
            }
            bool extreme = true;
            for (std::size_t k = i - 5; k <= i + 5; ++k) {
                extreme = extreme &&
                          (k == i || (high ? bars_[k].high < bars_[i].high : bars_[k].low > bars_[i].low));
            }
            if (extreme) {
                return high ? bars_[i].high : bars_[i].low;
            }
        }
        return std::nullopt;
    }
    /// Volume per bin over the bars of the last day, from nothing.
    [[nodiscard]] std::vector<double> profile() const {
        std::vector<Bar> day;
        for (const auto& b : bars_) {
            if (bars_.back().open_time - b.open_time < ms_per_day) {
                day.push_back(b);
            }
        }
        const double low =
            std::min_element(day.begin(), day.end(), [](auto& a, auto& b) { return a.low < b.low; })->low;
        const double high =
            std::max_element(day.begin(), day.end(), [](auto& a, auto& b) { return a.high < b.high; })->high;
        const double width = (high - low) / 100;
        std::vector<double> bins(100);
        for (const auto& b : day) {
            for (std::size_t i = 0; i < bins.size(); ++i) {
                const double from = low + static_cast<double>(i) * width;
                const double covered = std::min(b.high, from + width) - std::max(b.low, from);
                bins[i] += b.high > b.low ? std::max(covered, 0.0) / (b.high - b.low) * b.volume : 0.0;
            }
        }
        return bins;
    }

  private:
    static double flow(const Bar& b) {
        return b.high > b.low ? (2 * b.close - b.high - b.low) / (b.high - b.low) * b.volume : 0.0;
    }
    std::span<const Bar> bars_;
};

TEST(Incremental, EqualsTheWholeHistoryAtEveryStep) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto bars = random_history(seed, 1'900);
        CandleIndicators candles;
        SwingDetector swings;
        VolumeProfile profile;
        for (std::size_t i = 0; i < bars.size(); ++i) {
            candles.update(bars[i]);
            swings.update(bars[i], ms_per_minute);
            profile.update(bars[i]);
            const Reference all(std::span<const Bar>(bars).first(i + 1));
            expect_close(candles.obv.value(), all.obv(), "obv", i);
            expect_close(candles.adl.value(), all.adl(), "adl", i);
            expect_close(candles.cmf.value(), all.cmf(), "cmf", i);
            expect_close(candles.sma20.value(), all.sma(20), "sma20", i);
            expect_close(candles.ema50.value(), all.ema(50), "ema50", i);
            expect_close(candles.ema200.value(), all.ema(200), "ema200", i);
            expect_close(candles.vwap_day.value(), all.vwap_day(), "vwap", i);
            const auto price = [](const std::optional<Swing>& swing) {
                return swing ? std::optional(swing->price) : std::nullopt;
            };
            expect_close(price(swings.last_high()), all.last_swing(true), "swing high", i);
            expect_close(price(swings.last_low()), all.last_swing(false), "swing low", i);
            if (i % 19 == 0) {
                const auto bins = all.profile();
                const double total = std::accumulate(bins.begin(), bins.end(), 0.0);
                for (std::size_t k = 0; k < bins.size(); ++k) {
                    ASSERT_NEAR(profile.volumes()[k], bins[k], 1e-6 * std::max(total, 1.0))
                        << "bin " << k << " at " << i;
                }
            }
            if (HasFailure()) {
                return;
            }
        }
    }
}

TEST(Incremental, NoHistoryMakesANumberThatIsNone) {
    const auto finite = [](std::optional<double> value) { return !value || std::isfinite(*value); };
    const auto check = [&](const std::vector<Bar>& bars) {
        CandleIndicators candles;
        VolumeIndicators volume;
        StructureIndicators structure;
        for (const auto& b : bars) {
            structure.update(b, ms_per_minute, candles.atr14.value(), volume.relative.mean_before());
            volume.update(b);
            candles.update(b);
            EXPECT_TRUE(finite(candles.rsi.value()) && finite(candles.cci.value()) &&
                        finite(candles.williams_r.value()) && finite(candles.adx.value()) &&
                        finite(candles.cmf.value()) && finite(candles.vwap_day.value()) &&
                        finite(volume.relative.value()) && finite(volume.adl_slope.value()));
        }
    };
    std::vector<Bar> flat;
    std::vector<Bar> silent;
    std::vector<Bar> crash;
    for (int i = 0; i < 400; ++i) {
        const ExchangeTime time{(1'000'000 + i) * ms_per_minute};
        flat.push_back({.open_time = time, .open = 5, .high = 5, .low = 5, .close = 5, .volume = 3});
        silent.push_back({.open_time = time, .open = 5, .high = 6, .low = 4, .close = 5, .volume = 0});
        const double price = i < 200 ? 1'000 : 100;
        const double open = i == 200 ? 1'000 : price;
        crash.push_back(
            {.open_time = time, .open = open, .high = open, .low = price, .close = price, .volume = 3});
    }
    check(flat);
    check(silent);
    check(crash);
}

}  // namespace
}  // namespace virtuoso
