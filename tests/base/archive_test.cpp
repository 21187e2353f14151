// What is written reads back as it was, to the bit; whatever else is read fails and gives zeros.
#include "base/archive.hpp"

#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace virtuoso {
namespace {

enum class Colour : std::uint8_t { red, green, blue };

struct Sample {
    std::int64_t number = 0;
    double real = 0;
    std::optional<Price> price;
    std::array<std::uint16_t, 3> small{};
    bool flag = false;
    Int128 large = 0;
    Colour colour = Colour::red;
    BoundedRing<double> ring{5};

    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.number, self.real, self.price, self.small, self.flag, self.large, self.ring);
        archive.choice(self.colour, 3);
        archive.check(self.number != 13);
    }
};

Sample sample_of(SeededRandom& random) {
    Sample sample;
    sample.number = static_cast<std::int64_t>(random.next());
    sample.real = static_cast<double>(random.below(1'000'000)) / 1e4;
    if (random.below(2) == 1) {
        sample.price = Price{-static_cast<std::int64_t>(random.below(1'000))};
    }
    sample.small = {0, 65'535, static_cast<std::uint16_t>(random.below(65'536))};
    sample.flag = random.below(2) == 1;
    sample.large = -(static_cast<Int128>(random.next()) << 40);
    sample.colour = static_cast<Colour>(random.below(3));
    for (std::uint64_t i = random.below(9); i > 0; --i) {
        sample.ring.push(1.0 / static_cast<double>(1 + random.below(1'000)));
    }
    return sample;
}

TEST(Archive, ReadsWhatItWrote) {
    SeededRandom random(4);
    for (int round = 0; round < 1'000; ++round) {
        const Sample sample = sample_of(random);
        ArchiveWriter writer;
        writer(sample);
        Sample read;
        ArchiveReader reader(writer.bytes());
        reader(read);
        ASSERT_TRUE(reader.whole());
        EXPECT_EQ(read.number, sample.number);
        EXPECT_EQ(std::bit_cast<std::uint64_t>(read.real), std::bit_cast<std::uint64_t>(sample.real));
        EXPECT_EQ(read.price, sample.price);
        EXPECT_EQ(read.small, sample.small);
        EXPECT_EQ(read.flag, sample.flag);
        EXPECT_TRUE(read.large == sample.large);
        EXPECT_EQ(read.colour, sample.colour);
        ASSERT_EQ(read.ring.size(), sample.ring.size());
        for (std::size_t i = 0; i < read.ring.size(); ++i) {
            EXPECT_EQ(read.ring[i], sample.ring[i]);
        }
        ArchiveWriter again;
        again(read);
        EXPECT_EQ(again.bytes(), writer.bytes());
    }
}

TEST(Archive, KeepsEveryBitOfADouble) {
    constexpr double largest = std::numeric_limits<double>::max();
    for (const double value : {0.0, -0.0, 1e-8, -1e-8, 0.1, 1.0 / 3, 4.5e7, 4.6e7, 1e300, -largest,
                               std::numeric_limits<double>::denorm_min(), 123'456.789'012'34}) {
        ArchiveWriter writer;
        writer(value);
        double read = 7;
        ArchiveReader reader(writer.bytes());
        reader(read);
        EXPECT_TRUE(reader.whole());
        EXPECT_EQ(std::bit_cast<std::uint64_t>(read), std::bit_cast<std::uint64_t>(value)) << value;
    }
}

TEST(Archive, FailsWhereBytesEndAndStaysSo) {
    SeededRandom random(5);
    const Sample sample = sample_of(random);
    ArchiveWriter writer;
    writer(sample);
    for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
        Sample read;
        ArchiveReader reader(std::string_view(writer.bytes()).substr(0, size));
        reader(read);
        EXPECT_TRUE(reader.failed()) << size;
        EXPECT_EQ(reader.integer(), 0);
        EXPECT_EQ(reader.real(), 0);
    }
}

TEST(Archive, RefusesWhatDoesNotFit) {
    const auto fails = [](const auto& written, auto read) {
        ArchiveWriter writer;
        writer(written);
        ArchiveReader reader(writer.bytes());
        reader(read);
        return reader.failed();
    };
    EXPECT_TRUE(fails(std::int64_t{65'536}, std::uint16_t{}));
    EXPECT_TRUE(fails(std::int64_t{-1}, std::uint32_t{}));
    EXPECT_TRUE(fails(std::int64_t{2}, bool{}));
    EXPECT_TRUE(fails(plausible_ms_max + 1, ExchangeTime{}));
    EXPECT_TRUE(fails(std::int64_t{6}, BoundedRing<double>(5)));
    EXPECT_TRUE(fails(std::numeric_limits<double>::infinity(), double{}));
    EXPECT_FALSE(fails(std::int64_t{65'535}, std::uint16_t{}));
    Sample unlucky;
    unlucky.number = 13;
    EXPECT_TRUE(fails(unlucky, Sample{})) << "its own condition";
}

}  // namespace
}  // namespace virtuoso
