// A signal of the store on its way to its barriers and horizons.
#pragma once

#include "analysis/outcome.hpp"
#include "store/store.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virtuoso {

/// What calibration asks of the moment at which a signal began.
struct SignalCircumstances {
    std::string group;                       ///< "deep" or "other"
    std::optional<std::string> regime = {};  ///< of the market, where it was known
};

/// "deep", one of the most traded, or "other".
[[nodiscard]] constexpr std::string_view group_of(bool deep) noexcept {
    return deep ? "deep" : "other";
}

/// Its rows of `outcomes`: one a horizon, one of the plan. A row is `open` until it is over; then `whole`
/// when all of the way there was seen, `hole` when some was not. The rows of the plan and of the last horizon
/// are written on the way too, so that another process can go on from there. Single-threaded.
class FollowedSignal {
  public:
    /// Of a numbered row of `signals`; nullopt when it is none.
    [[nodiscard]] static std::optional<FollowedSignal> of(std::span<const StoreValue> signal);
    void set(SignalCircumstances circumstances) { circumstances_ = std::move(circumstances); }
    /// Goes on from rows of `outcomes` of this signal.
    void resume(std::span<const StoreRow> rows);

    /// Prices traded since the last call. What lies between is a hole.
    void see(const PriceStretch& stretch);
    /// Up to here nothing was seen and nothing will be.
    void miss(ExchangeTime until);
    /// Up to here it was seen that nothing was traded.
    void pass(ExchangeTime until) noexcept;

    /// What became over since the last call; with what is on the way when `progress`.
    [[nodiscard]] std::vector<StoreRow> take_rows(bool progress);
    /// Of a row of `outcomes`: nothing in it will change.
    [[nodiscard]] static bool is_over(std::span<const StoreValue> row);
    /// Of a row of `outcomes`: some of its way was not seen.
    [[nodiscard]] static bool has_hole(std::span<const StoreValue> row);
    /// Nothing more can change.
    [[nodiscard]] bool over() const noexcept { return tracker_.done(); }

    [[nodiscard]] const std::string& symbol() const noexcept { return symbol_; }
    [[nodiscard]] std::int64_t sequence() const noexcept { return sequence_; }
    [[nodiscard]] ExchangeTime began() const noexcept { return began_; }
    /// Seen or missed up to here.
    [[nodiscard]] ExchangeTime until() const noexcept { return until_; }
    /// What was before `until` was not followed by this process.
    [[nodiscard]] bool resumed() const noexcept { return resumed_; }

  private:
    /// How much of its way was not seen, by the time it was over.
    struct Part {
        bool over = false;
        bool told = false;
        std::int64_t hole_ms = 0;
    };
    FollowedSignal(TradePlan plan, ExchangeTime began)
        : began_(began), until_(began), plan_(std::move(plan)), tracker_(plan_, began, {}) {}

    void take_circumstances(const StoreRow& row);
    void note_over(std::int64_t hole_ms, ExchangeTime from);
    [[nodiscard]] StoreRow row_of(std::string_view horizon, ExchangeTime time, std::string_view state,
                                  std::int64_t hole_ms) const;
    [[nodiscard]] StoreRow horizon_row(std::size_t index) const;
    [[nodiscard]] StoreRow plan_row() const;
    [[nodiscard]] std::optional<double> share_now() const;

    std::string exchange_;
    std::string symbol_;
    std::int64_t sequence_ = 0;
    double score_ = 0;
    SignalCircumstances circumstances_;
    ExchangeTime began_;
    ExchangeTime until_;
    TradePlan plan_;
    OutcomeTracker tracker_;
    std::int64_t hole_ms_ = 0;
    std::array<Part, outcome_horizons_ms.size()> horizons_{};
    Part plan_part_;
    ExchangeTime plan_over_;
    bool resumed_ = false;
};

}  // namespace virtuoso
