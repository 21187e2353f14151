// To which contract a depth snapshot belongs that does not say so.
#pragma once

#include "exchange/binance/rest_codec.hpp"
#include "exchange/binance/stream_codec.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Follows the depth updates of a Binance capture. A snapshot belongs to the contract whose update ids it
/// fits; where it fits several, as contracts share one counter, to the one whose levels stand in it. Keeps
/// the newest few updates of each contract: O(1) an update, O(contracts × levels) a snapshot.
class SnapshotOwner {
  public:
    explicit SnapshotOwner(binance::Market market) : market_(market), stream_(market) {}

    /// Notes a frame of the stream; anything but a depth update is passed over.
    void note(std::string_view frame);
    /// True when every contract met has an update that goes as far as this id.
    [[nodiscard]] bool all_passed(std::uint64_t id) const;
    /// The contract of this snapshot; nullopt when none fits or several fit equally well.
    [[nodiscard]] std::optional<std::string> owner_of(std::string_view snapshot);
    /// lastUpdateId; 0 when there is none.
    [[nodiscard]] static std::uint64_t id_of(std::string_view snapshot);
    [[nodiscard]] std::size_t contracts() const noexcept { return contracts_.size(); }

  private:
    struct Update {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::uint64_t previous = 0;
        std::string frame;
    };
    using Contract = std::deque<Update>;
    using Side = std::map<std::int64_t, std::int64_t>;  ///< sizes by price, both in units
    /// How well what a contract's updates said up to a snapshot's id stands in the snapshot.
    struct Match {
        std::size_t compared = 0;
        double score = 0;  ///< one a level of equal price and size, a quarter where the price alone is
        [[nodiscard]] double share() const noexcept {
            return compared == 0 ? 0.0 : score / static_cast<double>(compared);
        }
    };
    struct Candidate {
        std::string symbol;
        bool fits = false;  ///< by its ids
        Match match;
    };

    [[nodiscard]] bool fits(const Contract& contract, std::uint64_t id) const;
    void read_levels(const Contract& contract, std::uint64_t until, Side& bids, Side& asks);
    [[nodiscard]] Match match(const Contract& contract, const BookSnapshot& snapshot);
    [[nodiscard]] static std::optional<std::string> best_of(const std::vector<Candidate>& candidates);

    binance::Market market_;
    binance::BinanceStreamCodec stream_;
    binance::BinanceRestCodec rest_;
    FrameBuffer snapshot_buffer_;
    FrameBuffer frame_buffer_;
    std::map<std::string, Contract, std::less<>> contracts_;
};

}  // namespace virtuoso
