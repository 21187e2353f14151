// Depth snapshots that name no symbol, in captures of several contracts.
#include "base/seeded_random.hpp"
#include "exchange/rest_reply.hpp"
#include "journal/recording.hpp"
#include "support/shared_file.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>

namespace virtuoso {
namespace {

constexpr std::int64_t start_ms = 1'736'899'200'000;

/// Where the snapshots of a capture went, in order: the symbols, without those that were left out.
struct Outcome {
    std::vector<std::string> owners;
    std::vector<std::string> frames;
    std::vector<std::string> notices;
    std::string error;
};

Outcome read(const std::string& path, const std::string& symbol = {}) {
    Outcome result;
    auto recording = open_recording(path, {.symbol = symbol});
    if (!recording) {
        result.error = recording.error().text();
        return result;
    }
    RawRecord record;
    for (;;) {
        const auto more = (*recording)->next(record);
        if (!more || !*more) {
            result.error = more ? "" : more.error().text();
            break;
        }
        if (record.channel.find("/rest/") != std::string_view::npos) {
            const std::string target(record.channel.substr(record.channel.find("/rest") + 5));
            result.owners.emplace_back(RestRequest(target).parameter("symbol"));
            result.frames.emplace_back(record.frame.text());
        }
    }
    result.notices = (*recording)->notices();
    return result;
}

std::string written(const test::TemporaryDirectory& folder, const std::string& text) {
    const std::string path = folder.file("capture.jsonl");
    std::ofstream(path) << text;
    return path;
}

std::string depth(std::int64_t ms, std::string_view symbol, int first, int last, int previous,
                  std::string_view bids, std::string_view asks) {
    std::string stream(symbol);
    std::ranges::transform(stream, stream.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    return fmt::format(
        R"({}000000 {{"stream":"{}@depth@100ms","data":{{"e":"depthUpdate","E":{},"T":{},"s":"{}","U":{},"u":{},"pu":{},"b":[{}],"a":[{}]}}}})"
        "\n",
        start_ms + ms, stream, start_ms + ms, start_ms + ms, symbol, first, last, previous, bids, asks);
}

std::string snapshot(std::int64_t ms, int id, std::string_view bids, std::string_view asks) {
    return fmt::format(R"({}000000 {{"lastUpdateId":{},"E":{},"T":{},"bids":[{}],"asks":[{}]}})"
                       "\n",
                       start_ms + ms, id, start_ms + ms, start_ms + ms, bids, asks);
}

TEST(SnapshotOwner, IdsDecideAndLevelsWhereIdsFitSeveral) {
    const test::TemporaryDirectory folder;
    const std::string btc = depth(1, "BTCUSDT", 1000, 1010, 999, R"(["100","1"])", R"(["101","2"])");
    const std::string eth = depth(2, "ETHUSDT", 1011, 1020, 990, R"(["50","5"])", R"(["51","6"])");
    const std::string btc_next = depth(4, "BTCUSDT", 1021, 1030, 1010, R"(["100","3"])", R"(["101","4"])");
    const std::string eth_next = depth(5, "ETHUSDT", 1022, 1031, 1020, R"(["50","7"])", R"(["51","8"])");
    const std::string of_eth = snapshot(3, 1025, R"(["50","5"],["49","1"])", R"(["51","6"],["52","1"])");
    const std::string of_btc = snapshot(3, 1025, R"(["100","1"],["99","1"])", R"(["101","2"],["102","1"])");
    const std::string of_none = snapshot(3, 1025, R"(["7","1"],["6","1"])", R"(["8","2"],["9","1"])");
    const std::string too_old = snapshot(3, 5, R"(["50","5"],["49","1"])", R"(["51","6"],["52","1"])");
    const auto owners = [&](const std::string& shot) {
        return read(written(folder, btc + eth + shot + btc_next + eth_next)).owners;
    };
    EXPECT_EQ(owners(of_eth), std::vector<std::string>{"ETHUSDT"});
    EXPECT_EQ(owners(of_btc), std::vector<std::string>{"BTCUSDT"});
    EXPECT_EQ(owners(of_none), std::vector<std::string>{});
    EXPECT_EQ(owners(too_old), std::vector<std::string>{});
    // Before the first update, behind the last one, and told by the user.
    EXPECT_EQ(read(written(folder, of_eth + btc + eth + btc_next + eth_next)).owners,
              std::vector<std::string>{"ETHUSDT"});
    EXPECT_EQ(read(written(folder, btc + eth + btc_next + eth_next + of_btc)).owners,
              std::vector<std::string>{"BTCUSDT"});
    EXPECT_EQ(read(written(folder, btc + eth + of_none), "ETHUSDT").owners,
              std::vector<std::string>{"ETHUSDT"});
    const auto left_out = read(written(folder, btc + eth + of_none + btc_next + eth_next));
    ASSERT_EQ(left_out.notices.size(), 1U);
    EXPECT_TRUE(left_out.notices[0].starts_with("1 depth snapshot")) << left_out.notices[0];
}

// Contracts that share a counter, snapshots that come late: never to another contract.
TEST(SnapshotOwner, NeverGivesASnapshotToAnotherContract) {
    struct Book {
        std::string symbol;
        int mid = 0;
        int last = 0;
        std::map<int, int> sizes;  ///< by price; below the middle bids
    };
    const auto levels = [](const Book& book, bool bids) {
        std::string text;
        for (int step = 1; step <= 20; ++step) {
            const int price = bids ? book.mid - step : book.mid + step;
            text += fmt::format("{}[\"{}\",\"{}\"]", text.empty() ? "" : ",", price, book.sizes.at(price));
        }
        return text;
    };
    int given = 0;
    int taken = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SeededRandom random(seed);
        std::vector<Book> books;
        int counter = 1'000;
        const int gap = seed % 2 == 0 ? 1'000 : 3;  // far from each other, or in each other's ranges
        for (std::uint64_t i = 0; i < 2 + random.below(3); ++i) {
            Book book{fmt::format("C{}USDT", i), 10'000 + static_cast<int>(i) * gap, counter, {}};
            for (int step = -40; step <= 40; ++step) {
                book.sizes[book.mid + step] = static_cast<int>(1 + random.below(100'000));
            }
            books.push_back(book);
        }
        std::vector<std::pair<std::int64_t, std::string>> lines;
        std::map<std::string, std::string> truth;  ///< owner by the snapshot's frame
        for (std::int64_t ms = 0; ms < 4'000; ms += 10) {
            Book& book = books[random.below(books.size())];
            const int price = book.mid + static_cast<int>(random.below(41)) - 20;
            if (price != book.mid) {
                book.sizes[price] = static_cast<int>(1 + random.below(100'000));
                const int first = counter + 1;
                counter += static_cast<int>(1 + random.below(12));
                const std::string level = fmt::format(R"(["{}","{}"])", price, book.sizes[price]);
                const bool bid = price < book.mid;
                lines.emplace_back(ms, depth(ms, book.symbol, first, counter, book.last, bid ? level : "",
                                             bid ? "" : level));
                book.last = counter;
            }
            if (random.below(60) == 0) {
                const Book& asked = books[random.below(books.size())];
                const std::string text = snapshot(ms, random.below(4) == 0 ? counter : asked.last,
                                                  levels(asked, true), levels(asked, false));
                lines.emplace_back(ms + static_cast<std::int64_t>(random.below(300)), text);
                truth[text.substr(text.find('{'), text.size() - text.find('{') - 1)] = asked.symbol;
                ++taken;
            }
        }
        std::ranges::stable_sort(lines, {}, [](const auto& line) { return line.first; });
        std::string text;
        for (const auto& line : lines) {
            text += line.second;
        }
        const test::TemporaryDirectory folder;
        const auto outcome = read(written(folder, text));
        EXPECT_EQ(outcome.error, "");
        for (std::size_t i = 0; i < outcome.owners.size(); ++i) {
            EXPECT_EQ(outcome.owners[i], truth.at(outcome.frames[i])) << "seed " << seed;
        }
        given += static_cast<int>(outcome.owners.size());
    }
    EXPECT_GT(given * 10, taken * 7) << given << " of " << taken;
}

TEST(SnapshotOwner, OfTheFieldsCaptures) {
    const auto folder = test::shared_path("cases/21-two-symbols-one-capture");
    VIRTUOSO_NEED_FILE(folder);
    EXPECT_EQ(read(folder + "/btc-eth.jsonl").owners, std::vector<std::string>{"ETHUSDT"});
    EXPECT_EQ(read(folder + "/btcusdt-btcusdc.jsonl").owners, std::vector<std::string>{"BTCUSDC"});
}

}  // namespace
}  // namespace virtuoso
