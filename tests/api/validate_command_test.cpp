// `virtuoso validate` of a service over real sockets.
#include "support/live_api.hpp"
#include "support/shared_file.hpp"
#include "support/temporary_file.hpp"
#include "support/virtuoso_command.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

namespace virtuoso {
namespace {

class ValidateCommand : public test::LiveApi {
  protected:
    [[nodiscard]] std::string folder() const { return place_.file("a report"); }
    [[nodiscard]] test::Outcome validate(const std::string& more = "") const {
        return test::run(fmt::format("validate --url {} --minutes 0.05 --every 0.5 --out {} {}", api_->url(),
                                     test::quoted(folder()), more));
    }
    test::TemporaryDirectory place_;
};

TEST_F(ValidateCommand, WritesItsReportInThreeForms) {
    const auto first = validate();
    EXPECT_EQ(first.code, 8) << first.text;
    EXPECT_NE(first.text.find("PASS      INIT-2 "), std::string::npos) << first.text;
    EXPECT_NE(first.text.find("NOT SEEN  KEEP-2"), std::string::npos) << first.text;
    EXPECT_EQ(first.text.find("HEALTH-9"), std::string::npos) << "nothing is kept here: " << first.text;
    for (const std::string name : {"report.md", "report.html", "report.json"}) {
        const std::string text = test::read_text(folder() + "/" + name);
        EXPECT_NE(text.find("virtuoso.validation/1"), std::string::npos) << name;
        EXPECT_NE(text.find("six of six components"), std::string::npos) << name;
    }
    const auto json = nlohmann::json::parse(test::read_text(folder() + "/report.json"));
    EXPECT_EQ(json["version"], "1.2.3");
    EXPECT_GT(json["counts"]["passed"].get<int>(), 15) << first.text;
    for (const auto& criterion : json["criteria"]) {
        if (criterion["id"] == "INIT-2") {
            EXPECT_EQ(criterion["evidence"]["value"], "6 symbols followed, 6 of them deep");
        }
    }
    const auto again = validate("--against " + test::quoted(folder() + "/report.json"));
    EXPECT_EQ(again.code, 2) << "what is read is not written to: " << again.text;
    const auto elsewhere = place_.file("before.json");
    std::filesystem::copy_file(folder() + "/report.json", elsewhere);
    EXPECT_EQ(validate("--against " + test::quoted(elsewhere)).code, 8) << "its own report may be replaced";
    EXPECT_TRUE(nlohmann::json::parse(test::read_text(folder() + "/report.json"))["comparison"].contains(
        "regressions"));
}

TEST_F(ValidateCommand, ReplacesNothingOfAnother) {
    std::filesystem::create_directory(folder());
    std::ofstream(folder() + "/report.md") << "my own notes\n";
    const auto refused = validate("</dev/null");
    EXPECT_EQ(refused.code, 2) << refused.text;
    EXPECT_EQ(test::read_text(folder() + "/report.md"), "my own notes\n");
    EXPECT_FALSE(std::filesystem::exists(folder() + "/report.json"));
}

TEST_F(ValidateCommand, ARestartThatDoesNotComeIsAFailure) {
    const auto failed = validate("--restart 'exit 3'");
    EXPECT_EQ(failed.code, 8) << failed.text;
    EXPECT_NE(failed.text.find("FAIL      STOP-1    nothing is orphaned: the command ended with 3"),
              std::string::npos)
        << failed.text;
    EXPECT_NE(failed.text.find("NOT SEEN  STOP-2"), std::string::npos) << failed.text;
}

TEST_F(ValidateCommand, WhoIsToFallSilentIsAskedFirst) {
    const auto nobody = validate("--silence http://127.0.0.1:1");
    EXPECT_EQ(nobody.code, 7) << nobody.text;
    const auto other = validate("--silence " + api_->url());
    EXPECT_EQ(other.code, 2) << "a service is no exchange: " << other.text;
    EXPECT_EQ(validate("--silence garbage").code, 2);
    EXPECT_FALSE(std::filesystem::exists(folder()));
}

/// Takes the first request and keeps it.
TEST_F(ValidateCommand, AnExchangeIsNotShownTheToken) {
    const auto seen = test::run_in_bash(
        "python3 -c 'import http.server,sys\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        sys.stdout.write(str(self.headers)); sys.stdout.flush(); self.send_response(404); "
        "self.end_headers()\n"
        "s = http.server.HTTPServer((\"127.0.0.1\", 0), H)\n"
        "open(sys.argv[1], \"w\").write(str(s.server_port))\n"
        "s.handle_request()' " +
        test::quoted(place_.file("port")) +
        " & server=$!\n"
        "while ! [ -s " +
        test::quoted(place_.file("port")) +
        " ]; do sleep 0.05; done\n"
        "VIRTUOSO_TOKEN=a-secret-of-the-service \"$virtuoso\" validate --url " +
        api_->url() + " --silence http://127.0.0.1:$(cat " + test::quoted(place_.file("port")) +
        ")\nwait $server");
    EXPECT_NE(seen.text.find("Host: 127.0.0.1"), std::string::npos) << seen.text;
    EXPECT_EQ(seen.text.find("a-secret"), std::string::npos) << seen.text;
}

TEST_F(ValidateCommand, NamesWhatCannotBeDone) {
    EXPECT_EQ(test::run("validate --url http://127.0.0.1:1").code, 7);
    const auto other = test::run("validate --against /etc/passwd --url " + api_->url());
    EXPECT_EQ(other.code, 4) << other.text;
    EXPECT_NE(other.text.find("give the report.json of an earlier one"), std::string::npos) << other.text;
    EXPECT_EQ(test::run("validate --against /nowhere --url " + api_->url()).code, 3);
    EXPECT_EQ(test::run("validate --out /proc/nowhere --url " + api_->url()).code, 6);
}

}  // namespace
}  // namespace virtuoso
