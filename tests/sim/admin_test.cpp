// Commands to a simulated exchange: who may give them, and what they may say.
#include "sim/simulated_binance.hpp"
#include "sim/simulated_exchange.hpp"

#include <gtest/gtest.h>

namespace virtuoso::sim {
namespace {

constexpr std::int64_t start_ms = 1'795'567'266'970;

template <typename Exchange>
class Admin : public testing::Test {
  protected:
    HttpAnswer post(std::string_view target, std::string_view body, std::vector<HttpHeader> headers = {}) {
        return exchange.answer({.target = target, .method = "POST", .body = body, .headers = headers}).http;
    }
    HttpAnswer ask(std::string_view method, std::string_view target) {
        return exchange.answer({.target = target, .method = method}).http;
    }
    Exchange exchange{{.symbols = 2, .seed = 1, .start = {start_ms}}};
};
using Exchanges = testing::Types<SimulatedExchange, SimulatedBinance>;
TYPED_TEST_SUITE(Admin, Exchanges);

TYPED_TEST(Admin, WebPagesAndForeignHostsMayNotCommand) {
    using Headers = std::vector<HttpHeader>;
    for (const Headers& headers :
         {Headers{{"Origin", "https://example.com"}, {"Host", "127.0.0.1:8090"}}, Headers{{"origin", "null"}},
          Headers{{"Host", "example.com"}}, Headers{{"Host", "127.0.0.1.example.com:8090"}},
          Headers{{"Host", "localhost.evil"}}, Headers{{"Host", "[::2]:80"}}, Headers{{"Host", "["}},
          Headers{{"Host", "localhost:"}}, Headers{{"Host", "localhost:x"}}, Headers{{"Host", "127.0.0.1:0"}},
          Headers{{"Host", "[::1]8090"}}, Headers{{"Host", "127.0.0.1:99999"}}}) {
        EXPECT_EQ(this->post("/admin/clear", "", headers).status, 403) << headers.back().value;
        EXPECT_EQ(this->post("/admin/faults", "drop", headers).status, 403) << headers.back().value;
    }
    EXPECT_TRUE(this->exchange.faults().active().empty());
    for (const char* const host : {"127.0.0.1", "127.0.0.1:8090", "localhost:1", "[::1]:8090", "[::1]"}) {
        EXPECT_EQ(this->post("/admin/clear", "", {{"Host", host}}).status, 200) << host;
    }
}

TYPED_TEST(Admin, MethodsThatAreNotAnsweredAreNamed) {
    for (const char* const path : {"clear", "disconnect", "list", "delist"}) {
        const HttpAnswer answer = this->ask("GET", std::string("/admin/") + path);
        EXPECT_EQ(answer.status, 405) << path;
        EXPECT_EQ(answer.header("Allow"), "POST") << path;
    }
    EXPECT_EQ(this->ask("DELETE", "/admin/faults").header("Allow"), "GET, POST");
    EXPECT_EQ(this->ask("GET", "/admin/nothing").status, 404);
    const HttpAnswer posted = this->post("/fapi/v1/time", "");
    EXPECT_EQ(posted.status, 405);
    EXPECT_EQ(posted.header("Allow"), "GET, HEAD");
}

TYPED_TEST(Admin, SymbolsAreNames) {
    for (const std::string& body :
         {std::string{}, std::string("btcusdt"), std::string("A B"), std::string("A\nB"), std::string("A/B"),
          std::string("\x1b[31mA"), std::string(41, 'A'), std::string("A\"B"), std::string("A\0B", 3)}) {
        EXPECT_EQ(this->post("/admin/list", body).status, 400) << body;
        EXPECT_EQ(this->post("/admin/delist", body).status, 400) << body;
    }
    EXPECT_EQ(this->exchange.model().size(), 2U);
    EXPECT_EQ(this->post("/admin/list", "NEW-USDT_1.0").status, 200);
    EXPECT_EQ(this->post("/admin/delist", "NEW-USDT_1.0").status, 200);
    EXPECT_EQ(this->post("/admin/delist", "NOTHERE").status, 404);
}

TYPED_TEST(Admin, FaultsStayWithinBoundsAndSayThem) {
    struct Case {
        const char* text;
        const char* says;
    };
    for (const Case& wrong :
         {Case{"drop:p=1.5", "from 0 to 1"}, Case{"drop:p=nan", "from 0 to 1"}, Case{"drop:p=-0.1", "p = "},
          Case{"delay:value=-1", "from 0 to 3600000 ms"}, Case{"delay:value=9999999999", "3600000"},
          Case{"delay:value=99999999999999999999", "3600000"}, Case{"drop:for=9223372036854775807", "604800"},
          Case{"drop:for=0", "from 1"}, Case{"drop:count=0", "from 1"}, Case{"drop:speed=2", "not known"},
          Case{"clock-skew:value=-3600001", "-3600000"}, Case{"drop:match=\x1b[2J", "printable"}}) {
        const HttpAnswer answer = this->post("/admin/faults", wrong.text);
        EXPECT_EQ(answer.status, 400) << wrong.text;
        EXPECT_NE(answer.body.find(wrong.says), std::string::npos) << answer.body;
        EXPECT_EQ(answer.body.find('\x1b'), std::string::npos);
    }
    EXPECT_EQ(this->post("/admin/faults", "drop:match=" + std::string(101, 'x')).status, 400);
    EXPECT_EQ(this->post("/admin/faults", "delay:value=3600000,for=604800,count=1000000000,p=1").status, 200);
    for (int i = 0; i < 300; ++i) {
        this->post("/admin/faults", "drop:p=0");
    }
    EXPECT_LE(this->exchange.faults().active().size(), 256U);
    EXPECT_EQ(this->post("/admin/faults", "drop").status, 409);
}

}  // namespace
}  // namespace virtuoso::sim
