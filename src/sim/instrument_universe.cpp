#include "sim/instrument_universe.hpp"

#include "base/deterministic_math.hpp"
#include "base/seeded_random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace virtuoso::sim {

namespace {

struct KnownCoin {
    std::string_view name;
    double price;
};

constexpr std::array known_coins{
    KnownCoin{"BTC", 61'250},     KnownCoin{"ETH", 3'010},       KnownCoin{"SOL", 148},
    KnownCoin{"XRP", 0.562},      KnownCoin{"DOGE", 0.131},      KnownCoin{"BNB", 571},
    KnownCoin{"ADA", 0.418},      KnownCoin{"AVAX", 28.4},       KnownCoin{"LINK", 13.9},
    KnownCoin{"SUI", 0.96},       KnownCoin{"LTC", 71.5},        KnownCoin{"DOT", 6.05},
    KnownCoin{"BCH", 388},        KnownCoin{"NEAR", 5.21},       KnownCoin{"APT", 7.02},
    KnownCoin{"ARB", 0.742},      KnownCoin{"OP", 1.71},         KnownCoin{"FIL", 4.33},
    KnownCoin{"ATOM", 6.37},      KnownCoin{"UNI", 7.85},        KnownCoin{"AAVE", 94.6},
    KnownCoin{"INJ", 22.3},       KnownCoin{"TIA", 6.61},        KnownCoin{"SEI", 0.331},
    KnownCoin{"WIF", 1.93},       KnownCoin{"ETC", 23.1},        KnownCoin{"TON", 7.12},
    KnownCoin{"TRX", 0.124},      KnownCoin{"ICP", 8.83},        KnownCoin{"LDO", 1.82},
    KnownCoin{"RUNE", 4.12},      KnownCoin{"GALA", 0.0231},     KnownCoin{"DYDX", 1.38},
    KnownCoin{"CRV", 0.287},      KnownCoin{"ENA", 0.451},       KnownCoin{"JUP", 0.893},
    KnownCoin{"ORDI", 36.2},      KnownCoin{"1000PEPE", 0.0112}, KnownCoin{"1000BONK", 0.0243},
    KnownCoin{"1000SHIB", 0.0172}};

std::string made_up_name(std::size_t index, SeededRandom& random) {
    constexpr std::array<std::string_view, 16> syllables{"VO", "RA", "KI", "LU", "ZE", "MO", "TA", "NI",
                                                         "XO", "PA", "DE", "QU", "SY", "BO", "GI", "HA"};
    std::string name;
    for (std::size_t rest = index, i = 0; i < 3; ++i, rest /= syllables.size()) {
        name += syllables[(rest + i * 5) % syllables.size()];
    }
    return name + static_cast<char>('A' + random.below(26));
}

/// Largest power of ten not above `value`, as 1e-8 units: at least one.
std::int64_t power_of_ten_units(double value) {
    std::int64_t units = 1;
    while (static_cast<double>(units * 10) <= value * 1e8 * (1 + 1e-9)) {
        units *= 10;
    }
    return units;
}

int decimals_of(std::int64_t units) {
    int decimals = decimal_places;
    for (; units >= 10 && decimals > 0; units /= 10) {
        --decimals;
    }
    return decimals;
}

}  // namespace

std::vector<SimInstrument> make_universe(std::size_t count, std::uint64_t seed, ExchangeTime start,
                                         double activity) {
    SeededRandom random(seed ^ 0x756e6976);
    std::vector<SimInstrument> universe;
    for (std::size_t i = 0; i < count; ++i) {
        const bool known = i < known_coins.size();
        const double price =
            known ? known_coins[i].price : exponential(logarithm(0.0008) + random.uniform() * logarithm(1e5));
        const auto rank = static_cast<double>(i + 1);
        SimInstrument instrument;
        instrument.base_coin = known ? std::string(known_coins[i].name) : made_up_name(i, random);
        instrument.symbol = instrument.base_coin + "USDT";
        instrument.index = static_cast<std::uint32_t>(i);
        instrument.tick_units = power_of_ten_units(price * (i == 0 ? 2e-6 : 6e-5));
        instrument.step_units = power_of_ten_units(std::max(1e-8, (i == 0 ? 60.0 : 4.0) / price));
        instrument.price_decimals = decimals_of(instrument.tick_units);
        instrument.quantity_decimals = decimals_of(instrument.step_units);
        instrument.start_tick = std::llround(price * 1e8 / static_cast<double>(instrument.tick_units));
        const double falling = exponential(-0.8 * logarithm(rank));
        instrument.minute_volatility = (i == 0 ? 4.5e-4 : 7e-4 + 7e-4 * random.uniform());
        instrument.market_beta = i == 0 ? 1.0 : 0.6 + 0.9 * random.uniform();
        instrument.activity = activity;
        instrument.events_per_second = activity * std::max(0.25, 30 * falling);
        const double lot_quote = 400 + 12'000 * falling;
        instrument.lot_steps =
            std::max(1.0, lot_quote / price * 1e8 / static_cast<double>(instrument.step_units));
        instrument.funding_minutes = i % 5 == 4 ? 240 : 480;
        const std::int64_t today = start.ms - start.ms % ms_per_day;
        instrument.launch = {today - history_days * ms_per_day};
        universe.push_back(std::move(instrument));
    }
    return universe;
}

}  // namespace virtuoso::sim
