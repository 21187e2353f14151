#include "service/shard_message.hpp"

namespace virtuoso {

std::string_view name_of(MessageClass message) noexcept {
    switch (message) {
        case MessageClass::book:
            return "book";
        case MessageClass::trades:
            return "trades";
        case MessageClass::ticker:
            return "ticker";
        case MessageClass::kline:
            return "kline";
        case MessageClass::liquidation:
            return "liquidation";
        case MessageClass::rest:
            return "rest";
    }
    return "";
}

}  // namespace virtuoso
