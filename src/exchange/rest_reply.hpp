// Decoded bodies of REST answers.
#pragma once

#include "base/error.hpp"
#include "base/padded_frame.hpp"
#include "exchange/skipped_elements.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace virtuoso {

/// A request as far as the decoder needs it: "/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1".
class RestRequest {
  public:
    explicit RestRequest(std::string_view target);
    [[nodiscard]] std::string_view path() const noexcept { return path_; }
    /// Value of a query parameter without its percent-encoding, empty when it is not given; valid as long as
    /// the request.
    [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;

  private:
    struct Parameter {
        std::string name;
        std::string value;
    };

    std::string_view path_;  ///< in the target
    std::vector<Parameter> parameters_;
};

/// Which endpoint of a codec a path leads to.
template <typename Endpoint>
struct RestRoute {
    std::string_view path;
    Endpoint endpoint;
};

/// Error: unsupported_product when no route has the request's path. O(routes).
template <typename Endpoint, std::size_t count>
[[nodiscard]] Result<Endpoint> endpoint_of(const RestRequest& request,
                                           const RestRoute<Endpoint> (&routes)[count]) {
    for (const auto& route : routes) {
        if (route.path == request.path()) {
            return route.endpoint;
        }
    }
    return fail(ErrorCode::unsupported_product,
                "endpoint " + in_quotes(request.path()) + " is of a product that is not decoded");
}

struct ServerTime {
    LocalTime time;
};

struct InstrumentPage {
    std::vector<Instrument> instruments;
    std::string next_cursor;  ///< empty on the last page
    SkippedElements skipped = {};
};

/// Events point into the codec: valid until its next decode.
struct MarketReply {
    std::span<const MarketEvent> events;
    std::string_view next_cursor;
};

using RestReply = std::variant<ServerTime, InstrumentPage, MarketReply>;

/// One codec serves one thread.
class RestCodec {
  public:
    virtual ~RestCodec() = default;
    /// `target` is the request's path and query. Error: the exchange's own refusal, a field, or a product
    /// that is not decoded.
    [[nodiscard]] virtual Result<RestReply> decode(std::string_view target, PaddedFrame body) = 0;

    /// What the last decoded answer's lists held that could not be read.
    [[nodiscard]] const SkippedElements& skipped() const noexcept { return skipped_; }

  protected:
    SkippedElements skipped_;
};

}  // namespace virtuoso
