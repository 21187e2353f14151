// Elementary functions made of IEEE basic operations only.
//
// The C library picks its own variants by CPU (with or without fused multiply-add), so its last bit
// differs between machines. These do not: the same input gives the same bits everywhere.
#pragma once

namespace virtuoso {

/// e^x; relative error below 4e-16. Saturates to 0 and +inf outside ±745.
[[nodiscard]] double exponential(double x) noexcept;
/// 2^x, for half-life decay.
[[nodiscard]] double exponential2(double x) noexcept;
/// Natural logarithm of a positive finite number; relative error below 4e-16.
[[nodiscard]] double logarithm(double x) noexcept;
/// Hyperbolic tangent; absolute error below 4e-16.
[[nodiscard]] double hyperbolic_tangent(double x) noexcept;

}  // namespace virtuoso
