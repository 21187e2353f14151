#include "alert/alert_transfer.hpp"

#include "alert/alert_address.hpp"
#include "base/unicode.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace virtuoso {

namespace {

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

// Appending to a list leaves its beginning where it is.
void append(List& list, const std::string& text) {
    curl_slist* const longer = curl_slist_append(list.get(), text.c_str());
    if (list == nullptr) {
        list.reset(longer);
    }
}

}  // namespace

struct AlertTransfer::Parts {
    explicit Parts(const AlertSink& of) : sink(of), handle(curl_easy_init()) {}

    template <typename Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(handle.get(), option, value);
    }
    void prepare(const TransferLimits& limits);
    void prepare_http(const AlertMessage& message, LocalTime now);
    void prepare_mail(const AlertMessage& message, LocalTime now);

    static std::size_t take_answer(char* data, std::size_t, std::size_t count, void* self);
    static std::size_t give_mail(char* room, std::size_t size, std::size_t count, void* self);

    const AlertSink& sink;
    std::unique_ptr<CURL, FreeHandle> handle;
    List headers;
    List receivers;
    AlertRequest request;
    std::size_t given = 0;
    std::string answer;
    std::size_t answer_bytes_max = 0;
    bool is_cut = false;
    std::array<char, CURL_ERROR_SIZE> words{};
};

std::size_t AlertTransfer::Parts::take_answer(char* data, std::size_t, std::size_t count, void* self) {
    auto& parts = *static_cast<Parts*>(self);
    const std::size_t room = parts.answer_bytes_max - parts.answer.size();
    parts.answer.append(data, std::min(count, room));
    parts.is_cut = count > room;
    return parts.is_cut ? 0 : count;  // 0 ends the transfer
}

std::size_t AlertTransfer::Parts::give_mail(char* room, std::size_t size, std::size_t count, void* self) {
    auto& parts = *static_cast<Parts*>(self);
    const std::size_t given = std::min(size * count, parts.request.body.size() - parts.given);
    std::copy_n(parts.request.body.data() + parts.given, given, room);
    parts.given += given;
    return given;
}

void AlertTransfer::Parts::prepare(const TransferLimits& limits) {
    answer_bytes_max = limits.answer_bytes_max;
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, words.data());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_ms));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.answer_ms));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(CURLOPT_WRITEFUNCTION, &Parts::take_answer);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    if (!sink.spec.ca_file.empty()) {
        set(CURLOPT_CAINFO, sink.spec.ca_file.c_str());
    }
    if (is_loopback(sink.address.exposed())) {
        set(CURLOPT_NOPROXY, "*");
    }
}

void AlertTransfer::Parts::prepare_http(const AlertMessage& message, LocalTime now) {
    request = request_of(sink, message, now);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_URL, std::string(request.address.exposed()).c_str());
    set(CURLOPT_USERAGENT, "virtuoso");
    for (const auto& header : request.headers) {
        append(headers, fmt::format("{}: {}", header.name, header.value));
    }
    append(headers, "Expect:");
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, request.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
}

void AlertTransfer::Parts::prepare_mail(const AlertMessage& message, LocalTime now) {
    request.body = mail_text(sink.spec, message, now);
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_URL, std::string(sink.address.exposed()).c_str());
    const bool plain = sink.spec.user.empty() && is_loopback(sink.address.exposed());
    set(CURLOPT_USE_SSL, static_cast<long>(plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (!sink.spec.user.empty()) {
        set(CURLOPT_USERNAME, sink.spec.user.c_str());
        set(CURLOPT_PASSWORD, std::string(sink.secret.exposed()).c_str());
    }
    set(CURLOPT_MAIL_FROM, fmt::format("<{}>", sink.spec.from).c_str());
    for (const auto& receiver : sink.spec.to) {
        append(receivers, fmt::format("<{}>", receiver));
    }
    set(CURLOPT_MAIL_RCPT, receivers.get());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &Parts::give_mail);
    set(CURLOPT_READDATA, static_cast<void*>(this));
}

AlertTransfer::AlertTransfer(const AlertSink& sink, const AlertMessage& message, LocalTime now,
                             const TransferLimits& limits)
    : parts_(std::make_unique<Parts>(sink)) {
    if (parts_->handle == nullptr) {
        return;
    }
    parts_->prepare(limits);
    if (sink.spec.kind == SinkKind::email) {
        parts_->prepare_mail(message, now);
    } else {
        parts_->prepare_http(message, now);
    }
}

AlertTransfer::~AlertTransfer() = default;

void* AlertTransfer::handle() const noexcept {
    return parts_->handle.get();
}

DeliveryJudgement AlertTransfer::judge(int result) const {
    long code = 0;
    curl_easy_getinfo(parts_->handle.get(), CURLINFO_RESPONSE_CODE, &code);
    const bool is_mail = parts_->sink.spec.kind == SinkKind::email;
    const bool is_whole = result == CURLE_OK || (result == CURLE_WRITE_ERROR && parts_->is_cut);
    DeliveryJudgement judgement;
    if (is_mail && result == CURLE_OK) {
        judgement = {
            .verdict = DeliveryVerdict::delivered, .reason = fmt::format("SMTP {}", code), .wait_ms = {}};
    } else if (!is_mail && is_whole) {
        curl_off_t asked_s = 0;
        curl_easy_getinfo(parts_->handle.get(), CURLINFO_RETRY_AFTER, &asked_s);
        judgement = judge_http(parts_->sink.spec.kind, static_cast<int>(code), parts_->answer,
                               asked_s > 0 ? std::optional<std::int64_t>(asked_s) : std::nullopt);
    } else {
        const std::string_view said(parts_->words.data());
        const std::string words(said.empty() ? curl_easy_strerror(static_cast<CURLcode>(result)) : said);
        judgement = is_mail ? judge_mail(static_cast<int>(code), words)
                            : DeliveryJudgement{.verdict = DeliveryVerdict::later,
                                                .reason = printable(fmt::format("no answer: {}", words)),
                                                .wait_ms = {}};
    }
    judgement.reason = parts_->sink.hidden_in(std::move(judgement.reason));
    return judgement;
}

}  // namespace virtuoso
