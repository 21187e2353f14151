#include "present/json.hpp"

#include "present/evaluation_report.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace virtuoso {
namespace {

TEST(Json, KeepsTheOrderOfFields) {
    const Json document = {{"b", 1}, {"a", {{"z", nullptr}, {"y", true}}}};
    EXPECT_EQ(document.text(), R"({"b":1,"a":{"z":null,"y":true}})");
}

TEST(Json, BracesAreListsUnlessEveryPartIsANamedValue) {
    EXPECT_EQ((Json{"price", "size"}.text()), R"(["price","size"])");
    EXPECT_EQ((Json{{"name", 1}, {2, 3}}.text()), R"([["name",1],[2,3]])");
    EXPECT_EQ((Json{{"name", 1}}.text()), R"({"name":1})");
    EXPECT_EQ(Json::array().text(), "[]");
    EXPECT_EQ(Json::object().text(), "{}");
    EXPECT_EQ(Json().text(), "null");
}

TEST(Json, GrowsByElementsAndFields) {
    Json list = Json::array();
    list.push_back({{"n", 1}});
    list.push_back({"a", "b"});
    Json fields = Json::object();
    fields.set("list", std::move(list));
    fields.set("texts", std::vector<std::string>{"x", "y"});
    fields.set("n", 1);
    fields.set("n", 2);
    const Json copy = fields;
    EXPECT_EQ(copy.text(), R"({"list":[{"n":1},["a","b"]],"texts":["x","y"],"n":2})");
    EXPECT_EQ((Json{{"n", {1, 2}}}.text(1)), "{\n \"n\": [\n  1,\n  2\n ]\n}");
}

TEST(Json, WritesNumbersThatReadBackAsTheSame) {
    EXPECT_EQ((Json{1.0, 0.1, 1e-7, 1e22, -0.0}.text()), "[1.0,0.1,1e-07,1e+22,-0.0]");
    EXPECT_EQ(Json(std::numeric_limits<std::int64_t>::min()).text(), "-9223372036854775808");
    EXPECT_EQ(Json(std::numeric_limits<std::uint64_t>::max()).text(), "18446744073709551615");
    EXPECT_EQ(Json(std::numeric_limits<double>::quiet_NaN()).text(), "null");
}

TEST(Json, EscapesAndReplacesWhatIsNotText) {
    EXPECT_EQ(Json("\"\\\n\x01").text(), R"("\"\\\n\u0001")");
    EXPECT_EQ(Json(std::string("a\xff")).text(), "\"a\xEF\xBF\xBD\"");
}

TEST(Json, HoldsNothingThatATerminalActsOn) {
    EXPECT_EQ(Json("a\x7f\xc2\x9b\xe2\x80\xae\xe2\x80\xa8币").text(), "\"a\\u007f\\u009b\\u202e\\u2028币\"");
    EXPECT_EQ((Json{{"\xe2\x80\xae", 1}}.text()), "{\"\\u202e\":1}");
}

TEST(EvaluationPage, NamesFromOutsideStayInTheirScript) {
    SymbolEvaluation report;
    for (const std::string name : {"</script><b>", "<!--<script>", "\xe2\x80\xae\x1b[2J\xff"}) {
        report.symbol = name;
        report.exchange = name;
        const std::string page = evaluation_page({&report, 1}, {});
        const auto data = page.substr(page.find("const data="), 2'000);
        const auto line = data.substr(0, data.find(";\n"));
        EXPECT_EQ(line.find('<'), std::string::npos) << line;
        EXPECT_EQ(line.find('\x1b'), std::string::npos);
        EXPECT_EQ(line.find("\xe2\x80\xae"), std::string::npos);
    }
}

}  // namespace
}  // namespace virtuoso
