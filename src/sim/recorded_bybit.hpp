// Recorded Bybit traffic, served by Bybit's protocol.
#pragma once

#include "sim/recorded_protocol.hpp"

namespace virtuoso::sim {

class RecordedBybit final : public RecordedProtocol {
  public:
    RecordedBybit(const RecordedMarket& market, std::int64_t shift_ms)
        : market_(market), shift_ms_(shift_ms) {}

    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override {
        return path == "/v5/public/linear";
    }
    [[nodiscard]] bool delivers(std::string_view, std::string_view) const noexcept override { return true; }
    [[nodiscard]] HttpAnswer answer(std::string_view target, std::int64_t clock_ms) const override;
    [[nodiscard]] Request read(std::string_view text, const StreamHub::Client& client) const override;
    [[nodiscard]] std::string snapshot(std::string_view topic, std::int64_t clock_ms) const override;
    [[nodiscard]] std::string recorded_as(std::string_view topic) const override {
        return std::string(topic);
    }
    [[nodiscard]] std::string frame_for(std::string_view, const RecordedMarket::Frame& frame) const override {
        return std::string(frame.text);
    }

  private:
    [[nodiscard]] std::string instruments() const;
    [[nodiscard]] std::string tickers(std::string_view symbol) const;
    /// nullopt when the endpoint is not served.
    [[nodiscard]] std::optional<std::string> about_symbol(const RestRequest& request,
                                                          const RecordedSymbol& symbol) const;
    [[nodiscard]] std::string refusal_of(const std::vector<std::string>& topics,
                                         const StreamHub::Client& client) const;

    const RecordedMarket& market_;
    std::int64_t shift_ms_;
};

}  // namespace virtuoso::sim
