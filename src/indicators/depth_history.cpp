#include "indicators/depth_history.hpp"

namespace virtuoso {

namespace {

// Adds a level to every band that contains it; false once it lies outside all of them or beyond what is
// known.
bool add_level(std::array<double, 4>& bands, double distance_bps, double reach_bps, double size) {
    if (distance_bps > DepthSample::bands_bps.back() || distance_bps > reach_bps) {
        return false;
    }
    for (std::size_t i = 0; i < bands.size(); ++i) {
        if (distance_bps <= DepthSample::bands_bps[i]) {
            bands[i] += size;
        }
    }
    return true;
}

}  // namespace

DepthSample DepthSample::of(const BookView& book) {
    DepthSample sample;
    const double bid = book.best_bid()->price.value();
    const double ask = book.best_ask()->price.value();
    sample.mid = (bid + ask) / 2;
    sample.spread_bps = (ask - bid) / sample.mid * 1e4;
    const double scale = 1e4 / sample.mid;
    if (const auto to = book.bids_complete_to()) {
        sample.bid_reach_bps = (sample.mid - to->value()) * scale;
    }
    if (const auto to = book.asks_complete_to()) {
        sample.ask_reach_bps = (to->value() - sample.mid) * scale;
    }
    // One side known farther than the other would look the thicker one.
    const double reach = sample.reach_bps().value_or(bands_bps.back());
    book.walk_bids([&](Price price, Size size) {
        return add_level(sample.bid, (sample.mid - price.value()) * scale, reach, size.value());
    });
    book.walk_asks([&](Price price, Size size) {
        return add_level(sample.ask, (price.value() - sample.mid) * scale, reach, size.value());
    });
    return sample;
}

void DepthHistory::update(const BookView& book, ExchangeTime time) {
    const std::int64_t second = time.ms / ms_per_second;
    if (second <= last_second_ || !book.two_sided()) {
        return;
    }
    last_second_ = second;
    const DepthSample sample = DepthSample::of(book);
    spread_.update(sample.spread_bps);
    for (std::size_t band = 0; band < sample.usable_bands(); ++band) {
        const double known = sample.known_bps(band);
        if (known > 0) {
            bid_[band].push(sample.bid[band] / known);
            ask_[band].push(sample.ask[band] / known);
        }
    }
}

}  // namespace virtuoso
