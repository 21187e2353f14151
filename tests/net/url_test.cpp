#include "net/url.hpp"

#include <gtest/gtest.h>

namespace virtuoso {
namespace {

TEST(Url, ParsesAddressesAndSaysWhatIsWrong) {
    const auto url = Url::parse("wss://stream.bybit.com/v5/public/linear/", "--stream-url");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "stream.bybit.com");
    EXPECT_EQ(url->port, "443");
    EXPECT_EQ(url->path, "/v5/public/linear");
    EXPECT_TRUE(url->tls);
    EXPECT_EQ(Url::parse("http://127.0.0.1:8090", "x")->port, "8090");
    for (const auto* const text :
         {"", "api.bybit.com", "ftp://a", "https://", "http://a:port", "http://:80"}) {
        const auto refused = Url::parse(text, "--rest-url");
        ASSERT_FALSE(refused) << text;
        EXPECT_TRUE(refused.error().message.starts_with("--rest-url = ")) << refused.error().message;
    }
}

}  // namespace
}  // namespace virtuoso
