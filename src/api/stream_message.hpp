// What is sent over /ws, schema "virtuoso.stream/1".
#pragma once

#include "api/stream_request.hpp"
#include "net/server.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// A state or entries of a channel.
struct StreamData {
    std::string_view channel;
    std::string_view kind;  ///< "snapshot", "change", "gone"
    std::uint64_t sequence = 0;
    std::string_view left_out_name;  ///< "skipped" of states, "missed" of entries
    std::uint64_t left_out = 0;
    std::string_view document;  ///< JSON
};
[[nodiscard]] SharedText stream_data(const StreamData& data);

/// `kind`: "subscribed", "unsubscribed" with the channels that now are or are not any more, "channels" with
/// all of them.
[[nodiscard]] SharedText stream_channels(std::string_view kind, const std::string& id,
                                         const std::vector<std::string>& channels);
/// `time_ms`: the service's clock.
[[nodiscard]] SharedText stream_pong(const std::string& id, std::int64_t time_ms);
/// Of the client's message with this id; `channel`: empty where it is of none.
[[nodiscard]] SharedText stream_error(const std::string& id, std::string_view channel, const Error& error);

}  // namespace virtuoso
