#include "api/request_limit.hpp"

#include <algorithm>

namespace virtuoso {

namespace {

constexpr std::size_t addresses_max = 4'096;
constexpr double ns_per_s = 1e9;

bool is_loopback(std::string_view address) noexcept {
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

}  // namespace

std::optional<std::int64_t> RequestLimit::refused_for_s(std::string_view address, LocalTime now) {
    const std::int64_t allowed = is_loopback(address) ? rates_.loopback : rates_.others;
    if (allowed <= 0) {
        return std::nullopt;
    }
    const auto rate = static_cast<double>(allowed);
    auto found = buckets_.find(address);
    if (found == buckets_.end()) {
        forget_full(now);
        found = buckets_.emplace(std::string(address), Bucket{.left = rate, .seen = now}).first;
    }
    Bucket& bucket = found->second;
    const double passed_s = std::max(0.0, static_cast<double>(now - bucket.seen) / ns_per_s);
    bucket.left = std::min(rate, bucket.left + passed_s * rate);
    bucket.seen = now;
    if (bucket.left < 1) {
        return 1;
    }
    bucket.left -= 1;
    return std::nullopt;
}

// After a second a bucket is full again, as a new one is.
void RequestLimit::forget_full(LocalTime now) {
    if (buckets_.size() >= addresses_max) {
        std::erase_if(buckets_, [&](const auto& each) {
            return static_cast<double>(now - each.second.seen) >= ns_per_s;
        });
    }
    if (buckets_.size() >= addresses_max) {
        buckets_.erase(buckets_.begin());  // a flood of addresses may not cost memory
    }
}

}  // namespace virtuoso
