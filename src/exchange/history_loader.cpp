#include "exchange/history_loader.hpp"

#include "exchange/exchange_dialect.hpp"
#include "exchange/rest_asker.hpp"
#include "exchange/symbol_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

}  // namespace

void HistoryLoader::load(const std::vector<HistoryRequest>& requests) {
    for (const auto& request : requests) {
        ++waiting_;
        load_page(request, {}, PageGuard(static_cast<std::size_t>(std::max(1, request.pages))));
    }
}

void HistoryLoader::check(LocalTime now) {
    if (!stale_.empty() && waiting_ == 0 && reload_pause_.over(now)) {
        reload_pause_.calm((now - reloaded_) / ns_per_ms);
        reload_pause_.asked(now);
        reloaded_ = now;
        failed_.clear();
        load(std::exchange(stale_, {}));
    }
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

void HistoryLoader::load_page(const HistoryRequest& request, const std::string& cursor,
                              const PageGuard& pages) {
    const auto take = [this, request, pages](const Result<RestReply>& reply) {
        const auto* const market = reply ? std::get_if<MarketReply>(&*reply) : nullptr;
        if (market == nullptr) {
            failed_.push_back(request);
            trouble_.clear();
            --waiting_;
            return;
        }
        hand_on(*market);
        if (!pages.is_last() && !market->next_cursor.empty()) {
            PageGuard further = pages;
            const std::string next(market->next_cursor);
            const auto followed = further.follow(next);
            if (followed) {
                load_page(request, next, further);
                return;
            }
            failed_.push_back(request);
            trouble_ = followed.error().message;
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
    if (!stale_.empty()) {
        reasons.emplace_back("history: it holds no more and is read again");
    }
    if (!failed_.empty()) {
        reasons.push_back(trouble_.empty()
                              ? fmt::format("history: {} requests failed", failed_.size())
                              : fmt::format("history: {} requests failed: {}", failed_.size(), trouble_));
    }
}

}  // namespace virtuoso
