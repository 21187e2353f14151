// What stands around every answer of Bybit's v5 REST interface.
#pragma once

#include "exchange/json_reader.hpp"

#include <cstdint>
#include <string_view>

namespace virtuoso::bybit {

struct Answer {
    std::int64_t code = 0;  ///< retCode: 0, or why the exchange refuses
    std::string_view message;
    ExchangeTime time;
};

/// Reads the body and gives `read_result` its result. An answer that refuses has no result that counts: true,
/// and it is for the caller to say so. False: `reader` has the error.
template <typename ReadResult>
[[nodiscard]] bool read_answer(JsonReader& reader, PaddedFrame body, Answer& answer,
                               ReadResult&& read_result) {
    JsonDocument document;
    JsonObject root;
    bool has_code = false;
    bool has_result = false;
    answer = {};
    if (!reader.open(body, document, root)) {
        return false;
    }
    const bool complete = for_each_field(reader, root, [&](JsonKey key, JsonValue value) {
        if (is_key(key, "retCode")) {
            has_code = true;
            return reader.integer(value, "retCode", answer.code);
        }
        if (is_key(key, "retMsg")) {
            return reader.text(value, "retMsg", answer.message);
        }
        if (is_key(key, "result") && answer.code == 0) {
            has_result = true;
            return read_result(value);
        }
        return !is_key(key, "time") || reader.time(value, "time", answer.time);
    });
    if (!complete) {
        return false;
    }
    if (!has_code) {
        return reader.refuse_missing("retCode", "the answer");
    }
    return answer.code != 0 || has_result || reader.refuse_missing("result", "the answer");
}

}  // namespace virtuoso::bybit
