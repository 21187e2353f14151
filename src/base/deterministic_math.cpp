#include "base/deterministic_math.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace virtuoso {

namespace {

constexpr double ln2_high = 0x1.62e42feep-1;           // ln 2, upper 32 bits: k · ln2_high is exact
constexpr double ln2_low = 0x1.a39ef35793c76p-33;      // ln 2 − ln2_high
constexpr double reciprocal_ln2 = 1.4426950408889634;  // 1 / ln 2

double power_of_two(int exponent) noexcept {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

}  // namespace

// Cody–Waite reduction to |r| ≤ ln2/2, then the Taylor polynomial of degree 13.
double exponential(double x) noexcept {
    if (!(x > -708.0)) {
        return x <= -708.0 ? 0.0 : x;
    }
    if (x > 709.0) {
        return std::numeric_limits<double>::infinity();
    }
    const double k = std::floor(x * reciprocal_ln2 + 0.5);
    const double r = (x - k * ln2_high) - k * ln2_low;
    double sum = 1.0 / 6227020800.0;
    constexpr double inverse_factorials[] = {1.0 / 479001600.0,
                                             1.0 / 39916800.0,
                                             1.0 / 3628800.0,
                                             1.0 / 362880.0,
                                             1.0 / 40320.0,
                                             1.0 / 5040.0,
                                             1.0 / 720.0,
                                             1.0 / 120.0,
                                             1.0 / 24.0,
                                             1.0 / 6.0,
                                             0.5,
                                             1.0,
                                             1.0};
    for (const double coefficient : inverse_factorials) {
        sum = sum * r + coefficient;
    }
    return sum * power_of_two(static_cast<int>(k));
}

double exponential2(double x) noexcept {
    return exponential(x * 0.69314718055994530942);
}

// x = 2^k · m with m in [√½, √2); ln m = 2·artanh((m−1)/(m+1)).
double logarithm(double x) noexcept {
    if (!(x > 0.0) || !std::isfinite(x)) {
        return x == 0.0 ? -std::numeric_limits<double>::infinity() : x;
    }
    int exponent = 0;
    double mantissa = std::frexp(x, &exponent);
    if (mantissa < 0.70710678118654752440) {
        mantissa *= 2.0;
        --exponent;
    }
    const double s = (mantissa - 1.0) / (mantissa + 1.0);
    const double square = s * s;
    double sum = 0.0;
    for (int n = 23; n >= 3; n -= 2) {
        sum = (sum + 1.0 / n) * square;
    }
    const double k = exponent;
    return k * ln2_high + (2.0 * (s + s * sum) + k * ln2_low);
}

double hyperbolic_tangent(double x) noexcept {
    const double magnitude = std::fabs(x);
    if (magnitude < 1e-5) {
        return x - x * x * x / 3.0;
    }
    const double e = exponential(-2.0 * magnitude);
    return std::copysign((1.0 - e) / (1.0 + e), x);
}

}  // namespace virtuoso
