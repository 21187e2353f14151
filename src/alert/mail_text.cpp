#include "alert/alert_request.hpp"
#include "alert/alert_text.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace virtuoso {

namespace {

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

/// "Thu, 26 Nov 2026 21:34:01 +0000"
std::string mail_date(LocalTime time) {
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::int64_t ns_per_s = 1'000'000'000;
    const std::chrono::sys_seconds point{std::chrono::seconds(time.ns / ns_per_s)};
    const auto day = std::chrono::floor<std::chrono::days>(point);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(point - day);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                       days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

/// As encoded words (RFC 2047), each a line of whole characters: nothing in it can be a header.
std::string encoded_subject(std::string_view text) {
    constexpr std::size_t bytes_max = 42;
    std::string result;
    while (!text.empty()) {
        std::size_t end = 0;
        while (end < text.size()) {
            const std::size_t next = end + first_code_point(text.substr(end)).bytes;
            if (next > bytes_max) {
                break;
            }
            end = next;
        }
        result += fmt::format("{}=?utf-8?B?{}?=", result.empty() ? "" : "\r\n ", base64(text.substr(0, end)));
        text.remove_prefix(end);
    }
    return result;
}

std::string encoded_lines(std::string_view text) {
    constexpr std::size_t bytes_a_line = 57;  // 76 characters
    std::string result;
    while (!text.empty()) {
        const std::size_t count = std::min(bytes_a_line, text.size());
        result += base64(text.substr(0, count)) + "\r\n";
        text.remove_prefix(count);
    }
    return result;
}

}  // namespace

// Addresses were checked when the configuration was read; all else is encoded.
std::string mail_text(const SinkSpec& sink, const AlertMessage& message, LocalTime now) {
    constexpr std::size_t subject_max = 200;
    constexpr std::size_t text_max = 20'000;
    std::string body =
        fmt::format("{}\n\nRule {}, sink {}, {}\n", cut_at_sentence(text_of(message), text_max), message.rule,
                    message.sink, iso_text(message.occurrences.front().time));
    if (!message.occurrences.front().link.empty()) {
        body += printable(message.occurrences.front().link) + "\n";
    }
    const std::string_view domain = std::string_view(sink.from).substr(sink.from.find('@') + 1);
    return fmt::format(
        "Date: {}\r\nFrom: {}\r\nTo: {}\r\nMessage-ID: <{}@{}>\r\nSubject: {}\r\nAuto-Submitted: "
        "auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n{}",
        mail_date(now), sink.from, fmt::join(sink.to, ",\r\n "), message.key, domain,
        encoded_subject(cut_at_sentence(title_of(message), subject_max)), encoded_lines(body));
}

}  // namespace virtuoso
