// One WebSocket to Bybit and the topics it carries.
#pragma once

#include "exchange/backoff.hpp"
#include "exchange/bybit/stream_codec.hpp"
#include "exchange/raw_record.hpp"
#include "exchange/transport.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace virtuoso::bybit {

class BybitStream;

/// What a stream tells the feed that owns it. Errors and views are valid during the call.
class StreamOwner {
  public:
    virtual ~StreamOwner() = default;
    virtual void on_market(BybitStream& stream, const RawRecord& record, const DecodedFrame& frame) = 0;
    virtual void on_control(const RawRecord& record) = 0;
    virtual void on_refused(BybitStream& stream, const RawRecord& record, const Error& error) = 0;
    /// The exchange accepted the subscription: what it carries follows.
    virtual void on_live(const std::string& topic) = 0;
    virtual void on_topic_refused(const std::string& topic, std::string_view reason) = 0;
    virtual void on_lost(BybitStream& stream, const Error& reason, bool was_open) = 0;
};

/// Keeps one connection open and its topics subscribed, for ever: reconnects with backoff, repeats what is
/// not answered, halves what is refused until the one bad topic is found.
class BybitStream final : public StreamListener {
  public:
    BybitStream(Transport& transport, StreamOwner& owner, std::uint32_t number, std::uint64_t seed);

    void open();
    void add(const std::string& topic);
    void remove(const std::string& topic);
    /// Unsubscribes and subscribes: Bybit answers with a snapshot.
    void renew(const std::string& topic);
    /// Drops the connection and comes back.
    void reconnect(const std::string& reason);
    /// Heartbeat, dead-peer detection, unanswered requests. Call every 100 ms or so.
    void check();

    [[nodiscard]] bool is_open() const noexcept { return open_; }
    [[nodiscard]] bool is_live(const std::string& topic) const;
    [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
    [[nodiscard]] std::size_t arguments_length() const noexcept { return length_; }
    [[nodiscard]] BybitStreamCodec& codec() noexcept { return codec_; }

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
        LocalTime sent;
    };

    void subscribe_wanted();
    void request(bool subscribes, std::vector<std::string> topics);
    void accept(const Request& answered);
    void refuse(const Request& answered, std::string_view reason);
    void lose(const Error& reason);
    void on_answer(const DecodedFrame& frame, bool accepted);
    void repeat_unanswered(LocalTime now);

    Transport& transport_;
    StreamOwner& owner_;
    std::uint32_t number_;
    BybitStreamCodec codec_;
    Backoff backoff_;
    std::unique_ptr<StreamConnection> connection_;
    std::uint64_t generation_ = 0;  ///< of the connection
    bool open_ = false;
    bool steady_ = false;  ///< market data came on this connection
    LocalTime last_heard_;
    LocalTime last_ping_;
    std::uint64_t next_request_ = 0;
    int unanswered_ = 0;
    std::size_t length_ = 0;
    std::map<std::string, Entry, std::less<>> topics_;
    std::map<std::string, Request, std::less<>> requests_;
};

}  // namespace virtuoso::bybit
