#include "exchange/bybit/known_fields.hpp"

#include <array>

namespace virtuoso::bybit {

std::string_view kind_of_topic(std::string_view topic) noexcept {
    return topic.substr(0, topic.find('.'));
}

std::string_view known_topic_fields(std::string_view kind) noexcept {
    struct Kind {
        std::string_view name;
        std::string_view fields;
    };
    static constexpr std::array kinds{
        Kind{"orderbook", "topic type ts cts data data.s data.b data.a data.u data.seq"},
        Kind{"publicTrade",
             "topic type ts id data data[].T data[].s data[].S data[].v data[].p data[].L "
             "data[].i data[].BT data[].RPI data[].seq"},
        Kind{"tickers",
             "topic type ts cs data data.symbol data.symbolType data.tickDirection data.price24hPcnt "
             "data.lastPrice data.prevPrice24h data.highPrice24h data.lowPrice24h data.prevPrice1h "
             "data.markPrice data.indexPrice data.openInterest data.openInterestValue "
             "data.singleOpenInterest data.singleOpenInterestValue data.turnover24h data.volume24h "
             "data.fundingIntervalHour data.fundingCap data.nextFundingTime data.fundingRate data.bid1Price "
             "data.bid1Size data.ask1Price data.ask1Size data.preOpenPrice data.preQty "
             "data.curPreListingPhase data.deliveryTime data.deliveryFeeRate data.predictedDeliveryPrice "
             "data.basis data.basisRate data.basisRateYear"},
        Kind{"kline",
             "topic type ts data data[].start data[].end data[].interval data[].open data[].close "
             "data[].high data[].low data[].volume data[].turnover data[].confirm data[].timestamp"},
        Kind{"allLiquidation", "topic type ts data data[].T data[].s data[].S data[].v data[].p"},
    };
    for (const auto& each : kinds) {
        if (each.name == kind) {
            return each.fields;
        }
    }
    return {};
}

}  // namespace virtuoso::bybit
