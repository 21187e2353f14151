// Calls at a later time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace virtuoso::net {

/// On the context's thread, once what is ready now had its turn.
inline void call_after(boost::asio::io_context& io, std::int64_t ms, std::function<void()> call) {
    auto timer = std::make_shared<boost::asio::steady_timer>(io, std::chrono::milliseconds(ms));
    timer->async_wait([timer, kept = std::move(call)](boost::system::error_code error) {
        if (!error) {
            kept();
        }
    });
}

}  // namespace virtuoso::net
