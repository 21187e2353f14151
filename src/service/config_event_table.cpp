#include "service/config_event_table.hpp"

#include "service/config_field.hpp"

#include <array>

namespace virtuoso {

namespace {

constexpr double day_s = 86'400;
constexpr double multiple_max = 1'000'000;
constexpr double notional_max = 1e12;  ///< USDT
constexpr double z_max = 6;            ///< where a robust z ends

constexpr std::array sections{
    ConfigSection{"events.whale_trade", "A taker's order that is large for its symbol."},
    ConfigSection{"events.liquidation_cascade", "Many liquidations within five minutes."},
    ConfigSection{"events.funding_extreme", "Funding of either sign, as paid in eight hours."},
    ConfigSection{"events.leverage_extreme", "Open interest that is large for the turnover of a day."},
    ConfigSection{"events.spread_widening", "A spread that is wide for its symbol."},
    ConfigSection{"events.depth_collapse", "A side of the book that has become thin."},
    ConfigSection{"events.volume_burst", "A candle with much more volume than those before it."},
    ConfigSection{"events.signal_change", "The side that a symbol's scores hold became another one."},
    ConfigSection{"events.breadth_extreme",
                  "Nearly all contracts stand above their price a day ago, or below it."},
    ConfigSection{"events.listed", "A contract that was not there before."},
    ConfigSection{"events.delisted", "A contract that is there no more."},
    ConfigSection{"events.feed_trouble",
                  "What is received is not whole: a lost connection, a symbol that stays broken."},
    ConfigSection{"events.shard_trouble", "A shard that failed or stood still."},
    ConfigSection{"events.keeper_trouble", "A run of the memory keeper that failed, was late or long."},
};

/// Of every kind.
template <auto Kind>
constexpr std::array<ConfigKey, 2> common_keys(std::string_view section) {
    using Settings = std::remove_reference_t<decltype(std::declval<EventSettings&>().*Kind)>;
    return {{{.section = section,
              .name = "enabled",
              .field = field<&ServiceConfig::events, Kind, &Settings::enabled>,
              .sentence = "Whether this kind is told at all.",
              .live = true},
             {.section = section,
              .name = "cooldown_s",
              .field = field<&ServiceConfig::events, Kind, &Settings::cooldown_s>,
              .sentence =
                  "Told of the same symbol once within so long, but for what is more severe; 0: every time.",
              .unit = "s",
              .low = 0,
              .high = day_s,
              .live = true}}};
}

template <auto Kind, auto Member>
constexpr ConfigKey number_key(std::string_view section, std::string_view name, double low, double high,
                               std::string_view unit, std::string_view sentence) {
    return {.section = section,
            .name = name,
            .field = field<&ServiceConfig::events, Kind, Member>,
            .sentence = sentence,
            .unit = unit,
            .low = low,
            .high = high,
            .live = true};
}

void add(std::vector<ConfigKey>& keys, std::span<const ConfigKey> more) {
    keys.insert(keys.end(), more.begin(), more.end());
}

void add_trade_kinds(std::vector<ConfigKey>& keys) {
    constexpr auto whale = &EventSettings::whale_trade;
    constexpr auto cascade = &EventSettings::liquidation_cascade;
    constexpr std::string_view whale_trade = "events.whale_trade";
    constexpr std::string_view liquidation_cascade = "events.liquidation_cascade";
    add(keys, common_keys<whale>(whale_trade));
    keys.push_back(number_key<whale, &WhaleTradeSettings::multiple>(
        whale_trade, "multiple", 1, multiple_max, "",
        "From so many times the symbol's usual large trade (its trailing 95th percentile)."));
    keys.push_back(number_key<whale, &WhaleTradeSettings::notional_min>(
        whale_trade, "notional_min", 0, notional_max, "USDT", "And at least so much."));
    keys.push_back(number_key<whale, &WhaleTradeSettings::warning_multiple>(
        whale_trade, "warning_multiple", 1, multiple_max, "", "A warning from so many times both of these."));
    add(keys, common_keys<cascade>(liquidation_cascade));
    keys.push_back(number_key<cascade, &LiquidationCascadeSettings::liquidations_min>(
        liquidation_cascade, "liquidations_min", 1, multiple_max, "", "So many in five minutes."));
    keys.push_back(number_key<cascade, &LiquidationCascadeSettings::multiple>(
        liquidation_cascade, "multiple", 1, multiple_max, "",
        "And so many times what the last day had in five minutes."));
    keys.push_back(number_key<cascade, &LiquidationCascadeSettings::critical_multiple>(
        liquidation_cascade, "critical_multiple", 1, multiple_max, "",
        "Critical from so many times both of these."));
}

void add_crowding_kinds(std::vector<ConfigKey>& keys) {
    constexpr auto funding = &EventSettings::funding_extreme;
    constexpr auto leverage = &EventSettings::leverage_extreme;
    constexpr std::string_view funding_extreme = "events.funding_extreme";
    constexpr std::string_view leverage_extreme = "events.leverage_extreme";
    add(keys, common_keys<funding>(funding_extreme));
    keys.push_back(number_key<funding, &FundingExtremeSettings::warning>(
        funding_extreme, "warning", 0, 1, "", "A warning from this rate on; 0.001 is 0.1 %."));
    keys.push_back(number_key<funding, &FundingExtremeSettings::critical>(funding_extreme, "critical", 0, 1,
                                                                          "", "Critical from this rate on."));
    add(keys, common_keys<leverage>(leverage_extreme));
    keys.push_back(number_key<leverage, &LeverageExtremeSettings::warning_z>(
        leverage_extreme, "warning_z", 0, z_max, "", "A warning from this robust z on."));
    keys.push_back(number_key<leverage, &LeverageExtremeSettings::critical_z>(
        leverage_extreme, "critical_z", 0, z_max, "", "Critical from this robust z on."));
}

void add_book_kinds(std::vector<ConfigKey>& keys) {
    constexpr auto spread = &EventSettings::spread_widening;
    constexpr auto depth = &EventSettings::depth_collapse;
    constexpr auto volume = &EventSettings::volume_burst;
    constexpr std::string_view spread_widening = "events.spread_widening";
    constexpr std::string_view depth_collapse = "events.depth_collapse";
    constexpr std::string_view volume_burst = "events.volume_burst";
    constexpr double hold_max = 300;
    add(keys, common_keys<spread>(spread_widening));
    keys.push_back(number_key<spread, &SpreadWideningSettings::multiple>(
        spread_widening, "multiple", 1, multiple_max, "",
        "So many times the usual spread of the last hour."));
    keys.push_back(number_key<spread, &SpreadWideningSettings::spread_bps_min>(
        spread_widening, "spread_bps_min", 0, 10'000, "bps", "And at least so wide."));
    keys.push_back(number_key<spread, &SpreadWideningSettings::hold_s>(spread_widening, "hold_s", 0, hold_max,
                                                                       "s", "For so long without a break."));
    add(keys, common_keys<depth>(depth_collapse));
    keys.push_back(number_key<depth, &DepthCollapseSettings::share_max>(
        depth_collapse, "share_max", 0, 1, "", "At most this share of the median of five minutes is left."));
    keys.push_back(number_key<depth, &DepthCollapseSettings::hold_s>(depth_collapse, "hold_s", 0, hold_max,
                                                                     "s", "For so long without a break."));
    add(keys, common_keys<volume>(volume_burst));
    keys.push_back(number_key<volume, &VolumeBurstSettings::multiple_1m>(
        volume_burst, "multiple_1m", 1, multiple_max, "",
        "A minute with so many times the mean of the thirty before it."));
    keys.push_back(number_key<volume, &VolumeBurstSettings::multiple_5m>(
        volume_burst, "multiple_5m", 1, multiple_max, "", "The same of five minutes."));
    keys.push_back(number_key<volume, &VolumeBurstSettings::turnover_min>(
        volume_burst, "turnover_min", 0, notional_max, "USDT", "And at least so much in that candle."));
}

void add_feed_trouble(std::vector<ConfigKey>& keys) {
    constexpr auto trouble = &EventSettings::feed_trouble;
    constexpr std::string_view feed_trouble = "events.feed_trouble";
    add(keys, common_keys<trouble>(feed_trouble));
    keys.push_back(number_key<trouble, &FeedTroubleSettings::symbol_s>(
        feed_trouble, "symbol_s", 1, day_s, "s", "A symbol is told of when it is not whole for so long."));
}

void add_breadth(std::vector<ConfigKey>& keys) {
    constexpr auto breadth = &EventSettings::breadth_extreme;
    constexpr std::string_view breadth_extreme = "events.breadth_extreme";
    add(keys, common_keys<breadth>(breadth_extreme));
    keys.push_back(number_key<breadth, &BreadthExtremeSettings::share>(
        breadth_extreme, "share", 0.5, 1, "", "From this share of all contracts on one side on."));
    keys.push_back(number_key<breadth, &BreadthExtremeSettings::critical>(
        breadth_extreme, "critical", 0.5, 1, "", "Critical from this share on."));
}

}  // namespace

std::span<const ConfigKey> config_event_keys() {
    static const std::vector<ConfigKey> all = [] {
        std::vector<ConfigKey> keys{{.section = "events",
                                     .name = "kept",
                                     .field = field<&ServiceConfig::events, &EventSettings::kept>,
                                     .sentence = "Events that can be read back; the oldest leave first.",
                                     .low = 1,
                                     .high = 1'000'000}};
        add_trade_kinds(keys);
        add_crowding_kinds(keys);
        add_book_kinds(keys);
        add(keys, common_keys<&EventSettings::signal_change>("events.signal_change"));
        add_breadth(keys);
        add(keys, common_keys<&EventSettings::listed>("events.listed"));
        add(keys, common_keys<&EventSettings::delisted>("events.delisted"));
        add_feed_trouble(keys);
        add(keys, common_keys<&EventSettings::shard_trouble>("events.shard_trouble"));
        add(keys, common_keys<&EventSettings::keeper_trouble>("events.keeper_trouble"));
        return keys;
    }();
    return all;
}

std::span<const ConfigSection> config_event_sections() {
    return sections;
}

}  // namespace virtuoso
