// The real program and its store.
#include "store/store.hpp"
#include "support/service_process.hpp"
#include "support/store_rows.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

namespace virtuoso {

namespace {

using test::ProgramEnd;
using test::ServicePlace;
using test::ServiceProcess;

constexpr ProgramEnd well{.code = 0, .signal = 0};

Result<std::unique_ptr<Store>> store_of(const ServicePlace& place) {
    return open_store(*StoreAddress::parse(place.state() + "/virtuoso.db"), StoreUse::read);
}

TEST(ServiceStore, IsWrittenByDefaultAndWholeWhenTheServiceEnds) {
    const ServicePlace place;
    ServiceProcess service(place, place.arguments());
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    EXPECT_NE(service.get("/metrics").body.find("virtuoso_store_up 1"), std::string::npos);
    EXPECT_NE(service.get("/api/v1/health").body.find("\"store\""), std::string::npos);
    EXPECT_TRUE(service.says("Memory cleanup 1"));
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well);
    EXPECT_EQ(service.log().find("rows were not written"), std::string::npos) << service.log();
    const auto store = store_of(place);
    ASSERT_TRUE(store) << store.error().text();
    EXPECT_TRUE((*store)->check());
    EXPECT_EQ(*(*store)->count(StoreTable::keeper_runs), 1U);
    const auto ready = test::all_rows(**store, {.table = StoreTable::health_transitions,
                                                .where = {{"part", StoreValue(std::string("ready"))}}});
    ASSERT_FALSE(ready.empty());
    EXPECT_EQ(ready.front()[0], StoreValue(std::string("sim")));
}

TEST(ServiceStore, AStoreThatIsLockedSlowsNothingAndIsSaid) {
    const ServicePlace place;
    ServiceProcess service(place, place.arguments());
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    sqlite3* holder = nullptr;
    ASSERT_EQ(sqlite3_open((place.state() + "/virtuoso.db").c_str(), &holder), SQLITE_OK);
    ASSERT_TRUE(test::within_half_a_minute(
        [&] { return sqlite3_exec(holder, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK; }));
    const auto asked = test::ask(service.port(), "/api/v1/keeper/run", "POST", "{}");
    static_cast<void>(asked);
    ASSERT_TRUE(test::within_half_a_minute([&] { return service.get("/health/live").status == 200; }));
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well) << "in time, whatever holds the store";
    sqlite3_close(holder);
    EXPECT_TRUE(store_of(place));
}

TEST(ServiceStore, NothingIsKeptWhereItIsOff) {
    const ServicePlace place;
    ServiceProcess service(place, place.arguments({"--store", "off"}));
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    EXPECT_EQ(service.get("/metrics").body.find("virtuoso_store"), std::string::npos);
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well);
    EXPECT_FALSE(std::filesystem::exists(place.state() + "/virtuoso.db"));
}

TEST(ServiceStore, ANewerSchemaIsRefusedBeforeAnythingHasBegun) {
    const ServicePlace place;
    const std::string path = place.file("newer.db");
    ASSERT_TRUE(open_store(*StoreAddress::parse(path), StoreUse::write));
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, "INSERT INTO schema_version VALUES (99, 'future', 'x')", nullptr,
                           nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(database);
    ServiceProcess service(place, place.arguments({"--store", path}));
    EXPECT_EQ(service.program().end(), (ProgramEnd{.code = 4, .signal = 0}));
    EXPECT_NE(service.log().find("E_STORE_SCHEMA"), std::string::npos) << service.log();
}

TEST(ServiceStore, APasswordIsNowhereInWhatItSaysAndAServerThatIsAwayKeepsNobodyWaiting) {
    const ServicePlace place;
    ServiceProcess service(
        place, place.arguments({"--store", "postgresql://me:s3cr3t@127.0.0.1:1/db", "--log-level", "debug"}));
    ASSERT_TRUE(service.becomes_ready()) << service.log();
    EXPECT_TRUE(service.says("E_STORE_OPEN")) << service.log();
    const std::string answers = service.get("/api/v1/health").body + service.get("/metrics").body;
    EXPECT_NE(answers.find("virtuoso_store_up"), std::string::npos);
    EXPECT_EQ(answers.find("s3cr3t"), std::string::npos);
    service.program().signal(SIGTERM);
    EXPECT_EQ(service.program().end(), well);
    EXPECT_NE(service.log().find("rows were not written"), std::string::npos) << service.log();
    EXPECT_EQ((service.log() + service.program().out()).find("s3cr3t"), std::string::npos);
}

}  // namespace

}  // namespace virtuoso
