// What is of one engine alone: damaged files, full disks, servers that are gone, passwords.
#include "store/migration.hpp"
#include "store/store.hpp"
#include "support/postgres_server.hpp"
#include "support/store_rows.hpp"
#include "support/temporary_file.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

namespace virtuoso {
namespace {

using test::score_row;

Result<std::unique_ptr<Store>> open_file(const std::string& path, StoreUse use = StoreUse::write) {
    return open_store(*StoreAddress::parse(path), use);
}

TEST(SqliteStore, IsReadableByItsOwnerAlone) {
    const test::TemporaryDirectory place;
    const auto store = open_file(place.file("a.db"));
    ASSERT_TRUE(store);
    const std::vector<StoreRecord> records{{StoreTable::scores, score_row("BTCUSDT", 1, 50)}};
    ASSERT_TRUE((*store)->put(records));
    for (const std::string suffix : {"", "-wal", "-shm"}) {
        struct stat about {};
        ASSERT_EQ(::stat((place.file("a.db") + suffix).c_str(), &about), 0) << suffix;
        EXPECT_EQ(about.st_mode & 0777U, 0600U) << suffix;
    }
}

TEST(SqliteStore, WhatIsNoStoreIsRefusedAndLeftAsItIs) {
    const test::TemporaryDirectory place;
    std::ofstream(place.file("text")) << std::string(5'000, 'x');
    const auto text = open_file(place.file("text"));
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::store_damaged) << text.error().text();

    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(place.file("other.db").c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "CREATE TABLE music (title TEXT)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(other);
    const auto foreign = open_file(place.file("other.db"));
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().code, ErrorCode::store_schema);
    EXPECT_NE(foreign.error().message.find("another program"), std::string::npos);

    EXPECT_EQ(open_file(place.file("none.db"), StoreUse::read).error().code, ErrorCode::store_open);
    EXPECT_EQ(open_file(place.file("no folder/a.db")).error().code, ErrorCode::store_open);
}

TEST(SqliteStore, DamageIsFound) {
    const test::TemporaryDirectory place;
    {
        const auto store = open_file(place.file("a.db"));
        std::vector<StoreRecord> records;
        for (std::int64_t i = 0; i < 5'000; ++i) {
            records.push_back({StoreTable::scores, score_row("BTCUSDT", i, 50)});
        }
        ASSERT_TRUE((*store)->put(records));
        ASSERT_TRUE((*store)->vacuum());
    }
    std::fstream file(place.file("a.db"), std::ios::in | std::ios::out | std::ios::binary);
    for (const int page : {20, 30, 40}) {
        file.seekp(page * 4'096);
        file << std::string(4'096, '\x5a');
    }
    file.close();
    const auto store = open_file(place.file("a.db"), StoreUse::inspect);
    ASSERT_TRUE(store);
    const auto whole = (*store)->check();
    ASSERT_FALSE(whole);
    EXPECT_EQ(whole.error().code, ErrorCode::store_damaged) << whole.error().text();
}

TEST(SqliteStore, ALockedStoreIsBusyAndTakesTheSameAgain) {
    const test::TemporaryDirectory place;
    const auto store = open_file(place.file("a.db"));
    sqlite3* holder = nullptr;
    ASSERT_EQ(sqlite3_open(place.file("a.db").c_str(), &holder), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(holder, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const std::vector<StoreRecord> records{{StoreTable::scores, score_row("BTCUSDT", 1, 50)}};
    const auto busy = (*store)->put(records);
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().code, ErrorCode::store_busy) << busy.error().text();
    ASSERT_EQ(sqlite3_exec(holder, "COMMIT", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(holder);
    EXPECT_TRUE((*store)->put(records));
}

TEST(PostgresStore, AServerThatIsGoneIsToldAndReachedAnew) {
    const auto server = test::PostgresServer::start();
    if (server == nullptr) {
        GTEST_SKIP() << "no PostgreSQL server is installed here (Debian's package postgresql)";
    }
    const auto address = *StoreAddress::parse(server->new_database());
    auto store = open_store(address, StoreUse::write);
    ASSERT_TRUE(store) << store.error().text();
    const std::vector<StoreRecord> records{{StoreTable::scores, score_row("BTCUSDT", 1, 50)}};
    ASSERT_TRUE((*store)->put(records));
    server->stop();
    const auto lost = (*store)->put(records);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, ErrorCode::store_open) << lost.error().text();
    EXPECT_EQ(open_store(address, StoreUse::write).error().code, ErrorCode::store_open);
    server->run();
    store = open_store(address, StoreUse::write);
    ASSERT_TRUE(store) << store.error().text();
    ASSERT_TRUE((*store)->put(records));
    EXPECT_EQ(*(*store)->count(StoreTable::scores), 1U);
}

TEST(StoreAddress, NeverShowsAPassword) {
    for (const std::string text : {
             "postgresql://me:s3cr3t@/db?host=/nowhere",
             "postgresql://me:s3cr3t@no.such.host.invalid:1/db",
             "postgres://me:s%33cr3t@127.0.0.1:1/db?connect_timeout=1",
             "postgresql://me@127.0.0.1:1/db?password=s3cr3t",
             "postgresql://me@127.0.0.1:1/db?pass%77ord=s3cr3t",
             "postgresql://me:s3cr3t@127.0.0.1:port/db",
             "postgresql://me:s3cr3t@127.0.0.1:1/db?nonsense=1",
             "postgresql://me:s3cr3t@127.0.0.1:1/db?sslmode=s3cr3t",
             "postgresql://me:p@s3cr3t@127.0.0.1:1/db",
             "postgresql://me:p/s3cr3t@127.0.0.1:1/db",
             "postgresql://me:p:s3cr3t@127.0.0.1:1/db",
             "postgresql://me:p#s3cr3t@127.0.0.1:1/db",
             "postgresql://me:s3cr3t%zz@127.0.0.1:1/db",
             "mysql://me:s3cr3t@127.0.0.1/db",
         }) {
        const auto address = StoreAddress::parse(text);
        if (!address) {
            EXPECT_EQ(address.error().message.find("s3cr3t"), std::string::npos) << address.error().message;
            continue;
        }
        EXPECT_EQ(address->engine(), StoreEngine::postgres);
        EXPECT_EQ(address->shown().find("s3cr3t"), std::string::npos) << address->shown();
        const auto store = open_store(*address, StoreUse::write);
        ASSERT_FALSE(store);
        EXPECT_EQ(store.error().code, ErrorCode::store_open);
        EXPECT_EQ(store.error().message.find("s3cr3t"), std::string::npos) << store.error().message;
    }
}

TEST(StoreAddress, IsAFileOrAServer) {
    EXPECT_EQ(StoreAddress::parse("/var/lib/virtuoso/virtuoso.db")->engine(), StoreEngine::sqlite);
    EXPECT_EQ(StoreAddress::parse("postgresql://u:p@h:5432/d?sslmode=require")->shown(),
              "postgresql://u@h:5432/d");
    EXPECT_EQ(StoreAddress::parse("postgres://h/d")->shown(), "postgresql://h/d");
    EXPECT_FALSE(StoreAddress::parse(""));
    EXPECT_FALSE(StoreAddress::parse("redis://localhost"));
    EXPECT_FALSE(StoreAddress::parse(std::string_view("a\0b", 3)));
}

TEST(Migrations, AreNumberedWithoutGapsAlikeForBothEngines) {
    const auto sqlite = migrations_of(StoreEngine::sqlite);
    const auto postgres = migrations_of(StoreEngine::postgres);
    ASSERT_EQ(sqlite.size(), postgres.size());
    for (std::size_t i = 0; i < sqlite.size(); ++i) {
        EXPECT_EQ(sqlite[i].version, static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(sqlite[i].name, postgres[i].name);
        EXPECT_EQ(hash_of(sqlite[i]).size(), 16U);
        EXPECT_NE(hash_of(sqlite[i]), hash_of(postgres[i]));
    }
}

}  // namespace
}  // namespace virtuoso
