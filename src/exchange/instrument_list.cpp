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

// Why an answer is of no use: it did not come, or it is of another kind.
Error error_of(const Result<RestReply>& reply, std::string_view other_kind) {
    return reply ? Error{ErrorCode::field_value, std::string(other_kind)} : reply.error();
}

}  // namespace

InstrumentList::InstrumentList(Needs needs, Choice choice)
    : needs_(std::move(needs)),
      choice_(std::move(choice)),
      ranking_({.count = choice_.symbols_max,
                .turnover_min = choice_.turnover_min,
                .hysteresis = choice_.hysteresis}) {}

// One at a time: while requests are held back for minutes, answers of several would mix.
void InstrumentList::read() {
    if (!std::exchange(reading_, true)) {
        trading_.clear();
        other_classes_.clear();
        listed_steps_.clear();
        skipped_.clear();
        pages_ = PageGuard(pages_max);
        load_page({});
    }
}

void InstrumentList::rerank() {
    rerank_due_ = true;
    read();
}

void InstrumentList::load_page(const std::string& cursor) {
    const auto take_page = [this](const Result<RestReply>& reply) {
        const auto* const page = reply ? std::get_if<InstrumentPage>(&*reply) : nullptr;
        if (page == nullptr) {
            give_up(error_of(reply, "the list of instruments is not one"));
            return;
        }
        for (const auto& instrument : page->instruments) {
            take(instrument);
        }
        if (page->skipped.count() > 0) {
            skipped_.push_back(page->skipped);
        }
        if (!page->next_cursor.empty()) {
            if (const auto followed = pages_.follow(page->next_cursor); !followed) {
                give_up({followed.error().code,
                         fmt::format("the list of instruments: {}", followed.error().message)},
                        endless_retry_ms);
                return;
            }
            load_page(page->next_cursor);
        } else if (started_ && !(limited() && rerank_due_)) {
            settle();
        } else {
            load_turnover();
        }
    };
    needs_.rest.ask({.target = needs_.dialect.instruments_target(cursor),
                     .urgency = RestUrgency::session,
                     .rank = listing_rank,
                     .done = take_page});
}

void InstrumentList::take(const Instrument& instrument) {
    if (!needs_.dialect.wants(instrument)) {
        return;
    }
    if (std::ranges::find(choice_.classes, instrument.asset_class) == choice_.classes.end()) {
        other_classes_[instrument.symbol] = instrument.asset_class;
        return;
    }
    trading_.push_back(instrument.symbol);
    listed_steps_[instrument.symbol] = {instrument.tick_size, instrument.quantity_step};
}

