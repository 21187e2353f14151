// A recording, served as if it were live.
#pragma once

#include "sim/faults.hpp"
#include "sim/recorded_market.hpp"
#include "sim/recorded_protocol.hpp"
#include "sim/stream_hub.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace virtuoso::sim {

struct RecordedExchangeOptions {
    double speed = 1;  ///< recorded time per time
    bool moves_times =
        false;  ///< the recording begins now, to the minute; else its clock is the recorded one
    std::int64_t start_ms = 0;                ///< now
    std::uint64_t seed = 1;                   ///< of faults
    std::int64_t connection_lifetime_ms = 0;  ///< then a stream is hung up on; 0: never
};

/// Speaks the protocol of the exchange that was recorded, to clients of the streams and of REST: late ones
/// get the book as it stands. Time stands still until the first subscription. Faults strike as in the
/// simulation.
class RecordedExchange final : public ServedExchange {
  public:
    [[nodiscard]] static std::unique_ptr<RecordedExchange> make(std::unique_ptr<RecordedMarket> market,
                                                                const RecordedExchangeOptions& options);

    void advance(std::int64_t now_ms) override;
    [[nodiscard]] std::int64_t now_ms() const noexcept override { return now_ms_; }
    [[nodiscard]] ServerAnswer answer(const ServerRequest& request) override;
    [[nodiscard]] bool streams_at(std::string_view path) const noexcept override {
        return protocol_->streams_at(path);
    }
    void join(ServerPeer& client, std::string_view target) override { hub_.join(client, target); }
    void leave(ServerPeer& client) override { hub_.leave(client); }
    void receive(ServerPeer& client, std::string_view text) override;
    [[nodiscard]] bool tls_fails() override;

    [[nodiscard]] FaultPlan& faults() noexcept { return faults_; }
    [[nodiscard]] const RecordedMarket& market() const noexcept { return *market_; }
    /// What the exchange's clock says.
    [[nodiscard]] std::int64_t clock_ms() const noexcept;
    /// Why the recording ended early; empty when it did not.
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

  private:
    RecordedExchange(std::unique_ptr<RecordedMarket> market, const RecordedExchangeOptions& options,
                     std::int64_t shift_ms);
    void publish(const RecordedMarket::Frame& frame);

    std::unique_ptr<RecordedMarket> market_;
    RecordedExchangeOptions options_;
    std::int64_t shift_ms_;
    std::unique_ptr<RecordedProtocol> protocol_;
    FaultPlan faults_;
    std::int64_t now_ms_;
    std::int64_t started_ms_ = 0;  ///< of the playback; 0 before the first subscription
    StreamHub hub_;
    std::map<std::string, std::vector<std::string>, std::less<>>
        spellings_;  ///< asked for, by recorded topic
    std::string trouble_;
};

}  // namespace virtuoso::sim
