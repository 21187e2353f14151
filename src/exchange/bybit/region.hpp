// Bybit's sites.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace virtuoso::bybit {

/// Accounts belong to one site, and a site serves its own countries. Those without streams of their own hear
/// the global ones. Source: https://bybit-exchange.github.io/docs/v5/guide and …/ws/connect
struct Region {
    std::string_view name;
    std::string_view rest_host;
    std::string_view stream_host;
};

inline constexpr std::string_view global_stream_host = "stream.bybit.com";

inline constexpr std::array<Region, 11> regions{
    {{.name = "global", .rest_host = "api.bybit.com", .stream_host = global_stream_host},
     {.name = "bytick", .rest_host = "api.bytick.com", .stream_host = global_stream_host},
     {.name = "nl", .rest_host = "api.bybit.nl", .stream_host = global_stream_host},
     {.name = "eu", .rest_host = "api.bybit.eu", .stream_host = global_stream_host},
     {.name = "ae", .rest_host = "api.bybit.ae", .stream_host = global_stream_host},
     {.name = "tr", .rest_host = "api.bybit.tr", .stream_host = "stream.bybit.tr"},
     {.name = "kz", .rest_host = "api.bybit.kz", .stream_host = "stream.bybit.kz"},
     {.name = "ge", .rest_host = "api.bybitgeorgia.ge", .stream_host = "stream.bybitgeorgia.ge"},
     {.name = "id", .rest_host = "api.bybit.id", .stream_host = "stream.bybit.id"},
     {.name = "jp", .rest_host = "api.manepa.jp", .stream_host = "stream.manepa.jp"},
     {.name = "testnet", .rest_host = "api-testnet.bybit.com", .stream_host = "stream-testnet.bybit.com"}}};

/// Null when there is none of that name.
[[nodiscard]] constexpr const Region* region_named(std::string_view name) noexcept {
    const auto* const found = std::find_if(regions.begin(), regions.end(),
                                           [&](const Region& region) { return region.name == name; });
    return found == regions.end() ? nullptr : found;
}

}  // namespace virtuoso::bybit
