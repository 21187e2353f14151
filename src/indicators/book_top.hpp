// The levels near the touch, copied out of a book.
#pragma once

#include "market/order_book.hpp"

#include <algorithm>
#include <array>

namespace virtuoso {

/// Up to 25 levels a side, best first.
struct BookTop {
    static constexpr std::size_t levels_max = 25;

    std::array<BookLevel, levels_max> bids{};
    std::array<BookLevel, levels_max> asks{};
    std::size_t bid_count = 0;
    std::size_t ask_count = 0;

    [[nodiscard]] static BookTop of(const BookView& book) {
        BookTop top;
        top.bid_count = book.top_bids(top.bids);
        top.ask_count = book.top_asks(top.asks);
        return top;
    }
    /// For `base/archive.hpp`.
    template <typename Self, typename Archive>
    static void fields(Self& self, Archive& archive) {
        archive(self.bids, self.asks, self.bid_count, self.ask_count);
        archive.check(self.bid_count <= levels_max && self.ask_count <= levels_max);
    }
    [[nodiscard]] bool two_sided() const noexcept { return bid_count > 0 && ask_count > 0; }
    /// Precondition of the rest: two-sided.
    [[nodiscard]] double mid() const noexcept { return (bids[0].price.value() + asks[0].price.value()) / 2; }
    [[nodiscard]] double spread() const noexcept { return asks[0].price.value() - bids[0].price.value(); }
    [[nodiscard]] double spread_bps() const noexcept { return spread() / mid() * 1e4; }

    /// (Σ w b − Σ w a) / (Σ w b + Σ w a) over `levels` with w = decay^i, −1…1.
    [[nodiscard]] double imbalance(std::size_t levels, double decay) const noexcept {
        double weight = 1;
        double difference = 0;
        double total = 0;
        for (std::size_t i = 0; i < std::min(levels, levels_max); ++i) {
            const double bid = i < bid_count ? bids[i].size.value() : 0;
            const double ask = i < ask_count ? asks[i].size.value() : 0;
            difference += weight * (bid - ask);
            total += weight * (bid + ask);
            weight *= decay;
        }
        return total > 0 ? difference / total : 0;
    }

    /// Size-weighted mid (Stoikov 2018, first order): leans towards the thinner side.
    [[nodiscard]] double micro_price() const noexcept {
        const double bid = bids[0].size.value();
        const double ask = asks[0].size.value();
        return (bids[0].price.value() * ask + asks[0].price.value() * bid) / (bid + ask);
    }
};

}  // namespace virtuoso
