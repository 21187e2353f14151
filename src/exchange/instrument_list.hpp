// Which contracts of an exchange are followed.
#pragma once

#include "exchange/deep_ranking.hpp"
#include "exchange/page_guard.hpp"
#include "exchange/skipped_elements.hpp"
#include "exchange/symbol_partition.hpp"
#include "market/instrument.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

class ExchangeDialect;
class RestAsker;

/// Reads the listing page after page, ranks it by turnover, and tells which contracts are to be followed
/// from now on and which no more. A contract whose element cannot be read is not begun with and, when it is
/// followed, not dropped for that. Until the first success it tries again every two seconds. Where only the
/// most traded are followed, `rerank` asks for their turnovers anew; who leaves the listing in between gives
/// its place to the next. Of several parts each ranks the whole listing and follows what it owns. O(n log n)
/// a listing of n contracts.
class InstrumentList {
  public:
    static constexpr std::int64_t retry_ms = 2'000;
    static constexpr std::int64_t endless_retry_ms = 60'000;  ///< after a listing without an end
    static constexpr std::size_t pages_max = 20;              ///< of a thousand contracts
    static constexpr std::uint32_t rank_max = 0xffff;

    class Listener {
      public:
        virtual ~Listener() = default;
        /// `rank`: 0 is the most traded of those that were followed first, in all parts together.
        virtual void on_added(const std::string& symbol, std::uint32_t rank) = 0;
        /// `trading`: others are traded more now. Else the exchange trades it no more.
        virtual void on_dropped(const std::string& symbol, bool trading) = 0;
        /// The exchange trades it since the listing before, or no more, followed or not. Each part hears of
        /// what it owns.
        virtual void on_listing(const std::string& symbol, bool listed) {
            static_cast<void>(symbol);
            static_cast<void>(listed);
        }
        /// A followed contract's tick or lot is another one now: its past may have been restated.
        virtual void on_changed(const std::string& symbol) { static_cast<void>(symbol); }
        /// Something an operator wants to know.
        virtual void on_notice(std::string_view text) = 0;
    };
    /// What is followed of what is traded.
    struct Choice {
        std::vector<std::string> symbols = {};  ///< as a user types them, see meant_symbol; empty: everything
        std::size_t symbols_max = 0;            ///< the most traded ones; 0: no limit
        std::vector<std::string> excluded = {};  ///< likewise
        std::vector<AssetClass> classes = {AssetClass::crypto};
        std::vector<std::string> included = {};  ///< likewise; among the most traded whatever they are worth
        double turnover_min = 0;                 ///< of the most traded, quote currency in 24 h
        double hysteresis = 0.1;                 ///< of their border, a share
        SymbolPartition partition = {};
    };
    struct Needs {
        const ExchangeDialect& dialect;
        RestAsker& rest;
        /// Calls back after so many ms.
        std::function<void(std::int64_t ms, std::function<void()> call)> after;
        Listener& listener;
    };

    InstrumentList(Needs needs, Choice choice);

    /// Begins to read the listing, unless it is being read.
    void read();
    /// The same, and then the turnovers anew. While they cannot be had, the ranks stay as they are.
    void rerank();
    /// As if it were not chosen, until `follow_again`: nobody takes its place. False when it was not
    /// followed.
    bool leave_out(const std::string& symbol);
    /// Has the listing read for it.
    void follow_again(std::string_view symbol);

    /// What is followed of what this part owns, most traded first.
    [[nodiscard]] const std::vector<std::string>& followed() const noexcept { return followed_; }
    /// Nothing that is traded is left out by choice.
    [[nodiscard]] bool follows_all() const noexcept { return follows_all_; }
    /// The listing was read and something of it is followed.
    [[nodiscard]] bool started() const noexcept { return started_; }
    /// What kept the last reading from its end, if anything did; E_UNKNOWN_SYMBOL where the listing was read
    /// and nothing of it is to be followed.
    [[nodiscard]] const std::optional<Error>& trouble() const noexcept { return trouble_; }

  private:
    struct Steps {
        Price tick;
        Size lot;
        friend bool operator==(const Steps&, const Steps&) = default;
    };

    void load_page(const std::string& cursor);
    void load_turnover();
    void settle();
    void keep_unread();
    void drop_and_add(const std::vector<std::string>& names);
    void tell_listings();
    [[nodiscard]] bool limited() const noexcept { return choice_.symbols_max > 0; }
    [[nodiscard]] bool is_unread(const std::string& name) const;
    [[nodiscard]] double turnover_of(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> wanted();
    [[nodiscard]] std::vector<std::string> most_traded(const std::vector<std::string>& names);
    void rank(std::vector<std::string>& names) const;
    void take(const Instrument& instrument);
    void understand();
    void understand_excluded(bool first);
    [[nodiscard]] std::string why_not(const std::string& typed, bool listed) const;
    [[nodiscard]] std::optional<AssetClass> of_other_class(const std::string& typed) const;
    [[nodiscard]] const Error* unread_error(const std::string& typed) const;
    [[nodiscard]] std::string other_classes_text() const;
    void note(bool wanted, std::string_view text);
    void note_changes();
    [[nodiscard]] static std::string change_text(const std::string& name, const Steps& before,
                                                 const Steps& now);
    void give_up(Error reason, std::int64_t retry_after_ms = retry_ms);
    void retry(std::int64_t ms);

    Needs needs_;
    Choice choice_;
    PageGuard pages_{pages_max};
    std::vector<std::string> trading_;                              ///< of the listing being read
    std::map<std::string, AssetClass, std::less<>> other_classes_;  ///< traded, but of no wanted class
    std::map<std::string, Steps, std::less<>> listed_steps_;        ///< of the listing being read
    std::map<std::string, Steps, std::less<>> steps_;               ///< of what is followed
    std::vector<SkippedElements> skipped_;  ///< of the listing being read, a page each
    std::map<std::string, double, std::less<>> turnover_;
    DeepRanking ranking_;                            ///< where only the most traded are followed
    std::vector<std::string> ranked_;                ///< what all parts follow together
    std::vector<std::string> followed_;              ///< of them, what this one owns
    std::optional<std::set<std::string>> listings_;  ///< of this part, as they were told
    std::vector<std::string> chosen_;                ///< as they are listed
    std::vector<std::string> excluded_;              ///< likewise
    std::set<std::string, std::less<>> left_out_;    ///< for now
    std::string unknown_;                            ///< what is said of those that are not
    bool noted_ = false;                             ///< what was typed is explained once
    bool reading_ = false;
    bool rerank_due_ = false;
    bool started_ = false;
    bool follows_all_ = true;
    std::optional<Error> trouble_;
};

}  // namespace virtuoso
