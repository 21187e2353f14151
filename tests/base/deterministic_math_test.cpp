#include "base/deterministic_math.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

namespace virtuoso {
namespace {

TEST(DeterministicMath, AgreesWithTheLibraryToAFewUlp) {
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> wide(-700, 700);
    std::uniform_real_distribution<double> narrow(-3, 3);
    for (int i = 0; i < 200'000; ++i) {
        const double x = wide(random);
        ASSERT_NEAR(exponential(x) / std::exp(x), 1.0, 1e-15) << x;
        const double y = narrow(random);
        ASSERT_NEAR(hyperbolic_tangent(y), std::tanh(y), 5e-16) << y;
        ASSERT_NEAR(exponential2(y) / std::exp2(y), 1.0, 2e-15) << y;
        const double z = std::exp(x);
        ASSERT_NEAR(logarithm(z), std::log(z), 4e-16 * std::fmax(1.0, std::fabs(x))) << z;
    }
}

TEST(DeterministicMath, EdgesAreFiniteOrSaturate) {
    EXPECT_EQ(exponential(0), 1.0);
    EXPECT_EQ(exponential(-1e9), 0.0);
    EXPECT_TRUE(std::isinf(exponential(1e9)));
    EXPECT_EQ(hyperbolic_tangent(0), 0.0);
    EXPECT_EQ(hyperbolic_tangent(1e9), 1.0);
    EXPECT_EQ(hyperbolic_tangent(-1e9), -1.0);
    EXPECT_EQ(logarithm(1), 0.0);
    EXPECT_TRUE(std::isnan(exponential(NAN)));
}

// The bits themselves are part of the contract: they are what makes replays equal on every machine.
TEST(DeterministicMath, BitsAreFixed) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (int i = -4000; i <= 4000; ++i) {
        const double x = i / 997.0;
        for (const double y : {exponential(x), hyperbolic_tangent(x), logarithm(std::fabs(x) + 0.001)}) {
            hash = (hash ^ std::bit_cast<std::uint64_t>(y)) * 0x100000001b3;
        }
    }
    EXPECT_EQ(hash, 0x060e8c51164d75daU) << std::hex << hash;
}

}  // namespace
}  // namespace virtuoso
