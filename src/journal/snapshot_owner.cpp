#include "journal/snapshot_owner.hpp"

#include "journal/frame_fields.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

namespace {

constexpr std::size_t contracts_max = 1'024;
constexpr std::size_t updates_kept = 128;
constexpr std::size_t updates_kept_of_many = 16;
constexpr std::size_t many_contracts = 64;
constexpr double price_alone = 0.25;
/// A contract is the owner when its levels stand in the snapshot so much better than the next one's.
constexpr double clearly_better = 1.25;
/// So many levels without one that stands in the snapshot are of another contract.
constexpr std::size_t levels_telling = 8;

}  // namespace

std::uint64_t SnapshotOwner::id_of(std::string_view snapshot) {
    return number_behind(snapshot, "lastUpdateId");
}

void SnapshotOwner::note(std::string_view frame) {
    if (!frame.contains("depthUpdate")) {
        return;
    }
    const auto symbol = text_behind(frame, "s");
    const std::uint64_t last = number_behind(frame, "u");
    if (symbol.empty() || last == 0) {
        return;
    }
    auto found = contracts_.find(symbol);
    if (found == contracts_.end()) {
        if (contracts_.size() >= contracts_max) {
            return;
        }
        found = contracts_.emplace(symbol, Contract{}).first;
    }
    found->second.push_back({number_behind(frame, "U"), last, number_behind(frame, "pu"),
                             std::string(frame.substr(std::min(frame.find('{'), frame.size())))});
    const std::size_t kept = contracts_.size() > many_contracts ? updates_kept_of_many : updates_kept;
    while (found->second.size() > kept) {
        found->second.pop_front();
    }
}

bool SnapshotOwner::all_passed(std::uint64_t id) const {
    return std::ranges::all_of(contracts_, [id](const auto& entry) {
        return std::ranges::any_of(entry.second, [id](const Update& update) { return update.last >= id; });
    });
}

// The rule by which a book goes on from a snapshot, see OrderBook.
bool SnapshotOwner::fits(const Contract& contract, std::uint64_t id) const {
    return std::ranges::any_of(contract, [&](const Update& update) {
        const bool follows = market_ == binance::Market::usdm && update.previous == id;
        return follows || (update.first <= id + 1 && update.last >= id);
    });
}

// The newest word of the updates up to `until` on each level.
void SnapshotOwner::read_levels(const Contract& contract, std::uint64_t until, Side& bids, Side& asks) {
    for (const Update& update : contract) {
        if (update.last > until) {
            return;
        }
        const auto decoded = stream_.decode(frame_buffer_.assign(update.frame));
        if (!decoded || decoded->events.empty()) {
            continue;
        }
        if (const auto* const delta = std::get_if<BookDelta>(&decoded->events.front().payload)) {
            for (const auto& level : delta->bids) {
                bids[level.price.units] = level.size.units;
            }
            for (const auto& level : delta->asks) {
                asks[level.price.units] = level.size.units;
            }
        }
    }
}

SnapshotOwner::Match SnapshotOwner::match(const Contract& contract, const BookSnapshot& snapshot) {
    Match result;
    Side bids;
    Side asks;
    read_levels(contract, snapshot.update_id, bids, asks);
    if (bids.empty() && asks.empty()) {  // it begins behind the snapshot
        read_levels(contract, UINT64_MAX, bids, asks);
    }
    const auto compare = [&result](const Side& said, std::span<const BookLevel> levels, bool are_bids) {
        if (levels.empty()) {
            return;
        }
        const std::int64_t deepest = levels.back().price.units;
        for (const auto& [price, size] : said) {
            if (are_bids ? price < deepest : price > deepest) {
                continue;
            }
            const auto found = std::ranges::find(levels, Price{price}, &BookLevel::price);
            if (found == levels.end()) {
                result.compared += size == 0 ? 0 : 1;
                continue;
            }
            ++result.compared;
            result.score += found->size.units == size ? 1 : price_alone;
        }
    };
    compare(bids, snapshot.bids, true);
    compare(asks, snapshot.asks, false);
    return result;
}

std::optional<std::string> SnapshotOwner::best_of(const std::vector<Candidate>& candidates) {
    const Candidate* best = nullptr;
    std::size_t fitting = 0;
    for (const auto& candidate : candidates) {
        fitting += candidate.fits ? 1U : 0U;
        if (candidate.fits && (best == nullptr || candidate.match.share() > best->match.share())) {
            best = &candidate;
        }
    }
    if (best == nullptr || (best->match.score == 0 && best->match.compared >= levels_telling)) {
        return std::nullopt;
    }
    for (const auto& other : candidates) {
        const bool rival =
            &other != best && (other.fits ? best->match.share() < other.match.share() * clearly_better
                                          : best->match.share() < other.match.share());
        if (rival) {
            return std::nullopt;
        }
    }
    return fitting == 1 || best->match.score > 0 ? std::optional(best->symbol) : std::nullopt;
}

std::optional<std::string> SnapshotOwner::owner_of(std::string_view snapshot) {
    const std::uint64_t id = id_of(snapshot);
    const std::string_view target =
        market_ == binance::Market::usdm ? "/fapi/v1/depth?symbol=X" : "/api/v3/depth?symbol=X";
    const auto reply = rest_.decode(target, snapshot_buffer_.assign(snapshot));
    if (!reply) {
        return std::nullopt;
    }
    const auto& book = std::get<BookSnapshot>(std::get<MarketReply>(*reply).events.front().payload);
    std::vector<Candidate> candidates;
    candidates.reserve(contracts_.size());
    for (const auto& [symbol, contract] : contracts_) {
        candidates.push_back({symbol, contracts_.size() == 1 || fits(contract, id), match(contract, book)});
    }
    return best_of(candidates);
}

}  // namespace virtuoso