void InstrumentList::load_turnover() {
    const auto take = [this](const Result<RestReply>& reply) {
        const auto* const market = reply ? std::get_if<MarketReply>(&*reply) : nullptr;
        if (market == nullptr && limited() && !started_) {
            // Which are the most traded is not known.
            give_up(error_of(reply, "the list of tickers is not one"));
            return;
        }
        if (market != nullptr) {
            rerank_due_ = false;
            turnover_.clear();
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

double InstrumentList::turnover_of(const std::string& name) const {
    const auto found = turnover_.find(name);
    return found == turnover_.end() ? 0.0 : found->second;
}

void InstrumentList::rank(std::vector<std::string>& names) const {
    std::ranges::sort(names, [&](const std::string& a, const std::string& b) {
        const double x = turnover_of(a);
        const double y = turnover_of(b);
        return x != y ? x > y : a < b;
    });
}

std::vector<std::string> InstrumentList::wanted() {
    std::vector<std::string> names = trading_;
    rank(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());  // pages may shift while they are read
    if (!choice_.symbols.empty()) {
        std::erase_if(names, [this](const std::string& name) { return !holds(chosen_, name); });
    }
    std::erase_if(names, [this](const std::string& name) { return holds(excluded_, name); });
    if (limited()) {
        names = most_traded(names);
    }
    std::erase_if(names, [this](const std::string& name) { return left_out_.contains(name); });
    return names;
}

bool InstrumentList::leave_out(const std::string& symbol) {
    left_out_.insert(symbol);
    follows_all_ = false;
    std::erase(ranked_, symbol);
    steps_.erase(symbol);
    return std::erase(followed_, symbol) > 0;
}

void InstrumentList::follow_again(std::string_view symbol) {
    if (const auto found = left_out_.find(symbol); found != left_out_.end()) {
        left_out_.erase(found);
        read();
    }
}

std::vector<std::string> InstrumentList::most_traded(const std::vector<std::string>& names) {
    std::vector<RankedContract> contracts;
    contracts.reserve(names.size());
    for (const auto& name : names) {
        contracts.push_back({name, turnover_of(name)});
    }
    std::vector<std::string> included;
    for (const auto& typed : choice_.included) {
        if (auto name = meant_symbol(typed, names)) {
            included.push_back(*std::move(name));
        }
    }
    ranking_.include(std::move(included));
    ranking_.update(contracts);
    return ranking_.members();
}

// What was typed, as this exchange calls it.
void InstrumentList::understand() {
    const bool first = !std::exchange(noted_, true);
    understand_excluded(first);
    unknown_.clear();
    chosen_.clear();
    for (const auto& typed : choice_.symbols) {
        const auto name = meant_symbol(typed, trading_);
        if (!name || holds(excluded_, *name)) {
            const std::string reason = why_not(typed, name.has_value());
            unknown_ += (unknown_.empty() ? "" : "; ") + reason;
            note(first, reason);
            continue;
        }
        note(first && *name != typed, fmt::format("{} is taken as {}", in_quotes(typed), *name));
        if (!holds(chosen_, *name)) {
            chosen_.push_back(*name);
        }
    }
    note(first && choice_.symbols.empty() && !other_classes_.empty(), other_classes_text());
}

// What cannot be read is not listed: to exclude that is no mistake.
void InstrumentList::understand_excluded(bool first) {
    excluded_.clear();
    for (const auto& typed : choice_.excluded) {
        const auto name = meant_symbol(typed, trading_);
        excluded_.push_back(name.value_or(typed));
        const bool means_none = !name && unread_error(typed) == nullptr && !of_other_class(typed);
        note(first && means_none, fmt::format("{} is to be excluded, but is not listed", in_quotes(typed)));
    }
    for (const auto& typed : choice_.included) {
        const bool means_none = !meant_symbol(typed, trading_) && unread_error(typed) == nullptr;
        note(first && limited() && means_none, why_not(typed, false));
    }
}

std::string InstrumentList::why_not(const std::string& typed, bool listed) const {
    if (listed) {
        return fmt::format("{} is asked for and excluded: it is excluded", in_quotes(typed));
    }
    if (const auto other = of_other_class(typed)) {
        return fmt::format("{} is of asset class {}: add it to --asset-class to follow it", in_quotes(typed),
                           name_of(*other));
    }
    if (const Error* const error = unread_error(typed)) {
        return fmt::format("{} is listed, but its element cannot be read: {}", in_quotes(typed),
                           error->message);
    }
    const std::string nearest = nearest_symbol(typed, trading_);
    return fmt::format("{} is not a USDT perpetual that is trading on this exchange{}", in_quotes(typed),
                       nearest.empty() ? std::string() : fmt::format(": is it {}?", nearest));
}

std::optional<AssetClass> InstrumentList::of_other_class(const std::string& typed) const {
    std::vector<std::string> names;
    names.reserve(other_classes_.size());
    for (const auto& [name, asset_class] : other_classes_) {
        names.push_back(name);
    }
    const auto meant = meant_symbol(typed, names);
    return meant ? std::optional(other_classes_.find(*meant)->second) : std::nullopt;
}

const Error* InstrumentList::unread_error(const std::string& typed) const {
    for (const SkippedElements& page : skipped_) {
        for (const auto& kind : page.kinds()) {
            if (!kind.symbol.empty() && meant_symbol(typed, {&kind.symbol, 1})) {
                return &kind.first;
            }
        }
    }
    return nullptr;
}

std::string InstrumentList::other_classes_text() const {
    std::map<AssetClass, std::size_t> counts;
    for (const auto& [name, asset_class] : other_classes_) {
        ++counts[asset_class];
    }
    std::string parts;
    for (const auto& [asset_class, count] : counts) {
        parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", count, name_of(asset_class));
    }
    return fmt::format("contracts that are on no coin are left out ({}): --asset-class follows them", parts);
}

void InstrumentList::note(bool wanted, std::string_view text) {
    if (wanted) {
        needs_.listener.on_notice(text);
    }
}

bool InstrumentList::is_unread(const std::string& name) const {
    return std::ranges::any_of(skipped_, [&](const SkippedElements& page) { return page.may_concern(name); });
}

// What is followed and cannot be read this time is taken as trading still.
void InstrumentList::keep_unread() {
    const std::set<std::string, std::less<>> read(trading_.begin(), trading_.end());
    for (const auto& name : ranked_) {
        if (!read.contains(name) && is_unread(name)) {
            trading_.push_back(name);
        }
    }
}

// The listing is complete: at first, and whenever it was read again.
void InstrumentList::settle() {
    reading_ = false;
    keep_unread();
    understand();
    const std::vector<std::string> names = wanted();
    follows_all_ = choice_.partition.whole() &&
                   std::set<std::string_view>(trading_.begin(), trading_.end()).size() == names.size();
    if (names.empty()) {
        const bool lists_any = !trading_.empty() || !other_classes_.empty();
        trouble_ = {lists_any ? ErrorCode::unknown_symbol : ErrorCode::network,
                    lists_any && chosen_.empty() && !unknown_.empty()
                        ? unknown_
                        : "the exchange lists none of the wanted symbols"};
        if (!started_) {
            retry(retry_ms);
        }
        return;
    }
    started_ = true;
    trouble_.reset();
    drop_and_add(names);
    note_changes();
    tell_listings();
}

void InstrumentList::drop_and_add(const std::vector<std::string>& names) {
    const std::set<std::string_view> kept(names.begin(), names.end());
    const std::set<std::string_view> trading(trading_.begin(), trading_.end());
    const std::vector<std::string> before = ranked_;
    for (const std::string& name : before) {
        if (kept.contains(name)) {
            continue;
        }
        std::erase(ranked_, name);
        steps_.erase(name);
        if (std::erase(followed_, name) > 0) {
            needs_.listener.on_dropped(name, trading.contains(name));
        }
    }
    const std::set<std::string_view> known(before.begin(), before.end());
    for (const auto& name : names) {
        if (known.contains(name)) {
            continue;
        }
        const auto rank = static_cast<std::uint32_t>(std::min<std::size_t>(ranked_.size(), rank_max));
        ranked_.push_back(name);
        if (choice_.partition.owns(name)) {
            followed_.push_back(name);
            needs_.listener.on_added(name, rank);
        }
    }
    if (limited()) {
        ranked_ = names;
        rank(followed_);
    }
}

// At the first time everything is new, and nothing is news.
void InstrumentList::tell_listings() {
    std::set<std::string> now;
    for (const auto& name : trading_) {
        const bool chosen = choice_.symbols.empty() || holds(chosen_, name);
        if (chosen && choice_.partition.owns(name) && !holds(excluded_, name)) {
            now.insert(name);
        }
    }
    const auto before = std::exchange(listings_, now);
    if (!before) {
        return;
    }
    for (const auto& name : now) {
        if (!before->contains(name)) {
            needs_.listener.on_listing(name, true);
        }
    }
    for (const auto& name : *before) {
        if (now.contains(name)) {
            continue;
        }
        if (is_unread(name)) {
            listings_->insert(name);
        } else {
            needs_.listener.on_listing(name, false);
        }
    }
}

std::string InstrumentList::change_text(const std::string& name, const Steps& before, const Steps& now) {
    std::string changes;
    if (now.tick != before.tick) {
        changes = fmt::format("the tick is {} now, was {}", to_text(now.tick), to_text(before.tick));
    }
    if (now.lot != before.lot) {
        changes += fmt::format("{}the lot is {} now, was {}", changes.empty() ? "" : ", ", to_text(now.lot),
                               to_text(before.lot));
    }
    return fmt::format("{}: {}: its histories are read again", name, changes);
}

void InstrumentList::note_changes() {
    for (const auto& name : followed_) {
        const auto listed = listed_steps_.find(name);
        if (listed == listed_steps_.end()) {
            continue;
        }
        const auto [known, added] = steps_.emplace(name, listed->second);
        if (!added && known->second != listed->second) {
            needs_.listener.on_notice(change_text(name, known->second, listed->second));
            known->second = listed->second;
            needs_.listener.on_changed(name);
        }
    }
}

void InstrumentList::give_up(Error reason, std::int64_t retry_after_ms) {
    reading_ = false;
    trouble_ = std::move(reason);
    if (!started_) {
        needs_.listener.on_notice(trouble_->message);
        retry(retry_after_ms);
    }
}

void InstrumentList::retry(std::int64_t ms) {
    needs_.after(ms, [this] { read(); });
}

}  // namespace virtuoso
