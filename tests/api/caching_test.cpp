// Answers that are known already, and those that go out compressed.
#include "api/dashboard.hpp"
#include "api/kept_documents.hpp"
#include "api/request_headers.hpp"
#include "support/live_api.hpp"
#include "support/socket_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <map>
#include <memory>

namespace virtuoso {

namespace {

class Caching : public test::LiveApi {};

constexpr std::string_view unchanging = "/api/v1/openapi.json";

std::string unzipped(const std::string& bytes) {
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string in = bytes;
    std::string out(std::size_t{4} << 20, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

TEST_F(Caching, AKnownAnswerIsNotSentAgain) {
    const std::string target(unchanging);
    const HttpAnswer first = get(target);
    const std::string tag(first.header("ETag"));
    ASSERT_GT(tag.size(), 10U);
    EXPECT_EQ(tag.front(), '"');
    EXPECT_EQ(first.header("Cache-Control"), "private, no-cache");
    EXPECT_EQ(get(target).header("ETag"), tag);
    EXPECT_NE(get("/api/v1/docs/page.js").header("ETag"), tag);
    for (const std::string& known : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
        const HttpAnswer answer = get(target, {{"If-None-Match", known}});
        EXPECT_EQ(answer.status, 304) << known;
        EXPECT_EQ(answer.body, "") << known;
        EXPECT_EQ(answer.header("ETag"), tag);
        EXPECT_EQ(answer.header("Content-Length"), "");
        EXPECT_EQ(answer.header("Vary"), "Accept-Encoding");
        EXPECT_EQ(answer.header("Cache-Control"), "private, no-cache");
    }
    for (const std::string& other : {std::string("\"other\""), tag.substr(1), std::string(",")}) {
        EXPECT_EQ(get(target, {{"If-None-Match", other}}).status, 200) << other;
    }
    EXPECT_EQ(get("/api/v1/nothing", {{"If-None-Match", "*"}}).status, 404);
    EXPECT_EQ(get("/api/v1/nothing").header("ETag"), "");
}

TEST_F(Caching, LargeAnswersGoOutCompressedWhereThatIsTaken) {
    const std::string target(unchanging);
    const HttpAnswer plain = get(target);
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    const HttpAnswer small = get(target, {{"Accept-Encoding", "br, GZip;q=0.5"}});
    EXPECT_EQ(small.header("Content-Encoding"), "gzip");
    EXPECT_EQ(small.header("Vary"), "Accept-Encoding");
    EXPECT_LT(small.body.size(), plain.body.size() / 4);
    EXPECT_EQ(unzipped(small.body), plain.body);
    EXPECT_NE(small.header("ETag"), plain.header("ETag"));
    EXPECT_EQ(get(target, {{"Accept-Encoding", "gzip"}, {"If-None-Match", std::string(small.header("ETag"))}})
                  .status,
              304);
    EXPECT_EQ(get(target, {{"If-None-Match", std::string(small.header("ETag"))}}).status, 200);
    EXPECT_EQ(get(target, {{"Accept-Encoding", "gzip;q=0, *"}}).header("Content-Encoding"), "");
    EXPECT_EQ(get("/health/live", {{"Accept-Encoding", "gzip"}}).header("Content-Encoding"), "");
}

// What a shard or the store is asked comes from another thread, and goes out alike.
TEST_F(Caching, AnswersFromElsewhereAreTaggedAndCompressedToo) {
    const HttpAnswer answer = get("/api/v1/symbols/BTCUSDT/candles?limit=300", {{"Accept-Encoding", "gzip"}});
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Content-Encoding"), "gzip");
    EXPECT_TRUE(answer.header("ETag").ends_with("-gzip\"")) << answer.header("ETag");
    EXPECT_EQ(nlohmann::json::parse(unzipped(answer.body))["schema"], "virtuoso.candles/1");
    EXPECT_EQ(get("/api/v1/symbols/BTCUSDT/candles", {{"If-None-Match", "*"}}).status, 304);
}

TEST_F(Caching, ABreakdownIsTheSameUntilTheNextEvaluation) {
    const std::string target = "/api/v1/symbols/BTCUSDT/confluence";
    std::map<std::uint64_t, std::string> tags;  // by number of the evaluation
    int known = 0;
    for (int time = 0; time < 2'000 && (known < 3 || tags.size() < 3); ++time) {
        const HttpAnswer answer = get(target);
        ASSERT_EQ(answer.status, 200);
        const std::string tag(answer.header("ETag"));
        tags.emplace(nlohmann::json::parse(answer.body)["service"]["number"], tag);
        const HttpAnswer again = get(target, {{"If-None-Match", tag}});
        known += again.status == 304 ? 1 : 0;
        EXPECT_TRUE(again.status == 304 || again.header("ETag") != tag);
    }
    EXPECT_GE(known, 3);
    EXPECT_GE(tags.size(), 3U);
}

TEST(KeptDocuments, AreWrittenOnceAResultAndSecond) {
    KeptDocuments documents;
    LocalTime now{5'000'000'000};
    int written = 0;
    const auto write = [&] { return fmt::format("{} {}", ++written, std::string(2'000, 'x')); };
    const auto result_of = [](const std::string& symbol) {
        auto result = std::make_shared<SymbolResult>();
        result->symbol = symbol;
        return result;
    };
    ResultPointer first = result_of("A");
    const std::string tag = documents.of(first, now, write).body.tag;
    EXPECT_EQ(documents.of(first, now, write).body.tag, tag);
    EXPECT_EQ(documents.of(first, now, write).text.substr(0, 2), "1 ");
    EXPECT_LT(documents.of(first, now, write).body.gzipped.size(), 200U);
    const std::weak_ptr<const SymbolResult> watched = first;
    first = result_of("A");
    EXPECT_TRUE(watched.expired()) << "what is kept of it holds no result back";
    EXPECT_EQ(documents.of(first, now, write).text.substr(0, 2), "2 ");
    now.ns += KeptDocuments::kept_ns - 1;
    EXPECT_EQ(documents.of(first, now, write).text.substr(0, 2), "2 ");
    ++now.ns;
    EXPECT_EQ(documents.of(first, now, write).text.substr(0, 2), "3 ") << "its age is told anew";
    for (std::size_t i = 0; i < KeptDocuments::documents_max; ++i) {
        static_cast<void>(documents.of(result_of(fmt::format("S{}", i)), now, write));
    }
    const int before = written;
    EXPECT_NE(documents.of(first, now, write).text.substr(0, 2), "3 ")
        << "there are too many: all are forgotten";
    EXPECT_EQ(written, before + 1);
}

TEST_F(Caching, FilesOfTheDashboardAreToldApart) {
    const AnswerWishes plain{.reads = true, .gzip = false};
    const auto page = dashboard_page("/assets/app.js", plain);
    if (!page) {
        GTEST_SKIP() << "the dashboard was not built";
    }
    EXPECT_EQ(page->header("Cache-Control"), "no-cache");
    const auto packed = dashboard_page("/assets/app.js", {.reads = true, .gzip = true});
    EXPECT_EQ(unzipped(packed->body), page->body);
    const HttpAnswer again = get("/assets/app.js", {{"If-None-Match", std::string(page->header("ETag"))}});
    EXPECT_EQ(again.status, 304);
    EXPECT_FALSE(again.header("Content-Security-Policy").empty());
}

TEST_F(Caching, HeadTellsTheLengthOfWhatGetSends) {
    test::RawClient client(api_->port());
    client.write(
        fmt::format("HEAD {} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n", unchanging));
    const std::string head = client.read_until("\r\n\r\n");
    const HttpAnswer answer = get(std::string(unchanging), {{"Accept-Encoding", "gzip"}});
    EXPECT_NE(head.find(fmt::format("Content-Length: {}\r\n", answer.body.size())), std::string::npos)
        << head;
    EXPECT_NE(head.find(fmt::format("ETag: {}\r\n", answer.header("ETag"))), std::string::npos) << head;
    client.write("GET /health/live HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n");
    EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 304 ")) << "the connection goes on";
    client.write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 ")) << "and after a 304";
}

TEST(RequestHeaders, AcceptEncodingIsReadWithItsWeights) {
    for (const std::string_view taken : {"gzip", "GZIP", " gzip ", "br,gzip", "gzip;q=1", "gzip; q=0.001",
                                         "*", "x-gzip", "identity;q=0, *;q=0.1", "gzip;q=0.5;x=0"}) {
        EXPECT_TRUE(takes_gzip(taken)) << taken;
    }
    for (const std::string_view refused :
         {"", "br", "gzip;q=0", "gzip; Q=0.000", "gzip ; q = 0", "*;q=0", "gzip;q=0, *", "gzipped", ",;,"}) {
        EXPECT_FALSE(takes_gzip(refused)) << refused;
    }
}

TEST(RequestHeaders, IfNoneMatchIsAListOfTags) {
    constexpr std::string_view tag = "\"a,b\"";
    for (const std::string_view has :
         {"*", " * ", "\"a,b\"", "W/\"a,b\"", "\"x\",\"a,b\"", "\"x\" , W/\"a,b\"\t"}) {
        EXPECT_TRUE(has_tag(has, tag)) << has;
    }
    for (const std::string_view other :
         {"", "a,b", "\"a\"", "\"a,b", "w/\"a,b\"", "\"x\" \"a,b\"", "*, \"x\"", ","}) {
        EXPECT_FALSE(has_tag(other, tag)) << other;
    }
}

}  // namespace

}  // namespace virtuoso
