#include "exchange/instrument_list.hpp"

#include "exchange/exchange_dialect.hpp"
#include "exchange/rest_asker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

// Among the requests of the session.
constexpr std::uint32_t listing_rank = 1;
constexpr std::uint32_t turnover_rank = 2;

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

InstrumentList::InstrumentList(Needs needs, Choice choice)
    : needs_(std::move(needs)), choice_(std::move(choice)) {}

void InstrumentList::load_page(const std::string& cursor) {
    if (cursor.empty()) {
        trading_.clear();
    }
    const auto take = [this](const Result<RestReply>& reply) {
        const auto* const page = reply ? std::get_if<InstrumentPage>(&*reply) : nullptr;
        if (page == nullptr) {
            trouble_ = reply ? "the list of instruments is not one" : reply.error().message;
            if (!started_) {
                needs_.listener.on_notice(trouble_);
                retry();
            }
            return;
        }
        for (const auto& instrument : page->instruments) {
            if (needs_.dialect.wants(instrument)) {
                trading_.push_back(instrument.symbol);
            }
        }
        if (!page->next_cursor.empty()) {
            load_page(page->next_cursor);
        } else if (started_) {
            settle();
        } else {
            load_turnover();
        }
    };
    needs_.rest.ask({.target = needs_.dialect.instruments_target(cursor),
                     .urgency = RestUrgency::session,
                     .rank = listing_rank,
                     .done = take});
}

void InstrumentList::load_turnover() {
    const auto take = [this](const Result<RestReply>& reply) {
        const auto* const market = reply ? std::get_if<MarketReply>(&*reply) : nullptr;
        if (market != nullptr) {
            for (const auto& event : market->events) {
                if (const auto* const ticker = std::get_if<TickerUpdate>(&event.payload)) {
                    turnover_[std::string(event.symbol)] = ticker->turnover_24h.value_or(0);
                }
            }
        }
        settle();
    };
    needs_.rest.ask({.target = needs_.dialect.tickers_target(),
                     .urgency = RestUrgency::session,
                     .rank = turnover_rank,
                     .done = take});
}

void InstrumentList::rank(std::vector<std::string>& names) const {
    const auto turnover_of = [this](const std::string& name) {
        const auto found = turnover_.find(name);
        return found == turnover_.end() ? 0.0 : found->second;
    };
    std::ranges::sort(names, [&](const std::string& a, const std::string& b) {
        const double x = turnover_of(a);
        const double y = turnover_of(b);
        return x != y ? x > y : a < b;
    });
}

std::vector<std::string> InstrumentList::wanted() const {
    std::vector<std::string> names = trading_;
    rank(names);
    if (!choice_.symbols.empty()) {
        std::erase_if(names, [this](const std::string& name) { return !holds(choice_.symbols, name); });
    }
    if (choice_.symbols_max > 0 && names.size() > choice_.symbols_max) {
        names.resize(choice_.symbols_max);
    }
    return names;
}

void InstrumentList::note_unlisted(const std::vector<std::string>& listed) {
    for (const auto& name : choice_.symbols) {
        if (!holds(listed, name)) {
            needs_.listener.on_notice(
                fmt::format("{} is not a USDT perpetual that is trading on this exchange", name));
        }
    }
}

// The listing is complete: at first, and whenever it was read again.
void InstrumentList::settle() {
    if (!started_) {
        note_unlisted(trading_);
    }
    const std::vector<std::string> names = wanted();
    if (names.empty()) {
        trouble_ = "the exchange lists none of the wanted symbols";
        if (!started_) {
            retry();
        }
        return;
    }
    for (const std::string& name : std::vector<std::string>(followed_)) {
        if (!holds(names, name)) {
            std::erase(followed_, name);
            needs_.listener.on_dropped(name);
        }
    }
    started_ = true;
    trouble_.clear();
    for (const auto& name : names) {
        if (!holds(followed_, name)) {
            const auto rank = static_cast<std::uint32_t>(std::min<std::size_t>(followed_.size(), rank_max));
            followed_.push_back(name);
            needs_.listener.on_added(name, rank);
        }
    }
}

void InstrumentList::retry() {
    needs_.after(retry_ms, [this] { read(); });
}

}  // namespace virtuoso
