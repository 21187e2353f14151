// The file of saved symbols: what was written is read; what is damaged costs itself and is said; what is of
// another version or exchange is not used.
#include "service/saved_symbols.hpp"
#include "service/symbol_saver.hpp"
#include "support/temporary_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace virtuoso {
namespace {

std::string form_of(int number) {
    std::string form;
    for (int i = 0; i < 3'000; ++i) {
        form += fmt::format("{} ", i * number);
    }
    return form;
}

SavedSymbol symbol_of(int number, std::int64_t until_ms = 1'000) {
    return {.symbol = fmt::format("S{}USDT", number),
            .known = {.until = {until_ms}, .trades_until = {until_ms / 2}},
            .form = form_of(number)};
}

void write(const std::filesystem::path& path, int symbols, std::int64_t until_ms = 1'000,
           std::string_view source = "here") {
    auto writer = SavedFileWriter::create(path, source);
    ASSERT_TRUE(writer);
    for (int number = 0; number < symbols; ++number) {
        ASSERT_TRUE(writer->add(symbol_of(number, until_ms)));
    }
    ASSERT_TRUE(writer->finish());
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

struct Read {
    std::vector<SavedSymbol> symbols;
    std::vector<std::string> notices;
};

Read read(const std::filesystem::path& folder, std::string_view source = "here") {
    Read result;
    SavedSymbols saved(folder, source, [&](std::string text) { result.notices.push_back(std::move(text)); });
    for (int number = 0; number < 8; ++number) {
        if (auto symbol = saved.take(fmt::format("S{}USDT", number))) {
            result.symbols.push_back(std::move(*symbol));
        }
    }
    std::filesystem::remove(folder / resumed_file_name(0));
    return result;
}

TEST(SavedFile, ServesTwoStartsThatDoNotSaveButNotAThird) {
    const test::TemporaryDirectory folder;
    write(folder.path() / saved_file_name(0), 3);
    const auto size = [&] {
        return SavedSymbols(folder.path(), "here", [](const std::string& text) { ADD_FAILURE() << text; })
            .size();
    };
    EXPECT_EQ(size(), 3U);
    EXPECT_EQ(size(), 3U);
    EXPECT_EQ(size(), 0U);
    write(folder.path() / saved_file_name(0), 3, 1'000);
    EXPECT_EQ(size(), 3U);
    write(folder.path() / saved_file_name(0), 2, 2'000);
    EXPECT_EQ(size(), 3U) << "one symbol is in the older file alone";
    EXPECT_EQ(size(), 2U);
}

TEST(SavedFile, GivesBackWhatWasWrittenOnce) {
    const test::TemporaryDirectory folder;
    write(folder.path() / saved_file_name(0), 3);
    struct stat state {};
    ASSERT_EQ(::stat((folder.path() / saved_file_name(0)).c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777, 0600U) << "for its owner alone";
    SavedSymbols saved(folder.path(), "here", [](const std::string& text) { ADD_FAILURE() << text; });
    ASSERT_EQ(saved.size(), 3U);
    const auto symbol = saved.take("S2USDT");
    ASSERT_TRUE(symbol);
    EXPECT_EQ(symbol->form, form_of(2));
    EXPECT_EQ(symbol->known.until.ms, 1'000);
    EXPECT_EQ(symbol->known.trades_until.ms, 500);
    EXPECT_FALSE(saved.take("S2USDT")) << "once";
    EXPECT_FALSE(saved.take("S7USDT"));
}

TEST(SavedFile, OfSeveralShardsTheNewestCounts) {
    const test::TemporaryDirectory folder;
    write(folder.path() / saved_file_name(0), 2, 5'000);
    write(folder.path() / saved_file_name(7), 4, 4'000);
    const Read found = read(folder.path());
    ASSERT_EQ(found.symbols.size(), 4U);
    EXPECT_EQ(found.symbols[0].known.until.ms, 5'000);
    EXPECT_EQ(found.symbols[3].known.until.ms, 4'000);
}

TEST(SavedFile, DamageAnywhereCostsNoMoreThanItHasToAndIsNeverUsed) {
    const test::TemporaryDirectory folder;
    const auto path = folder.path() / saved_file_name(0);
    write(path, 4);
    const std::string whole = bytes_of(path);
    for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 301) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        put_bytes(path, damaged);
        const Read found = read(folder.path());
        EXPECT_LT(found.symbols.size(), 4U) << at;
        for (const auto& symbol : found.symbols) {
            const int number = symbol.symbol[1] - '0';
            EXPECT_EQ(symbol.form, form_of(number)) << at;
            EXPECT_EQ(symbol.known.until.ms, 1'000) << at;
        }
    }
    for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 101) {
        put_bytes(path, whole.substr(0, size));
        EXPECT_LT(read(folder.path()).symbols.size(), 4U) << size;
    }
}

TEST(SavedFile, OfAnotherSourceOrVersionIsNotUsedAndSaysWhy) {
    const test::TemporaryDirectory folder;
    const auto path = folder.path() / saved_file_name(0);
    write(path, 2);
    std::string other = bytes_of(path);
    Read found = read(folder.path(), "there");
    EXPECT_TRUE(found.symbols.empty());
    ASSERT_EQ(found.notices.size(), 1U);
    EXPECT_NE(found.notices.front().find("holds the symbols of \"here\", not those of \"there\""),
              std::string::npos)
        << found.notices.front();
    other[8] = static_cast<char>(saved_version + 1);
    put_bytes(path, other);
    found = read(folder.path());
    EXPECT_TRUE(found.symbols.empty());
    ASSERT_EQ(found.notices.size(), 1U);
    EXPECT_NE(found.notices.front().find("is of version"), std::string::npos) << found.notices.front();
    std::filesystem::create_directory(path);
    EXPECT_EQ(read(folder.path()).notices.size(), 1U) << "a folder of that name";
}

TEST(SavedFile, WhatIsNotFinishedLeavesTheOneBefore) {
    const test::TemporaryDirectory folder;
    const auto path = folder.path() / saved_file_name(0);
    write(path, 3);
    const std::string before = bytes_of(path);
    {
        auto writer = SavedFileWriter::create(path, "here");
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->add(symbol_of(1)));
    }
    EXPECT_EQ(bytes_of(path), before);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1)
        << "nothing lies about";
}

TEST(SymbolSaver, ARoundThatCannotBeWrittenIsToldOnceAndTheNextOneIsWritten) {
    const test::TemporaryDirectory folder;
    const auto place = folder.path() / "state";
    std::vector<std::string> troubles;
    const VirtualClock clock;
    {
        SymbolSaver saver({place, "here"}, clock, [&](const std::string& text) { troubles.push_back(text); });
        for (int round = 0; round < 2; ++round) {
            saver.give(0, symbol_of(0));
            saver.give(0, symbol_of(1));
            saver.finish(0);
        }
    }
    ASSERT_EQ(troubles.size(), 1U);
    EXPECT_NE(troubles.front().find("cannot be written"), std::string::npos);
    std::filesystem::create_directory(place);
    troubles.clear();
    {
        SymbolSaver saver({place, "here"}, clock, [&](const std::string& text) { troubles.push_back(text); });
        saver.give(0, symbol_of(3));
        saver.abandon(0);
        saver.give(0, symbol_of(0));
        saver.give(1, symbol_of(1));
        saver.finish(0);
        saver.finish(1);
        saver.give(0, symbol_of(2));  // and no end of it
    }
    EXPECT_TRUE(troubles.empty());
    const Read found = read(place);
    ASSERT_EQ(found.symbols.size(), 2U);
    EXPECT_EQ(found.symbols[0].symbol, "S0USDT");
    EXPECT_EQ(found.symbols[1].symbol, "S1USDT");
}

}  // namespace
}  // namespace virtuoso
