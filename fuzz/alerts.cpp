// Rules, sinks and kept messages of any bytes are read or refused with a reason that can be shown; what a
// message of them becomes can be sent anywhere.
#include "alert/alert_request.hpp"
#include "alert/alert_rule.hpp"
#include "alert/delivery_judgement.hpp"
#include "base/unicode.hpp"
#include "fuzz_bytes.hpp"

#include <cstdlib>

namespace {

using namespace virtuoso;

template <typename T>
void check(const Result<T>& read) {
    if (!read && (read.error().message.empty() || !is_valid_utf8(read.error().message) ||
                  printable(read.error().message) != read.error().message)) {
        std::abort();
    }
}

void send(const AlertMessage& message) {
    AlertSink sink;
    sink.spec.from = "a@example.org";
    sink.spec.to = {"b@example.org"};
    static_cast<void>(discord_request(sink, message));
    static_cast<void>(telegram_request(sink, message));
    const std::string line = console_line(message);
    if (printable(line) != line || mail_text(sink.spec, message, {}).find("\n\n") != std::string::npos) {
        std::abort();
    }
    const auto again = alert_from_json(alert_json(message));
    if (!again || alert_json(*again) != alert_json(message)) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    check(AlertRule::parse(text));
    check(SinkSpec::parse(text));
    for (const auto kind : {SinkKind::webhook, SinkKind::discord, SinkKind::telegram}) {
        for (const int status : {200, 429, 500}) {
            const auto judgement = judge_http(kind, status, text, {});
            if (printable(judgement.reason) != judgement.reason) {
                std::abort();
            }
        }
    }
    const auto message = alert_from_json(text);
    check(message);
    if (message) {
        send(*message);
    }
    return 0;
}
