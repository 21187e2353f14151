#include "exchange/history_loader.hpp"

#include "exchange/exchange_dialect.hpp"
#include "exchange/rest_asker.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <utility>

namespace virtuoso {

void HistoryLoader::load(const std::vector<HistoryRequest>& requests) {
    for (const auto& request : requests) {
        ++waiting_;
        load_page(request, {}, request.pages);
    }
}

void HistoryLoader::check(LocalTime now) {
    if (!failed_.empty() && pause_.over(now)) {
        pause_.asked(now);
        load(std::exchange(failed_, {}));
    }
}

void HistoryLoader::hand_on(const MarketReply& reply) const {
    for (const auto& event : reply.events) {
        const auto* const candles = std::get_if<KlineHistory>(&event.payload);
        if (candles != nullptr && on_candles_) {
            on_candles_(*candles);
        }
    }
}

void HistoryLoader::load_page(const HistoryRequest& request, const std::string& cursor, int pages_left) {
    const auto take = [this, request, pages_left](const Result<RestReply>& reply) {
        const auto* const market = reply ? std::get_if<MarketReply>(&*reply) : nullptr;
        if (market == nullptr) {
            failed_.push_back(request);
        } else {
            hand_on(*market);
            if (pages_left > 1 && !market->next_cursor.empty()) {
                load_page(request, std::string(market->next_cursor), pages_left - 1);
                return;
            }
        }
        --waiting_;
    };
    rest_.ask({.target = cursor.empty() ? request.target : request.target + "&cursor=" + query_safe(cursor),
               .urgency = RestUrgency::history,
               .rank = rank_,
               .done = guard_(take)});
}

void HistoryLoader::add_concerns(std::vector<std::string>& reasons) const {
    if (waiting_ > 0) {
        reasons.push_back(fmt::format("history: {} requests to go", waiting_));
    }
    if (!failed_.empty()) {
        reasons.push_back(fmt::format("history: {} requests failed", failed_.size()));
    }
}

}  // namespace virtuoso
