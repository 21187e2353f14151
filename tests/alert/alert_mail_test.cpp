// Mail over TLS with a login, to a server that wants both.
#include "net/tls_context.hpp"
#include "support/alert_sending.hpp"
#include "support/temporary_file.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <ctime>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

namespace virtuoso {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using test::long_signal;
using test::message_of;
using test::Sending;
using test::sink_of;

constexpr std::string_view user = "me@example.org";
constexpr std::string_view password = "kept-to-itself";
constexpr std::string_view right_login =
    "AG1lQGV4YW1wbGUub3JnAGtlcHQtdG8taXRzZWxm";  // \0 user \0 password, base64

enum class Security { none, starttls, implicit };

/// One conversation after the other, on a thread of its own.
class MailServer {
  public:
    explicit MailServer(Security security)
        : security_(security),
          certificate_(*net::make_loopback_certificate(std::time(nullptr))),
          context_(*net::server_tls_context(certificate_)),
          acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
          port_(acceptor_.local_endpoint().port()),
          thread_([this] { run(); }) {}
    MailServer(const MailServer&) = delete;
    MailServer& operator=(const MailServer&) = delete;
    ~MailServer() {
        ends_ = true;
        boost::system::error_code gone;
        tcp::socket(io_).connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_), gone);
        thread_.join();
    }

    [[nodiscard]] std::string address() const {
        return fmt::format("{}://127.0.0.1:{}", security_ == Security::implicit ? "smtps" : "smtp", port_);
    }
    [[nodiscard]] const std::string& certificate_pem() const { return certificate_.certificate_pem; }
    [[nodiscard]] std::string mail() const { return locked(mail_); }
    /// Everything that was said to it before the connection was encrypted.
    [[nodiscard]] std::string plain() const { return locked(plain_); }
    [[nodiscard]] std::string encrypted() const { return locked(encrypted_); }

  private:
    [[nodiscard]] std::string locked(const std::string& text) const {
        const std::lock_guard lock(mutex_);
        return text;
    }
    void note(std::string& into, const std::string& line) {
        const std::lock_guard lock(mutex_);
        into += line;
    }

    void run() {
        while (!ends_) {
            boost::system::error_code error;
            tcp::socket socket = acceptor_.accept(error);
            if (error || ends_) {
                continue;
            }
            try {
                asio::ssl::stream<tcp::socket> stream(std::move(socket), context_);
                if (security_ == Security::implicit) {
                    stream.handshake(asio::ssl::stream_base::server);
                    say(stream, "220 here");
                } else {
                    say(stream.next_layer(), "220 here");
                    if (!converse(stream.next_layer(), plain_)) {
                        continue;
                    }
                    stream.handshake(asio::ssl::stream_base::server);
                }
                converse(stream, encrypted_);
            } catch (const boost::system::system_error&) {
                // The client has gone: it did not like the certificate.
            }
        }
    }

    template <typename Stream>
    static void say(Stream& stream, std::string_view line) {
        asio::write(stream, asio::buffer(fmt::format("{}\r\n", line)));
    }
    template <typename Stream>
    static std::string heard(Stream& stream, asio::streambuf& buffer, std::string_view end) {
        const std::size_t size = asio::read_until(stream, buffer, end);
        std::string line(asio::buffers_begin(buffer.data()),
                         asio::buffers_begin(buffer.data()) + static_cast<std::ptrdiff_t>(size));
        buffer.consume(size);
        return line;
    }

    /// True when TLS is to begin.
    template <typename Stream>
    bool converse(Stream& stream, std::string& record) {
        asio::streambuf buffer;
        while (true) {
            std::string line = heard(stream, buffer, "\r\n");
            note(record, line);
            if (line.starts_with("EHLO")) {
                say(stream, security_ == Security::starttls && &record == &plain_
                                ? "250-mail.example.org\r\n250 STARTTLS"
                                : "250-mail.example.org\r\n250 AUTH PLAIN");
            } else if (line.starts_with("STARTTLS")) {
                say(stream, "220 go on");
                return true;
            } else if (line.starts_with("AUTH PLAIN")) {
                if (line == "AUTH PLAIN\r\n") {
                    say(stream, "334 ");
                    line += heard(stream, buffer, "\r\n");
                }
                say(stream, line.find(right_login) != std::string::npos ? "235 welcome" : "535 5.7.8 wrong");
            } else if (line.starts_with("DATA")) {
                say(stream, "354 go on");
                note(mail_, heard(stream, buffer, "\r\n.\r\n"));
                say(stream, "250 taken");
            } else if (line.starts_with("QUIT")) {
                say(stream, "221 bye");
                return false;
            } else {
                say(stream, "250 fine");
            }
        }
    }

    Security security_;
    net::Certificate certificate_;
    asio::ssl::context context_;
    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::uint16_t port_;
    mutable std::mutex mutex_;
    std::string mail_;
    std::string plain_;
    std::string encrypted_;
    std::atomic<bool> ends_{false};
    std::thread thread_;
};

