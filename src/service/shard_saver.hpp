// When the symbols of one shard are saved, and which.
#pragma once

#include "engine/live_session.hpp"
#include "service/symbol_saver.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace virtuoso {

/// One symbol a turn while a round lasts, so that none stands between a frame and its score for longer than a
/// millisecond or two. A symbol is saved with the time up to which its past is known; one that is still being
/// read for the first time is not. On its shard's thread.
class ShardSaver {
  public:
    struct Settings {
        SymbolSaver* saver = nullptr;  ///< null: nothing is saved
        std::uint32_t shard = 0;
        std::int64_t every_ns = 60'000'000'000;
        std::int64_t final_ns = 1'000'000'000;  ///< for the last round, when the shard ends
    };

    ShardSaver(Settings settings, LocalTime now) : settings_(settings), begun_(now) {}

    /// It goes on from what was saved and is known up to there.
    void note_resumed(std::string_view symbol, ExchangeTime known_until);
    void forget(std::string_view symbol);

    /// `spare`: of this symbol nothing is to be saved.
    void turn(LiveSession& session, const Feed& feed, LocalTime now,
              const std::function<bool(std::string_view)>& spare);
    /// All at once, when the shard ends; what is not done in time leaves the file of the round before.
    void finish(LiveSession& session, const Feed& feed, const Clock& clock,
                const std::function<bool(std::string_view)>& spare);

  private:
    void save(const TrackedSymbol& symbol, const Feed& feed);

    Settings settings_;
    LocalTime begun_;  ///< the round, or the time since the last one
    bool in_round_ = false;
    std::size_t next_ = 0;
    std::map<std::string, ExchangeTime, std::less<>> resumed_;  ///< known until
};

}  // namespace virtuoso
