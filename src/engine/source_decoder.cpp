#include "engine/source_decoder.hpp"

#include "exchange/archive/candle_csv.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"
#include "journal/channel.hpp"

#include <fmt/format.h>

namespace virtuoso {

namespace {

class StreamDecoder final : public SourceDecoder {
  public:
    StreamDecoder(std::string exchange, std::unique_ptr<StreamCodec> codec)
        : SourceDecoder(std::move(exchange)), codec_(std::move(codec)) {}

    Result<std::span<const MarketEvent>> decode(std::string_view, PaddedFrame frame) override {
        auto decoded = codec_->decode(frame);
        if (!decoded) {
            return std::unexpected(std::move(decoded.error()));
        }
        if (decoded->kind == FrameKind::subscription_failed ||
            decoded->kind == FrameKind::authentication_failed) {
            return fail(ErrorCode::exchange_refused,
                        fmt::format("the exchange refused a request: {}", in_quotes(decoded->detail)));
        }
        return decoded->events;
    }
    std::string_view refused_symbol() const noexcept override { return codec_->refused_symbol(); }
    bool refused_book() const noexcept override { return codec_->refused_book(); }

  private:
    std::unique_ptr<StreamCodec> codec_;
};

class RestDecoder final : public SourceDecoder {
  public:
    RestDecoder(std::string exchange, std::unique_ptr<RestCodec> codec)
        : SourceDecoder(std::move(exchange)), codec_(std::move(codec)) {}

    Result<std::span<const MarketEvent>> decode(std::string_view channel, PaddedFrame frame) override {
        auto reply = codec_->decode(channel.substr(key_of(channel).size()), frame);
        if (!reply) {
            return std::unexpected(std::move(reply.error()));
        }
        const auto* const market = std::get_if<MarketReply>(&*reply);
        return market != nullptr ? market->events : std::span<const MarketEvent>{};
    }
    const SkippedElements* skipped() const noexcept override { return &codec_->skipped(); }

  private:
    std::unique_ptr<RestCodec> codec_;
};

class CandleDecoder final : public SourceDecoder {
  public:
    explicit CandleDecoder(const Channel& channel)
        : SourceDecoder(channel.exchange),
          symbol_(channel.symbol),
          timeframe_(channel.timeframe),
          csv_(archive::CandleCsv::headerless(channel.timeframe)) {}

    Result<std::span<const MarketEvent>> decode(std::string_view, PaddedFrame frame) override {
        const auto candle = csv_.line(frame.text());
        if (!candle) {
            return std::unexpected(candle.error());
        }
        if (!candle->has_value()) {
            return std::span<const MarketEvent>{};
        }
        const ExchangeTime closed = (*candle)->open_time + interval_ms(timeframe_);
        event_ = {symbol_, closed, KlineUpdate{closed, timeframe_, true, **candle}};
        return std::span<const MarketEvent>(&event_, 1);
    }
    std::string_view refused_symbol() const noexcept override { return symbol_; }

  private:
    std::string symbol_;
    Timeframe timeframe_;
    archive::CandleCsv csv_;
    MarketEvent event_;
};

std::unique_ptr<StreamCodec> stream_codec_of(std::string_view exchange) {
    if (exchange == "bybit") {
        return std::make_unique<bybit::BybitStreamCodec>();
    }
    if (exchange == "binance-usdm") {
        return std::make_unique<binance::BinanceStreamCodec>(binance::Market::usdm);
    }
    if (exchange == "binance-spot") {
        return std::make_unique<binance::BinanceStreamCodec>(binance::Market::spot);
    }
    return nullptr;
}

std::unique_ptr<RestCodec> rest_codec_of(std::string_view exchange) {
    if (exchange == "bybit") {
        return std::make_unique<bybit::BybitRestCodec>();
    }
    if (exchange == "binance-usdm" || exchange == "binance-spot") {
        return std::make_unique<binance::BinanceRestCodec>();
    }
    return nullptr;
}

}  // namespace

std::string_view SourceDecoder::key_of(std::string_view channel) noexcept {
    constexpr std::string_view rest = "/rest/";
    const auto found = channel.find(rest);
    return found == std::string_view::npos ? channel : channel.substr(0, found + rest.size() - 1);
}

Result<std::unique_ptr<SourceDecoder>> SourceDecoder::for_channel(std::string_view text) {
    auto channel = Channel::parse(text);
    if (!channel) {
        return std::unexpected(channel.error());
    }
    if (channel->kind == Channel::Kind::candles) {
        return std::make_unique<CandleDecoder>(*channel);
    }
    if (channel->kind == Channel::Kind::stream) {
        if (auto codec = stream_codec_of(channel->exchange)) {
            return std::make_unique<StreamDecoder>(channel->exchange, std::move(codec));
        }
    } else if (auto codec = rest_codec_of(channel->exchange)) {
        return std::make_unique<RestDecoder>(channel->exchange, std::move(codec));
    }
    return fail(ErrorCode::unknown_topic,
                fmt::format("channel {} is of an exchange that is not known: expected bybit, binance-usdm or "
                            "binance-spot",
                            in_quotes(text)));
}

}  // namespace virtuoso
