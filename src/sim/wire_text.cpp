#include "sim/wire_text.hpp"

#include "base/int128.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace virtuoso::sim {

namespace {

constexpr std::array<std::int64_t, 9> powers{1,       10,        100,        1'000,      10'000,
                                             100'000, 1'000'000, 10'000'000, 100'000'000};

template <typename Units>
void append_units(std::string& out, Units units, int decimals) {
    const std::int64_t scale = powers[static_cast<std::size_t>(decimal_places - decimals)];
    const std::int64_t unit = powers[static_cast<std::size_t>(decimals)];
    const Units value = units / scale;
    fmt::format_to(std::back_inserter(out), "{}", static_cast<std::int64_t>(value / unit));
    if (decimals > 0) {
        fmt::format_to(std::back_inserter(out), ".{:0{}}", static_cast<std::int64_t>(value % unit), decimals);
    }
}

}  // namespace

void append_fixed(std::string& out, std::int64_t units, int decimals) {
    append_units(out, units, decimals);
}

void append_price(std::string& out, const SimInstrument& instrument, std::int64_t tick) {
    append_fixed(out, tick * instrument.tick_units, instrument.price_decimals);
}

void append_quantity(std::string& out, const SimInstrument& instrument, std::int64_t steps) {
    std::int64_t units = 0;
    if (__builtin_mul_overflow(steps, instrument.step_units, &units)) {  // a day's volume at a low price
        append_units(out, static_cast<Int128>(steps) * instrument.step_units, instrument.quantity_decimals);
    } else {
        append_units(out, units, instrument.quantity_decimals);
    }
}

std::string price_text(const SimInstrument& instrument, std::int64_t tick) {
    std::string text;
    append_price(text, instrument, tick);
    return text;
}

std::string quantity_text(const SimInstrument& instrument, std::int64_t steps) {
    std::string text;
    append_quantity(text, instrument, steps);
    return text;
}

std::string computed_price_text(const SimInstrument& instrument, double price) {
    return price_text(instrument,
                      std::int64_t{std::llround(price * 1e8 / static_cast<double>(instrument.tick_units))});
}

namespace {

void append_level(std::string& out, const SimInstrument& instrument, std::int64_t tick, std::int64_t steps) {
    out += out.empty() ? "[\"" : ",[\"";
    append_price(out, instrument, tick);
    out += "\",\"";
    if (steps == 0) {
        out += '0';
    } else {
        append_quantity(out, instrument, steps);
    }
    out += "\"]";
}

}  // namespace

std::string level_changes(const SimInstrument& instrument, bool bid,
                          const std::vector<SimBook::Level>& before,
                          const std::vector<SimBook::Level>& after) {
    std::string text;
    visit_changes(bid, before, after, [&](std::int64_t tick, std::int64_t steps) {
        append_level(text, instrument, tick, steps);
    });
    return text;
}

std::string levels_text(const SimInstrument& instrument, const std::map<std::int64_t, std::int64_t>& levels) {
    std::string text;
    for (const auto& [tick, steps] : levels) {
        append_level(text, instrument, tick, steps);
    }
    return text;
}

std::string trade_id(const SimInstrument& instrument, std::uint64_t number) {
    std::uint64_t mixed = (number + 1) * 0x9e3779b97f4a7c15;
    mixed ^= mixed >> 29;
    return fmt::format("{:08x}-{:04x}-5{:03x}-8{:03x}-{:012x}", mixed >> 32, (mixed >> 16) & 0xffff,
                       mixed & 0xfff, instrument.index & 0xfff, number & 0xffffffffffff);
}

TickerFields ticker_fields(SymbolMarket& market) {
    const SimInstrument& instrument = market.instrument();
    const SimBook& book = market.book();
    const SimCandle day = market.day();
    const double interest = market.open_interest();
    const auto interest_steps = std::llround(interest * 1e8 / static_cast<double>(instrument.step_units));
    return {
        {"lastPrice", price_text(instrument, market.last_tick())},
        {"indexPrice", computed_price_text(instrument, market.index_price())},
        {"markPrice", computed_price_text(instrument, market.mark_price())},
        {"prevPrice24h", price_text(instrument, day.open)},
        {"price24hPcnt",
         fmt::format("{:.6f}", static_cast<double>(market.last_tick()) / static_cast<double>(day.open) - 1)},
        {"highPrice24h", price_text(instrument, day.high)},
        {"lowPrice24h", price_text(instrument, day.low)},
        {"prevPrice1h", price_text(instrument, day.close)},
        {"openInterest", quantity_text(instrument, 2 * interest_steps)},
        {"openInterestValue", fmt::format("{:.2f}", 2 * interest * market.mark_price())},
        {"singleOpenInterest", quantity_text(instrument, interest_steps)},
        {"singleOpenInterestValue", fmt::format("{:.2f}", interest * market.mark_price())},
        {"turnover24h", fmt::format("{:.4f}", day.turnover)},
        {"volume24h", quantity_text(instrument, day.steps)},
        {"fundingRate", fmt::format("{:.8f}", market.funding_rate())},
        {"nextFundingTime", fmt::format("{}", market.next_funding_ms())},
        {"ask1Size", quantity_text(instrument, book.steps_at(book.best_ask()))},
        {"bid1Price", price_text(instrument, book.best_bid())},
        {"ask1Price", price_text(instrument, book.best_ask())},
        {"bid1Size", quantity_text(instrument, book.steps_at(book.best_bid()))},
        {"fundingIntervalHour", fmt::format("{}", instrument.funding_minutes / 60)}};
}

}  // namespace virtuoso::sim
