#include "analysis/evaluation/rank_correlation.hpp"

#include "base/seeded_random.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace virtuoso {

namespace {

constexpr std::size_t resamples = 500;
constexpr std::size_t blocks_max = 1'000;
constexpr std::size_t blocks_min = 10;

struct Keyed {
    std::uint32_t key;
    std::uint32_t index;
};

// Order of the bits is order of the floats, −0 and 0 being equal.
std::uint32_t sort_key(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value == 0 ? 0.0F : value);
    return (bits & 0x8000'0000U) != 0 ? ~bits : bits | 0x8000'0000U;
}

void radix_sort(std::vector<Keyed>& values) {
    std::vector<Keyed> other(values.size());
    for (int shift = 0; shift < 33; shift += 11) {
        std::array<std::size_t, 2'049> starts{};
        const auto digit = [shift](const Keyed& v) {
            return static_cast<std::size_t>((static_cast<std::uint64_t>(v.key) >> shift) & 2'047U);
        };
        for (const auto& value : values) {
            ++starts[digit(value) + 1];
        }
        for (std::size_t i = 1; i < starts.size(); ++i) {
            starts[i] += starts[i - 1];
        }
        for (const auto& value : values) {
            other[starts[digit(value)]++] = value;
        }
        values.swap(other);
    }
}

/// Sums over a block of pairs of ranks, each less the mean rank.
struct Moments {
    double n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double yy = 0;
    double xy = 0;

    void add(double a, double b) {
        n += 1;
        x += a;
        y += b;
        xx += a * a;
        yy += b * b;
        xy += a * b;
    }
    void add(const Moments& other) {
        n += other.n;
        x += other.x;
        y += other.y;
        xx += other.xx;
        yy += other.yy;
        xy += other.xy;
    }
    [[nodiscard]] double correlation() const {
        const double vx = xx - x * x / n;
        const double vy = yy - y * y / n;
        return n > 1 && vx > 0 && vy > 0 ? (xy - x * y / n) / std::sqrt(vx * vy) : 0.0;
    }
    [[nodiscard]] double mean() const { return n > 0 ? x / n : 0.0; }
};

std::size_t block_length(std::size_t samples, std::size_t block_min) {
    const auto cube_root = static_cast<std::size_t>(std::cbrt(static_cast<double>(samples)));
    return std::max({block_min, samples / blocks_max, cube_root, std::size_t{1}});
}

/// Resamples blocks with replacement and takes the 2.5th and 97.5th percentile of a statistic.
template <typename Statistic>
Interval bootstrap(const std::vector<Moments>& blocks, std::uint64_t seed, Statistic&& statistic) {
    SeededRandom random(seed);
    std::vector<double> values;
    values.reserve(resamples);
    for (std::size_t i = 0; i < resamples; ++i) {
        Moments total;
        for (std::size_t k = 0; k < blocks.size(); ++k) {
            total.add(blocks[random.below(blocks.size())]);
        }
        values.push_back(statistic(total));
    }
    std::sort(values.begin(), values.end());
    return {values[resamples / 40], values[resamples - 1 - resamples / 40]};
}

}  // namespace

std::vector<float> ranks_of(std::span<const float> values) {
    std::vector<Keyed> keyed(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        keyed[i] = {sort_key(values[i]), static_cast<std::uint32_t>(i)};
    }
    radix_sort(keyed);
    std::vector<float> ranks(values.size());
    for (std::size_t first = 0; first < keyed.size();) {
        std::size_t last = first;
        while (last + 1 < keyed.size() && keyed[last + 1].key == keyed[first].key) {
            ++last;
        }
        const float rank = static_cast<float>(first + last) / 2;
        for (; first <= last; ++first) {
            ranks[keyed[first].index] = rank;
        }
    }
    return ranks;
}

Estimate rank_correlation(std::span<const float> score, std::span<const float> outcome, std::size_t block_min,
                          std::uint64_t seed) {
    std::vector<float> x;
    std::vector<float> y;
    for (std::size_t i = 0; i < std::min(score.size(), outcome.size()); ++i) {
        if (!std::isnan(score[i]) && !std::isnan(outcome[i])) {
            x.push_back(score[i]);
            y.push_back(outcome[i]);
        }
    }
    Estimate result{.samples = x.size(), .value = 0, .low = -1, .high = 1};
    if (x.size() < 3) {
        return result;
    }
    const auto rx = ranks_of(x);
    const auto ry = ranks_of(y);
    const double mean = (static_cast<double>(x.size()) - 1) / 2;
    const std::size_t length = block_length(x.size(), block_min);
    std::vector<Moments> blocks(x.size() / length + (x.size() % length > 0 ? 1 : 0));
    Moments all;
    for (std::size_t i = 0; i < x.size(); ++i) {
        blocks[i / length].add(rx[i] - mean, ry[i] - mean);
    }
    for (const auto& block : blocks) {
        all.add(block);
    }
    result.value = all.correlation();
    if (blocks.size() >= blocks_min) {
        const auto interval = bootstrap(blocks, seed, [](const Moments& m) { return m.correlation(); });
        result.low = interval.low;
        result.high = interval.high;
    }
    return result;
}

Estimate bootstrap_mean(std::span<const double> values, std::size_t block_min, std::uint64_t seed) {
    Estimate result{.samples = values.size(), .value = 0, .low = 0, .high = 0};
    if (values.empty()) {
        return result;
    }
    const std::size_t length = std::max<std::size_t>(block_min, 1);
    std::vector<Moments> blocks(values.size() / length + (values.size() % length > 0 ? 1 : 0));
    Moments all;
    for (std::size_t i = 0; i < values.size(); ++i) {
        blocks[i / length].add(values[i], 0);
    }
    for (const auto& block : blocks) {
        all.add(block);
    }
    result.value = all.mean();
    const auto interval = bootstrap(blocks, seed, [](const Moments& m) { return m.mean(); });
    result.low = interval.low;
    result.high = interval.high;
    return result;
}

Interval wilson_interval(double share, double trials) noexcept {
    if (!(trials > 0)) {
        return {0, 1};
    }
    constexpr double z = 1.959963984540054;
    const double scale = 1 + z * z / trials;
    const double middle = (share + z * z / (2 * trials)) / scale;
    const double half = z / scale * std::sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials));
    return {std::max(middle - half, 0.0), std::min(middle + half, 1.0)};
}

}  // namespace virtuoso
