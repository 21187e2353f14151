#include "engine/source_decoder.hpp"

#include "exchange/archive/row_decoder.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/bybit/stream_codec.hpp"
#include "journal/channel.hpp"

#include <fmt/format.h>

#include <algorithm>

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

class TableDecoder final : public SourceDecoder {
  public:
    explicit TableDecoder(const Channel& channel)
        : SourceDecoder(channel.exchange),
          symbol_(channel.symbol),
          is_book_(channel.row == archive::RowKind::book),
          rows_(channel.row, channel.symbol, channel.interval) {}

    Result<std::span<const MarketEvent>> decode(std::string_view, PaddedFrame frame) override {
        return rows_.decode(frame.text());
    }
    std::string_view refused_symbol() const noexcept override { return symbol_; }
    bool refused_book() const noexcept override { return is_book_; }
    bool gathers() const noexcept override { return true; }

  private:
    std::string symbol_;
    bool is_book_;
    archive::RowDecoder rows_;
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
    if (channel->kind == Channel::Kind::rows) {
        return std::make_unique<TableDecoder>(*channel);
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

SourceDecoders::Source& SourceDecoders::of(std::string_view channel) {
    const auto key = SourceDecoder::key_of(channel);
    if (last_ != nullptr && last_->key == key) {
        return *last_;
    }
    const auto found = std::find_if(sources_.begin(), sources_.end(),
                                    [&](const auto& source) { return source->key == key; });
    if (found != sources_.end()) {
        last_ = found->get();
        return *last_;
    }
    auto source = std::make_unique<Source>();
    source->key = key;
    if (auto decoder = SourceDecoder::for_channel(channel)) {
        source->decoder = std::move(*decoder);
    } else {
        source->error = decoder.error();
    }
    last_ = sources_.emplace_back(std::move(source)).get();
    return *last_;
}

}  // namespace virtuoso
