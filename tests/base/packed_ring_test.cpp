// Whatever is packed comes back as it was.
#include "base/packed_ring.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <limits>
#include <random>

namespace virtuoso {
namespace {

struct Row {
    std::int64_t key = 0;
    std::int64_t number = 0;
    double real = 0;
    bool flag = false;
};

}  // namespace

template <>
struct PackedColumns<Row> {
    static constexpr std::size_t columns = 4;
    static constexpr std::uint32_t reals = 0b100;
    static constexpr std::size_t block = 16;
    using Numbers = std::array<std::int64_t, columns>;

    static Numbers numbers_of(const Row& row) noexcept {
        return {row.key, row.number, std::bit_cast<std::int64_t>(row.real), row.flag ? 1 : 0};
    }
    static Row record_of(const Numbers& numbers) noexcept {
        return {numbers[0], numbers[1], std::bit_cast<double>(numbers[2]), numbers[3] != 0};
    }
};

namespace {

/// By bits: −0 is not 0, and a NaN is itself.
bool same(const Row& a, const Row& b) {
    return PackedColumns<Row>::numbers_of(a) == PackedColumns<Row>::numbers_of(b);
}

/// Numbers as markets have them, and as they never should.
class Values {
  public:
    explicit Values(unsigned seed) : random_(seed) {}