class AlertMail : public testing::Test {
  protected:
    [[nodiscard]] AlertSink sink(const MailServer& server, std::string_view with, bool trusted = true) const {
        const std::string secret = folder_.file("password");
        std::ofstream(secret) << with;
        ::chmod(secret.c_str(), 0600);
        const std::string authority = folder_.file("ca.pem");
        std::ofstream(authority) << server.certificate_pem();
        return sink_of(fmt::format(
            "team: email server={} from=a@example.org to=b@example.org user={} password=file:{}{}",
            server.address(), user, secret, trusted ? " ca=" + authority : std::string()));
    }

    test::TemporaryDirectory folder_;
};

TEST_F(AlertMail, GoesOutEncryptedWithItsLogin) {
    for (const Security security : {Security::implicit, Security::starttls}) {
        const MailServer server(security);
        Sending sending({sink(server, password)});
        sending.put(message_of({long_signal()}));
        ASSERT_TRUE(sending.ends(1)) << sending.all_words();
        EXPECT_EQ(sending.box.counts().delivered, 1U) << sending.all_words();
        EXPECT_NE(server.mail().find("To: b@example.org"), std::string::npos) << server.mail();
        EXPECT_NE(server.encrypted().find("RCPT TO:<b@example.org>"), std::string::npos)
            << server.encrypted();
        EXPECT_EQ(server.plain().find("AUTH"), std::string::npos) << server.plain();
        EXPECT_EQ(server.plain().find("MAIL"), std::string::npos) << server.plain();
    }
}

TEST_F(AlertMail, AWrongPasswordEndsItAndIsNotTold) {
    const MailServer server(Security::implicit);
    Sending sending({sink(server, "another-one")});
    sending.put(message_of({long_signal()}), test::almost_an_hour_s);
    ASSERT_TRUE(sending.ends(1)) << sending.all_words();
    EXPECT_EQ(sending.box.counts().dead, 1U);
    EXPECT_EQ(server.mail(), "");
    EXPECT_FALSE(sending.all_words().empty());
    EXPECT_EQ(sending.all_words().find("another-one"), std::string::npos) << sending.all_words();
    EXPECT_NE(sending.all_words().find("ogin"), std::string::npos) << sending.all_words();
}

TEST_F(AlertMail, NothingIsSaidToAServerThatIsNotTrustedOrNotEncrypted) {
    for (const Security security : {Security::implicit, Security::starttls, Security::none}) {
        const MailServer server(security);
        const bool trusted = security == Security::none;
        Sending sending({sink(server, password, trusted)});
        sending.put(message_of({long_signal()}), test::almost_an_hour_s);
        ASSERT_TRUE(sending.ends(1)) << sending.all_words();
        EXPECT_EQ(sending.box.counts().dead, 1U) << sending.all_words();
        for (const std::string& said : {server.plain(), server.encrypted()}) {
            EXPECT_EQ(said.find("AUTH"), std::string::npos) << said;
            EXPECT_EQ(said.find("MAIL"), std::string::npos) << said;
        }
        EXPECT_EQ(sending.all_words().find(password), std::string::npos) << sending.all_words();
        EXPECT_NE(sending.all_words().find(trusted ? "STARTTLS" : "certificate"), std::string::npos)
            << sending.all_words();
    }
}

}  // namespace
}  // namespace virtuoso
