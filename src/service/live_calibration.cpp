#include "service/live_calibration.hpp"

#include "service/followed_signal.hpp"
#include "service/market_overview.hpp"
#include "store/store_cell.hpp"

#include <span>
#include <string_view>

namespace virtuoso {

namespace {

std::optional<std::size_t> horizon_from(std::string_view name) {
    for (std::size_t i = 0; i < outcome_horizons_ms.size(); ++i) {
        if (horizon_name(i) == name) {
            return i;
        }
    }
    return std::nullopt;
}

struct Noted {
    ScoreLikeness like;
    std::size_t horizon = 0;
    double return_share = 0;  ///< of the price
};

std::optional<Noted> noted(std::span<const StoreValue> row) {
    const auto* const horizon = store_cell<std::string>(spec_of(StoreTable::outcomes), row, "horizon");
    const auto* const share = store_cell<double>(spec_of(StoreTable::outcomes), row, "return_share");
    const auto* const direction = store_cell<std::string>(spec_of(StoreTable::outcomes), row, "direction");
    const auto* const score = store_cell<double>(spec_of(StoreTable::outcomes), row, "score");
    if (horizon == nullptr || share == nullptr || direction == nullptr || score == nullptr ||
        !FollowedSignal::is_over(row)) {
        return std::nullopt;
    }
    const auto number = horizon_from(*horizon);
    if (!number) {
        return std::nullopt;
    }
    const bool is_long = *direction == name_of(Verdict::long_side);
    Noted found{.like = {.decile = ScoreLikeness::decile_of(*score),
                         .direction = is_long ? Verdict::long_side : Verdict::short_side},
                .horizon = *number,
                .return_share = is_long ? *share : -*share};
    if (const auto* const group =
            store_cell<std::string>(spec_of(StoreTable::outcomes), row, "symbol_group")) {
        found.like.group = *group;
    }
    if (const auto* const regime = store_cell<std::string>(spec_of(StoreTable::outcomes), row, "regime")) {
        found.like.regime = *regime;
    }
    return found;
}

}  // namespace

void LiveCalibration::note(const StoreRow& row) {
    if (const auto found = noted(row)) {
        const std::lock_guard lock(mutex_);
        calibration_.note(found->like, found->horizon, found->return_share);
    }
}

Result<void> LiveCalibration::read(Store& store, const std::string& exchange, std::int64_t now_ms) {
    const StoreQuery query{.table = StoreTable::outcomes,
                           .since_ms = now_ms - age_days_max * ms_per_day,
                           .where = {{"exchange", exchange}}};
    Calibration read_ones;
    const auto read = store.select(query, [&](std::span<const StoreValue> row) {
        if (const auto found = noted(row)) {
            read_ones.note(found->like, found->horizon, found->return_share);
        }
        return true;
    });
    if (!read) {
        return std::unexpected(read.error());
    }
    const std::lock_guard lock(mutex_);
    calibration_.add(read_ones);
    return {};
}

std::optional<CalibrationAnswer> LiveCalibration::answer(const SymbolResult& result,
                                                         const MarketOverview* overview) const {
    const Confluence& confluence = result.confluence;
    const Verdict side = confluence.verdict.value_or(Verdict::neutral);
    if (!confluence.score || side == Verdict::neutral) {
        return std::nullopt;
    }
    ScoreLikeness like{.decile = ScoreLikeness::decile_of(*confluence.score),
                       .direction = side,
                       .group = std::string(group_of(result.deep))};
    if (overview != nullptr && overview->regime) {
        like.regime = std::string(name_of(*overview->regime));
    }
    const std::lock_guard lock(mutex_);
    return calibration_.answer(like);
}

}  // namespace virtuoso
