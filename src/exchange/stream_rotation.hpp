// Replacing a connection before the exchange ends it.
#pragma once

#include "exchange/topic_stream.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virtuoso {

/// Opens a second connection with the topics of an old one and lets it go on from there without a seam. Until
/// then what the new one brings waits, or is dropped once the old one has brought it. A topic is covered when
/// the old connection has reached what the new one began with; when all are, the new one takes over, and what
/// it repeats is dropped for a while. Nothing is lost or comes twice, whichever of the two is faster, and a
/// replacement that fails costs nothing. O(log topics) a frame while it lasts.
class StreamRotation final : private StreamOwner {
  public:
    static constexpr std::int64_t quiet_ms =
        10'000;  ///< a topic that neither brings is covered after so long
    static constexpr std::int64_t give_up_ms = 120'000;  ///< then the old connection is kept
    static constexpr std::int64_t repeats_ms = 10'000;   ///< the new one may be so far behind the old one

    enum class Progress : std::uint8_t {
        waiting,
        covered,  ///< `take_over` is due
        failed,   ///< to be destroyed: the old connection goes on
        over      ///< it took over, and repeats nothing any more
    };

    /// `owner` gets what the new connection brings, once it took over. Opens at once.
    StreamRotation(Transport& transport, const ExchangeDialect& dialect, StreamOwner& owner, TopicStream& old,
                   TopicStream::Identity identity);

    /// Call every 100 ms or so.
    [[nodiscard]] Progress check(LocalTime now);
    /// Whether this stream is to be replaced still.
    [[nodiscard]] bool replaces(const TopicStream& stream) const noexcept { return old_ == &stream; }
    [[nodiscard]] bool took_over() const noexcept { return old_ == nullptr; }
    [[nodiscard]] TopicStream& old() const noexcept { return *old_; }
    /// A frame of the old connection was handed on.
    void handed_on(const RawRecord& record, const DecodedFrame& frame);

    /// The new connection has accepted every topic: it may take over, with holes in those that are not
    /// covered.
    [[nodiscard]] bool may_take_over() const;
    /// The new connection, to be owned by the caller from here on. This has to outlive it or be `over`.
    [[nodiscard]] std::unique_ptr<TopicStream> take_over();
    /// Topics that the old connection had not brought as far as the new one began.
    [[nodiscard]] std::vector<std::string> uncovered() const;
    /// Hands on what waited.
    void release();

  private:
    struct Held {
        LocalTime received;
        std::uint64_t place = 0;
        std::string bytes;
    };
    /// Places number the frames of one topic: update ids, trade ids or times.
    struct Topic {
        bool needed = false;                   ///< live on the old connection when this began
        bool covered = false;                  ///< goes on without a hole
        bool doubtful = false;                 ///< the old connection brings nothing of it any more
        LocalTime live_since;                  ///< on the new connection; 0 before
        LocalTime old_heard;                   ///< newest of the old connection
        std::uint64_t newest = 0;              ///< place that the old connection has reached; 0: not known
        std::vector<std::uint64_t> at_newest;  ///< hashes of its frames at that place
        std::optional<std::uint64_t> first;    ///< place at which the new connection began
        std::vector<Held> held;                ///< of the new connection, later than `newest`
    };

    void on_market(TopicStream& stream, const RawRecord& record, const DecodedFrame& frame) override;
    void on_control(const RawRecord& record) override { owner_.on_control(record); }
    void on_refused(TopicStream& stream, const RawRecord& record, const Error& error) override;
    void on_live(const std::string& topic) override;
    void on_topic_refused(const std::string& topic, std::string_view reason) override;
    void on_lost(TopicStream& stream, const Error& reason, bool was_open) override;

    [[nodiscard]] static bool came_before(const Topic& topic, std::uint64_t place, std::string_view bytes);
    static void judge(Topic& topic, LocalTime now);

    Transport& transport_;
    StreamOwner& owner_;
    TopicStream* old_;
    std::string channel_;
    LocalTime begun_;
    LocalTime took_over_;
    bool failed_ = false;
    std::map<std::string, Topic, std::less<>> topics_;
    std::unique_ptr<StreamCodec> codec_;  ///< of what waited
    FrameBuffer buffer_;
    std::unique_ptr<TopicStream> made_;  ///< until it takes over
    TopicStream* successor_ = nullptr;
};

}  // namespace virtuoso