    std::int64_t whole() {
        constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
        constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
        constexpr std::array<std::int64_t, 10> extreme{
            least, least + 1, -1, 0, 1, most - 1, most, 1LL << 32, (1LL << 53) + 1, -(1LL << 56)};
        switch (kind_) {
            case 0:
                return 6'500'000'000'000 + below(1'000) * 10'000'000;
            case 1:
                return extreme[static_cast<std::size_t>(below(10))];
            case 2:
                return static_cast<std::int64_t>(random_());
            case 3:
                return -1'000 + below(3);
            case 4:
                return 42;
            default:
                return below(2) == 0 ? most - below(5) * 7 : least + below(5) * 3;
        }
    }
    double real() {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        constexpr double infinite = std::numeric_limits<double>::infinity();
        constexpr std::array<double, 12> extreme{0.0,
                                                 -0.0,
                                                 nan,
                                                 -nan,
                                                 infinite,
                                                 -infinite,
                                                 5e-324,
                                                 1e-9,
                                                 1e300,
                                                 90071992.54740992,
                                                 90071992.54740993,
                                                 -1e-8};
        switch (kind_) {
            case 0:
                return static_cast<double>(below(1'000'000'000)) / 1e8;
            case 1:
                return extreme[static_cast<std::size_t>(below(12))];
            case 2:
                return std::bit_cast<double>(random_());
            case 3:
                return static_cast<double>(below(1'000'000)) / 1e3 * 1.1;
            case 4:
                return 0.1;
            default:
                return below(20) == 0 ? std::sqrt(2.0) : static_cast<double>(below(100)) / 100 - 0.5;
        }
    }
    Row row(std::int64_t key) { return {key, whole(), real(), below(2) == 0}; }
    std::int64_t below(std::uint64_t limit) { return static_cast<std::int64_t>(random_() % limit); }
    void change_kind() { kind_ = below(6); }

  private:
    std::mt19937_64 random_;
    std::int64_t kind_ = 0;
};

void expect_like(const PackedRing<Row>& ring, const std::deque<Row>& model) {
    ASSERT_EQ(ring.size(), model.size());
    for (std::size_t k = 0; k < model.size(); ++k) {
        ASSERT_TRUE(same(ring[k], model[k])) << k;
        ASSERT_EQ(ring.key(k), model[k].key);
    }
    std::size_t at = model.size() / 3;
    ring.each(at, model.size(), [&](const Row& row) { ASSERT_TRUE(same(row, model[at++])); });
    ASSERT_EQ(at, model.size());
    if (!model.empty()) {
        ASSERT_TRUE(same(ring.front(), model.front()));
        ASSERT_TRUE(same(ring.back(), model.back()));
        ASSERT_TRUE(same(ring.newest(model.size() - 1), model.front()));
    }
}

// Any order of what a ring can do, with numbers of every kind beside each other.
void walk_like_a_deque(std::size_t capacity, unsigned seed) {
    Values values(seed);
    PackedRing<Row> ring(capacity);
    std::deque<Row> model;
    std::int64_t key = 0;
    for (int i = 0; i < 1'500; ++i) {
        const auto what = values.below(100);
        if (what < 20 && !model.empty()) {
            ring.pop_front();
            model.pop_front();
        } else if (what < 24 && !model.empty()) {
            const auto place = static_cast<std::size_t>(values.below(model.size()));
            model[place] = values.row(model[place].key);
            ring.set(place, model[place]);
        } else if (what < 28) {
            values.change_kind();
            const std::size_t before = ring.bytes();
            const std::size_t freed = ring.shrink();
            ASSERT_EQ(freed, before - ring.bytes());
        } else if (what == 28 && values.below(10) == 0) {
            ring.clear();
            model.clear();
            ring.begin_after(static_cast<std::size_t>(values.below(16)));
        } else {
            key += values.below(3) * (values.below(50) == 0 ? 1LL << 50 : 1'000);
            const Row row = values.row(key);
            ASSERT_EQ(ring.push(row), model.size() == capacity);
            model.push_back(row);
            if (model.size() > capacity) {
                model.pop_front();
            }
        }
        ASSERT_NO_FATAL_FAILURE(expect_like(ring, model)) << "capacity " << capacity << " seed " << seed;
    }
}

TEST(PackedRing, BehavesLikeADequeThatDropsItsFrontWhateverItHolds) {
    for (const std::size_t capacity : {1, 15, 16, 17, 100}) {
        for (unsigned seed = 1; seed <= 6; ++seed) {
            ASSERT_NO_FATAL_FAILURE(walk_like_a_deque(capacity, seed));
        }
    }
}

TEST(PackedRing, FindsKeys) {
    PackedRing<Row> ring(100);
    for (std::int64_t i = 0; i < 150; ++i) {
        ring.push({.key = i / 3 * 10});
    }
    EXPECT_EQ(ring.place_of(0), 0U);
    EXPECT_EQ(ring.place_of(170), 1U) << "of 50 to 149 the first has 160, the next 170";
    EXPECT_EQ(ring.place_of(171), 4U);
    EXPECT_EQ(ring.place_of(490), 97U);
    EXPECT_EQ(ring.place_of(491), 100U);
}

// A tick, a lot, a step of time: a byte or two each, however large the numbers are.
TEST(PackedRing, KeepsWhatMarketsSayInFewBytes) {
    std::mt19937_64 random(3);
    PackedRing<Row> ring(10'000);
    for (std::int64_t i = 0; i < 20'000; ++i) {
        const auto step = [&](std::uint64_t limit) { return static_cast<std::int64_t>(random() % limit); };
        ring.push({.key = 1'700'000'000'000 + i * 60'000,
                   .number = 6'500'000'000'000 + step(250) * 10'000'000,
                   .real = static_cast<double>(100'000'000 + step(250) * 100'000) / 1e8});
    }
    constexpr std::size_t frames = 4 * 17 + 8 + sizeof(PackedBlock) * 2;  // of 16 rows
    EXPECT_LE(ring.bytes(), 10'000 * 3 + 10'000 / 16 * frames + 2'000);
}

TEST(PackedRing, GrowsByOneBlockAtATimeAndGivesBack) {
    Values values(5);
    PackedRing<Row> ring(2'000);
    constexpr std::size_t step = 16 * sizeof(Row) + 128 * sizeof(PackedBlock);
    for (std::int64_t i = 0; i < 6'000; ++i) {
        const std::size_t before = ring.bytes();
        ring.push(values.row(i));
        ASSERT_LE(ring.bytes(), before + step);
    }
    const std::size_t full = ring.bytes();
    while (ring.size() > 20) {
        ring.pop_front();
    }
    ring.shrink();
    EXPECT_LT(ring.bytes(), full / 20);
    EXPECT_EQ(ring.key(0), 5'980);
    ring.clear();
    ring.shrink();
    EXPECT_LE(ring.bytes(), 2 * sizeof(PackedBlock)) << "the places of two blocks, without the blocks";
}

}  // namespace
}  // namespace virtuoso
