// What clients of /ws send, of any bytes, is read or refused with a reason that can be shown.
#include "api/stream_request.hpp"

#include "api/stream_channel.hpp"
#include "api/stream_message.hpp"
#include "base/unicode.hpp"
#include "fuzz_bytes.hpp"

#include <cstdlib>

namespace {

using namespace virtuoso;

template <typename T>
void check(const Result<T>& read) {
    if (!read && (read.error().message.empty() || printable(read.error().message) != read.error().message)) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto request = StreamRequest::parse(fuzz::text_of(data, size));
    check(request);
    if (!request) {
        return 0;
    }
    for (const auto& name : request->channels) {
        const auto channel = StreamChannel::parse(name);
        check(channel);
        if (channel && channel->name() != name) {
            std::abort();
        }
        if (!channel && !is_valid_utf8(*stream_error(request->id, name, channel.error()))) {
            std::abort();
        }
    }
    return 0;
}
