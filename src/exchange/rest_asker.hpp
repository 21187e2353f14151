// What a part of the feed needs in order to ask an exchange.
#pragma once

#include "exchange/rest_queue.hpp"
#include "exchange/rest_reply.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace virtuoso {

/// One request, and what is called on the way to its end. What is not given is not called.
struct RestQuestion {
    std::string target;  ///< path and query
    RestUrgency urgency = RestUrgency::history;
    std::uint32_t rank = 0;  ///< lower ones first within an urgency
    /// Every attempt is about to be sent.
    std::function<void(LocalTime now)> sent = {};
    /// There is an answer, or none is to be had. False: it is dropped, unread and unrecorded.
    std::function<bool()> wanted = {};
    /// The answer was understood; its events are handed on next.
    std::function<void(const RestReply&)> decoded = {};
    /// The end, after its events were handed on. The reply is valid during the call.
    std::function<void(const Result<RestReply>&)> done = {};
};

class RestAsker {
  public:
    virtual ~RestAsker() = default;
    /// `done` is called exactly once, unless the answer was not wanted.
    virtual void ask(RestQuestion question) = 0;
};

}  // namespace virtuoso
