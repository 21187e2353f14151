#include "exchange/instrument_list.hpp"

#include "exchange/exchange_dialect.hpp"
#include "exchange/rest_asker.hpp"
#include "exchange/symbol_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
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

// One at a time: while requests are held back for minutes, answers of several would mix.
void InstrumentList::read() {
    if (!std::exchange(reading_, true)) {
        trading_.clear();
        load_page({});
    }
}

void InstrumentList::load_page(const std::string& cursor) {
    const auto take = [this](const Result<RestReply>& reply) {
        const auto* const page = reply ? std::get_if<InstrumentPage>(&*reply) : nullptr;
        if (page == nullptr) {
            give_up(reply ? "the list of instruments is not one" : reply.error().message);
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
        if (market == nullptr && choice_.symbols_max > 0) {
            // Which are the most traded is not known, and it is asked only once.
            give_up(reply ? "the list of tickers is not one" : reply.error().message);
            return;
        }
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
    names.erase(std::unique(names.begin(), names.end()), names.end());  // pages may shift while they are read
    if (!choice_.symbols.empty()) {
        std::erase_if(names, [this](const std::string& name) { return !holds(chosen_, name); });
    }
    if (choice_.symbols_max > 0 && names.size() > choice_.symbols_max) {
        names.resize(choice_.symbols_max);
    }
    return names;
}

// What was typed, as this exchange calls it.
void InstrumentList::understand() {
    const bool first = !std::exchange(noted_, true);
    std::string unknown;
    chosen_.clear();
    for (const auto& typed : choice_.symbols) {
        const auto name = meant_symbol(typed, trading_);
        if (name && !holds(chosen_, *name)) {
            chosen_.push_back(*name);
        }
        if (name && first && *name != typed) {
            needs_.listener.on_notice(fmt::format("{} is taken as {}", in_quotes(typed), *name));
        }
        if (name) {
            continue;
        }
        const std::string nearest = nearest_symbol(typed, trading_);
        const std::string text =
            fmt::format("{} is not a USDT perpetual that is trading on this exchange{}", in_quotes(typed),
                        nearest.empty() ? std::string() : fmt::format(": is it {}?", nearest));
        unknown += (unknown.empty() ? "" : "; ") + text;
        if (first) {
            needs_.listener.on_notice(text);
        }
    }
    knows_none_ = !choice_.symbols.empty() && chosen_.empty() && !trading_.empty();
    unknown_ = unknown;
}

// The listing is complete: at first, and whenever it was read again.
void InstrumentList::settle() {
    reading_ = false;
    understand();
    const std::vector<std::string> names = wanted();
    follows_all_ = std::set<std::string_view>(trading_.begin(), trading_.end()).size() == names.size();
    if (names.empty()) {
        trouble_ = knows_none_ ? unknown_ : "the exchange lists none of the wanted symbols";
        if (!started_) {
            retry();
        }
        return;
    }
    const std::set<std::string_view> kept(names.begin(), names.end());
    const std::vector<std::string> before = followed_;
    for (const std::string& name : before) {
        if (!kept.contains(name)) {
            std::erase(followed_, name);
            needs_.listener.on_dropped(name);
        }
    }
    started_ = true;
    trouble_.clear();
    const std::set<std::string_view> known(before.begin(), before.end());
    for (const auto& name : names) {
        if (!known.contains(name)) {
            const auto rank = static_cast<std::uint32_t>(std::min<std::size_t>(followed_.size(), rank_max));
            followed_.push_back(name);
            needs_.listener.on_added(name, rank);
        }
    }
}

void InstrumentList::give_up(std::string reason) {
    reading_ = false;
    trouble_ = std::move(reason);
    if (!started_) {
        needs_.listener.on_notice(trouble_);
        retry();
    }
}

void InstrumentList::retry() {
    needs_.after(retry_ms, [this] { read(); });
}

}  // namespace virtuoso
