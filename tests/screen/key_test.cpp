#include "screen/key.hpp"

#include "base/seeded_random.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace virtuoso::screen {

void PrintTo(const Key& key, std::ostream* out) {
    *out << "kind " << static_cast<int>(key.kind) << " value " << static_cast<std::uint32_t>(key.value);
}

namespace {

using Keys = std::vector<Key>;

Key typed(char32_t value) {
    return {.kind = KeyKind::character, .value = value};
}

/// In one piece and then settled.
Keys keys_of(std::string_view bytes) {
    KeyDecoder decoder;
    Keys keys = decoder.feed(bytes);
    for (const Key& key : decoder.settle()) {
        keys.push_back(key);
    }
    return keys;
}

TEST(KeyDecoder, KnowsTheKeysOfCommonTerminals) {
    const struct {
        std::string_view bytes;
        KeyKind kind;
    } cases[] = {
        {"\x1b[A", KeyKind::up},         {"\x1bOA", KeyKind::up},           {"\x1b[1;5A", KeyKind::up},
        {"\x1b[B", KeyKind::down},       {"\x1bOB", KeyKind::down},         {"\x1b[C", KeyKind::right},
        {"\x1b[D", KeyKind::left},       {"\x1b[H", KeyKind::home},         {"\x1bOH", KeyKind::home},
        {"\x1b[1~", KeyKind::home},      {"\x1b[7~", KeyKind::home},        {"\x1b[F", KeyKind::end},
        {"\x1b[4~", KeyKind::end},       {"\x1b[8~", KeyKind::end},         {"\x1b[5~", KeyKind::page_up},
        {"\x1b[6~", KeyKind::page_down}, {"\x1b[6;2~", KeyKind::page_down}, {"\r", KeyKind::enter},
        {"\n", KeyKind::enter},          {"\x1bOM", KeyKind::enter},        {"\x7f", KeyKind::backspace},
        {"\b", KeyKind::backspace},      {"\x1b", KeyKind::escape},         {"\x0c", KeyKind::redraw},
        {"\x03", KeyKind::quit},         {"\x1b[15~", KeyKind::unknown},    {"\x1b[[A", KeyKind::unknown},
        {"\x1bx", KeyKind::unknown},     {"\t", KeyKind::unknown},          {"\xff", KeyKind::unknown}};
    for (const auto& [bytes, kind] : cases) {
        EXPECT_EQ(keys_of(bytes), Keys{Key{.kind = kind}}) << testing::PrintToString(bytes);
    }
}

TEST(KeyDecoder, TakesPiecesOfAnySize) {
    const std::string_view bytes = "j\x1b[6~\xe5\xb8\x81\x1bOA/\x1b[1;2B";
    const Keys whole = keys_of(bytes);
    EXPECT_EQ(whole, (Keys{typed(U'j'),
                           {.kind = KeyKind::page_down},
                           typed(U'币'),
                           {.kind = KeyKind::up},
                           typed(U'/'),
                           {.kind = KeyKind::down}}));
    KeyDecoder decoder;
    Keys keys;
    for (const char byte : bytes) {
        for (const Key& key : decoder.feed({&byte, 1})) {
            keys.push_back(key);
        }
    }
    EXPECT_EQ(keys, whole);
    EXPECT_FALSE(decoder.waits());
}

TEST(KeyDecoder, AnEscapeIsAKeyOnceNothingFollows) {
    KeyDecoder decoder;
    EXPECT_EQ(decoder.feed("\x1b"), Keys{});
    EXPECT_TRUE(decoder.waits());
    EXPECT_EQ(decoder.settle(), Keys{{.kind = KeyKind::escape}});
    EXPECT_EQ(decoder.feed("q"), Keys{typed(U'q')});
    EXPECT_EQ(keys_of("\x1b\x1b[A"), (Keys{{.kind = KeyKind::escape}, {.kind = KeyKind::up}}));
    EXPECT_EQ(keys_of("\x1b[12"), Keys{{.kind = KeyKind::unknown}});
}

TEST(KeyDecoder, BrokenBytesHideNothingThatFollows) {
    EXPECT_EQ(keys_of("\xe5q"), (Keys{{.kind = KeyKind::unknown}, typed(U'q')}));
    EXPECT_EQ(keys_of("\x1b[3\x1b[A"), (Keys{{.kind = KeyKind::unknown}, {.kind = KeyKind::up}}));
    const std::string endless = "\x1b[" + std::string(100, '1');
    KeyDecoder decoder;
    static_cast<void>(decoder.feed(endless));
    EXPECT_FALSE(decoder.feed("q").empty());
}

TEST(KeyDecoder, AnyBytesInAnyPiecesGiveTheSameKeys) {
    SeededRandom random(2);
    constexpr std::string_view likely = "\x1b\x1b[[O~;12345AHMq/\r\x7f\xe5\xb8\x81\xff";
    for (int i = 0; i < 3'000; ++i) {
        std::string bytes;
        for (std::size_t left = random.below(40); left > 0; --left) {
            bytes += likely[random.below(likely.size())];
        }
        const Keys whole = keys_of(bytes);
        EXPECT_LE(whole.size(), bytes.size());
        KeyDecoder decoder;
        Keys keys;
        std::string_view rest = bytes;
        while (!rest.empty()) {
            const std::size_t size = 1 + random.below(std::min<std::size_t>(rest.size(), 5));
            for (const Key& key : decoder.feed(rest.substr(0, size))) {
                keys.push_back(key);
            }
            rest.remove_prefix(size);
        }
        for (const Key& key : decoder.settle()) {
            keys.push_back(key);
        }
        EXPECT_EQ(keys, whole) << testing::PrintToString(bytes);
    }
}

}  // namespace
}  // namespace virtuoso::screen
