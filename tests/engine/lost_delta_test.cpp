// Whatever single update is lost, the book is invalid from that moment until a snapshot.
#include "exchange/bybit/stream_codec.hpp"
#include "journal/recording.hpp"
#include "market/symbol_state.hpp"
#include "support/shared_file.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

struct Frame {
    std::string text;
    bool snapshot;
};

std::vector<Frame> archive_frames(const std::string& path) {
    std::vector<Frame> frames;
    auto recording = open_recording(path);
    EXPECT_TRUE(recording);
    RawRecord record;
    while (*(*recording)->next(record)) {
        std::string text(record.frame.text());
        const bool snapshot = text.find("\"type\":\"snapshot\"") != std::string::npos;
        frames.push_back({std::move(text), snapshot});
    }
    return frames;
}

TEST(LostDelta, OfTheBybitArchiveInvalidatesUntilASnapshot) {
    const std::string path = test::shared_path("data/bybit/xrpusdt_ob500_20241201.jsonl.gz");
    VIRTUOSO_NEED_FILE(path);
    const auto frames = archive_frames(path);
    ASSERT_GE(frames.size(), 50U);
    ASSERT_TRUE(frames[0].snapshot);
    std::size_t dropped_deltas = 0;
    for (std::size_t dropped = 1; dropped < frames.size(); ++dropped) {
        if (frames[dropped].snapshot) {
            continue;
        }
        ++dropped_deltas;
        bybit::BybitStreamCodec codec;
        FrameBuffer buffer;
        SymbolState state("XRPUSDT");
        bool broken = false;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            if (i == dropped) {
                continue;
            }
            const auto decoded = codec.decode(buffer.assign(frames[i].text));
            ASSERT_TRUE(decoded) << decoded.error().text();
            for (const auto& event : decoded->events) {
                state.apply(event);
            }
            if (frames[i].snapshot) {
                broken = false;
            } else if (i == dropped + 1) {
                broken = true;
            }
            ASSERT_EQ(state.book().view().has_value(), !broken)
                << "dropped " << dropped << ", at frame " << i;
        }
        const bool last = dropped + 1 == frames.size() || frames[dropped + 1].snapshot;
        EXPECT_EQ(state.totals().gaps, last ? 0U : 1U);
    }
    EXPECT_GE(dropped_deltas, 40U);
}

}  // namespace
}  // namespace virtuoso
