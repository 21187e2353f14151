// Bodies of Bybit's private, read-only answers.
#pragma once

#include "exchange/bybit/answer.hpp"
#include "exchange/json_reader.hpp"
#include "market/account.hpp"

#include <string>
#include <vector>

namespace virtuoso::bybit {

struct PositionPage {
    std::vector<Position> positions;  ///< open ones
    std::string next_cursor;          ///< empty on the last page
};

/// Decodes /v5/account/wallet-balance and /v5/position/list. Errors: the exchange's own refusal, with what to
/// do where it is a matter of the key, or a field.
/// Source: https://bybit-exchange.github.io/docs/v5/account/wallet-balance and …/v5/position
class AccountCodec {
  public:
    [[nodiscard]] Result<Wallet> wallet(PaddedFrame body);
    [[nodiscard]] Result<PositionPage> positions(PaddedFrame body);
    /// When the exchange answered last.
    [[nodiscard]] ExchangeTime time() const noexcept { return answer_.time; }

  private:
    template <typename ReadElement>
    [[nodiscard]] bool read(PaddedFrame body, ReadElement&& read_element);
    template <typename ReadElement>
    [[nodiscard]] bool read_list(JsonValue result, ReadElement&& read_element);
    [[nodiscard]] bool read_wallet(JsonValue value, Wallet& wallet);
    [[nodiscard]] bool read_coin(JsonValue value, CoinBalance& coin);
    [[nodiscard]] bool read_position(JsonValue value, PositionPage& page);
    [[nodiscard]] bool number(JsonValue value, std::string_view field, double& out);

    JsonReader reader_;
    Answer answer_;
    std::string cursor_;
    bool has_list_ = false;
};

}  // namespace virtuoso::bybit
