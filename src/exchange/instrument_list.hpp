// Which contracts of an exchange are followed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

class ExchangeDialect;
class RestAsker;

/// Reads the listing page after page, ranks it by turnover, and tells which contracts are to be followed
/// from now on and which no more. Until the first success it tries again every two seconds. O(n log n) a
/// listing of n contracts.
class InstrumentList {
  public:
    static constexpr std::int64_t retry_ms = 2'000;
    static constexpr std::uint32_t rank_max = 0xffff;

    class Listener {
      public:
        virtual ~Listener() = default;
        /// `rank`: 0 is the most traded of those that were followed first.
        virtual void on_added(const std::string& symbol, std::uint32_t rank) = 0;
        virtual void on_dropped(const std::string& symbol) = 0;
        /// Something an operator wants to know.
        virtual void on_notice(std::string_view text) = 0;
    };
    /// What is followed of what is traded.
    struct Choice {
        std::vector<std::string> symbols = {};  ///< as a user types them, see meant_symbol; empty: everything
        std::size_t symbols_max = 0;            ///< the most traded ones; 0: no limit
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

    /// What is followed, most traded first.
    [[nodiscard]] const std::vector<std::string>& followed() const noexcept { return followed_; }
    /// Nothing that is traded is left out by choice.
    [[nodiscard]] bool follows_all() const noexcept { return follows_all_; }
    /// The listing was read and something of it is followed.
    [[nodiscard]] bool started() const noexcept { return started_; }
    /// What kept the last reading from its end; empty when nothing did.
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
    /// The listing was read and holds none of the chosen contracts.
    [[nodiscard]] bool knows_none() const noexcept { return knows_none_; }

  private:
    void load_page(const std::string& cursor);
    void load_turnover();
    void settle();
    [[nodiscard]] std::vector<std::string> wanted() const;
    void rank(std::vector<std::string>& names) const;
    void understand();
    void give_up(std::string reason);
    void retry();

    Needs needs_;
    Choice choice_;
    std::vector<std::string> trading_;  ///< of the listing being read
    std::map<std::string, double, std::less<>> turnover_;
    std::vector<std::string> followed_;
    std::vector<std::string> chosen_;  ///< as they are listed
    std::string unknown_;              ///< what is said of those that are not
    bool knows_none_ = false;
    bool noted_ = false;  ///< what was typed is explained once
    bool reading_ = false;
    bool started_ = false;
    bool follows_all_ = true;
    std::string trouble_;
};

}  // namespace virtuoso
