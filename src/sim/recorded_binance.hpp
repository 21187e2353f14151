// Recorded traffic of Binance USD-M, served by Binance's protocol.
#pragma once

#include "sim/recorded_protocol.hpp"

namespace virtuoso::sim {

/// By tiers, as today's exchange does, whenever it was recorded. Depth streams are served at the speed they
/// were recorded, whatever speed is asked for; aggregate trades, when only single ones were recorded, as
/// aggregates of one.
class RecordedBinance final : public RecordedProtocol {
  public:
    RecordedBinance(const RecordedMarket& market, std::int64_t shift_ms)
        : market_(market), shift_ms_(shift_ms) {}

    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override;
    [[nodiscard]] bool delivers(std::string_view target, std::string_view topic) const noexcept override;
    [[nodiscard]] HttpAnswer answer(std::string_view target, std::int64_t clock_ms) const override;
    [[nodiscard]] Request read(std::string_view text, const StreamHub::Client& client) const override;
    [[nodiscard]] std::string snapshot(std::string_view, std::int64_t) const override { return {}; }
    [[nodiscard]] std::string recorded_as(std::string_view topic) const override;
    [[nodiscard]] std::string frame_for(std::string_view topic,
                                        const RecordedMarket::Frame& frame) const override;

  private:
    [[nodiscard]] std::string instruments(std::int64_t clock_ms) const;
    [[nodiscard]] std::string day_tickers() const;
    [[nodiscard]] std::string about_symbol(const RestRequest& request, const RecordedSymbol& symbol) const;
    [[nodiscard]] std::string histories(const RestRequest& request, const RecordedSymbol& symbol) const;
    [[nodiscard]] std::string depth(const RecordedSymbol& symbol, std::size_t limit) const;

    const RecordedMarket& market_;
    std::int64_t shift_ms_;
};

}  // namespace virtuoso::sim
