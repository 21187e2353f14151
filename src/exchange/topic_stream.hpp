// One WebSocket and the topics it carries.
#pragma once

#include "exchange/backoff.hpp"
#include "exchange/call_guard.hpp"
#include "exchange/exchange_dialect.hpp"
#include "exchange/growing_pause.hpp"
#include "exchange/raw_record.hpp"
#include "exchange/token_bucket.hpp"
#include "net/transport.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace virtuoso {

class TopicStream;

/// What a stream tells the feed that owns it. Errors and views are valid during the call.
class StreamOwner {
  public:
    virtual ~StreamOwner() = default;
    virtual void on_market(TopicStream& stream, const RawRecord& record, const DecodedFrame& frame) = 0;
    virtual void on_control(const RawRecord& record) = 0;
    virtual void on_refused(TopicStream& stream, const RawRecord& record, const Error& error) = 0;
    /// The exchange accepted the subscription: what it carries follows.
    virtual void on_live(const std::string& topic) = 0;
    virtual void on_topic_refused(const std::string& topic, std::string_view reason) = 0;
    virtual void on_lost(TopicStream& stream, const Error& reason, bool was_open) = 0;
};

/// Keeps one connection open and its topics subscribed, for ever: reconnects with backoff, repeats what is
/// not answered. A refusal rejects its whole request: the topic that it names is set aside and the rest asked
/// for again; where it names none, halves until the one bad topic is found.
class TopicStream final : public StreamListener {
  public:
    struct Identity {
        std::size_t route = 0;  ///< of the dialect's
        std::uint32_t number = 1;
        std::uint64_t seed = 1;
        std::int64_t lifetime_ms = 0;  ///< at most; 0: as the dialect says
    };

    TopicStream(Transport& transport, const ExchangeDialect& dialect, StreamOwner& owner, Identity identity);

    void open();
    /// For good: nothing is heard of it any more.
    void close();
    void add(const std::string& topic);
    void remove(const std::string& topic);
    /// Unsubscribes and subscribes: the topic begins anew.
    void renew(const std::string& topic);
    /// Drops the connection and comes back, unless that was tried not long ago.
    void reconnect(const std::string& reason);
    /// Heartbeat, dead-peer detection, unanswered requests. Call every 100 ms or so.
    void check();

    /// Who is told from now on.
    void belong_to(StreamOwner& owner) noexcept { owner_ = &owner; }

    [[nodiscard]] bool is_open() const noexcept { return open_; }
    /// Why it is not open.
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }
    /// How often in a row it did not open.
    [[nodiscard]] std::uint64_t failures() const noexcept { return failures_; }
    /// Open for so long that it should be replaced: each at a moment of its own, drawn by its seed, so that
    /// connections that were opened together do not end together.
    [[nodiscard]] bool is_old() const;
    [[nodiscard]] std::int64_t age_ms() const;
    [[nodiscard]] std::vector<std::string> topics() const;
    [[nodiscard]] bool is_live(const std::string& topic) const;
    [[nodiscard]] std::uint32_t number() const noexcept { return identity_.number; }
    /// Of the dialect's routes.
    [[nodiscard]] std::size_t route() const noexcept { return identity_.route; }
    /// Of the room that a connection has.
    [[nodiscard]] std::size_t load() const noexcept { return load_; }
    [[nodiscard]] StreamCodec& codec() noexcept { return *codec_; }

    void on_open() override;
    void on_frame(PaddedFrame frame, LocalTime received) override;
    void on_close(const Error& reason) override;

  private:
    enum class TopicState : std::uint8_t { wanted, asked, live, refused };
    struct Entry {
        TopicState state = TopicState::wanted;
        LocalTime try_at;  ///< of refused topics
        int refusals = 0;
    };
    struct Request {
        bool subscribes = true;
        std::vector<std::string> topics;
        LocalTime sent;  ///< 0 while it waits for its turn
    };

    void subscribe_wanted();
    void request(bool subscribes, std::vector<std::string> topics);
    void send_waiting();
    void accept(const Request& answered);
    void refuse(const Request& answered, std::string_view reason);
    [[nodiscard]] bool set_aside(const Request& answered, std::string_view reason, bool live);
    void refuse_topic(const std::string& topic, std::string_view reason);
    void lose(const Error& reason);
    void on_answer(const DecodedFrame& frame, bool accepted);
    void repeat_unanswered(LocalTime now);
    void ask_again(LocalTime now);

    Transport& transport_;
    StreamOwner* owner_;
    const ExchangeDialect& dialect_;
    StreamLimits limits_;
    std::int64_t lifetime_ms_;  ///< of this one; 0: for ever
    std::string channel_;
    Identity identity_;
    std::unique_ptr<StreamCodec> codec_;
    Backoff backoff_;
    GrowingPause doubts_;  ///< between connections that were given up
    std::unique_ptr<StreamConnection> connection_;
    std::uint64_t generation_ = 0;  ///< of the connection
    bool open_ = false;
    std::string trouble_ = "not open yet";
    std::uint64_t failures_ = 0;
    bool steady_ = false;  ///< market data came on this connection
    LocalTime opened_;
    LocalTime last_heard_;
    LocalTime last_ping_;
    std::uint64_t next_request_ = 0;
    int unanswered_ = 0;
    std::size_t load_ = 0;
    std::map<std::string, Entry, std::less<>> topics_;
    bool any_to_ask_ = false;  ///< a topic may be wanted or refused
    TokenBucket bucket_;
    std::map<std::string, Request, std::less<>> requests_;
    std::deque<std::string> waiting_;  ///< ids of requests that are not sent yet
    CallGuard guard_;
};

}  // namespace virtuoso
