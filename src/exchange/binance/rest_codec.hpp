// Bodies of Binance REST answers: the depth snapshot that starts a book.
#pragma once

#include "exchange/json_reader.hpp"
#include "exchange/rest_reply.hpp"

#include <string>
#include <vector>

namespace virtuoso::binance {

/// Decodes /fapi/v1/depth and /api/v3/depth. The body does not name its symbol: it is taken from the
/// request. Spot bodies carry no time.
class BinanceRestCodec final : public RestCodec {
  public:
    [[nodiscard]] Result<RestReply> decode(std::string_view target, PaddedFrame body) override;

  private:
    [[nodiscard]] bool read_depth(PaddedFrame body);

    JsonReader reader_;
    std::string symbol_;
    std::vector<BookLevel> bids_;
    std::vector<BookLevel> asks_;
    std::vector<MarketEvent> events_;
};

}  // namespace virtuoso::binance
