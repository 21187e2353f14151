#include "indicators/yang_zhang.hpp"

#include "base/deterministic_math.hpp"

#include <cmath>

namespace virtuoso {

void YangZhang::update(const Bar& bar) noexcept {
    if (previous_close_ > 0 && bar.low > 0) {
        const double up = logarithm(bar.high / bar.open);
        const double down = logarithm(bar.low / bar.open);
        const double session = logarithm(bar.close / bar.open);
        window_.push(
            {logarithm(bar.open / previous_close_), session, up * (up - session) + down * (down - session)});
    }
    previous_close_ = bar.close;
}

std::optional<double> YangZhang::value() const noexcept {
    if (!window_.full()) {
        return std::nullopt;
    }
    constexpr double n = static_cast<double>(period);
    constexpr double k = 0.34 / (1.34 + (n + 1) / (n - 1));
    double overnight_mean = 0;
    double session_mean = 0;
    double rogers_satchell = 0;
    for (std::size_t age = period; age-- > 0;) {
        const Part& part = window_.newest(age);
        overnight_mean += part.overnight / n;
        session_mean += part.session / n;
        rogers_satchell += part.rogers_satchell / n;
    }
    double overnight = 0;
    double session = 0;
    for (std::size_t age = period; age-- > 0;) {
        const Part& part = window_.newest(age);
        overnight += (part.overnight - overnight_mean) * (part.overnight - overnight_mean) / (n - 1);
        session += (part.session - session_mean) * (part.session - session_mean) / (n - 1);
    }
    return std::sqrt(overnight + k * session + (1 - k) * rogers_satchell);
}

}  // namespace virtuoso
