#include "exchange/bybit/account_client.hpp"

#include "exchange/bybit/account_codec.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/symbol_name.hpp"
#include "net/http_refusal.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace virtuoso::bybit {

namespace {

constexpr std::string_view clock_target = "/v5/market/time";
constexpr std::size_t telling_key = 8;  ///< shorter ones may be words of the answer

}  // namespace

AccountClient::AccountClient(Transport& transport, ApiKey key, std::uint64_t seed)
    : transport_(transport),
      key_(std::move(key)),
      queue_(transport, rules_, rest_limits, seed),
      codec_(std::make_unique<AccountCodec>()) {}

AccountClient::~AccountClient() = default;

void AccountClient::load(Done done) {
    done_ = std::move(done);
    account_ = {};
    pages_ = PageGuard(position_pages_max);
    load_clock();
}

Error AccountClient::last_error() const {
    const Error& last = queue_.last_error();
    return {last.code, redacted(last.message, key_)};
}

void AccountClient::finish(Result<Account> account) {
    if (!account) {
        account = fail(account.error().code, redacted(account.error().message, key_));
    }
    std::exchange(done_, nullptr)(std::move(account));
}

// A peer may repeat what it was sent: hidden before any message quotes a part of it.
std::string AccountClient::without_key(const std::string& body) const {
    const bool telling = key_.key.size() >= telling_key && key_.secret.size() >= telling_key;
    return telling ? redacted(body, key_) : body;
}

void AccountClient::ask(const std::string& target, std::function<void(PaddedFrame)> read) {
    queue_.submit({.target = target,
                   .urgency = RestUrgency::session,
                   .headers =
                       [this, target](LocalTime now) {
                           asked_ = now;
                           return target == clock_target
                                      ? std::vector<HttpHeader>{}
                                      : signed_headers(key_, target, now.ns / 1'000'000 + offset_ms_);
                       },
                   .done =
                       [this, target, kept = std::move(read)](Result<HttpAnswer> answer) {
                           if (!answer) {
                               finish(std::unexpected(answer.error()));
                           } else if (answer->status != 200) {
                               finish(fail(ErrorCode::network,
                                           fmt::format("{} answered with HTTP {}{}", target, answer->status,
                                                       refusal_of(answer->status, answer->body).quoted())));
                           } else {
                               kept(buffer_.assign(without_key(answer->body)));
                           }
                       }});
}

// The signature holds for five seconds of the exchange's clock.
void AccountClient::load_clock() {
    ask(std::string(clock_target), [this](PaddedFrame body) {
        BybitRestCodec codec;
        const auto reply = codec.decode(clock_target, body);
        if (!reply) {
            finish(std::unexpected(reply.error()));
            return;
        }
        const std::int64_t middle = asked_.ns + (transport_.now() - asked_) / 2;
        offset_ms_ = (std::get<ServerTime>(*reply).time.ns - middle) / 1'000'000;
        load_wallet();
    });
}

void AccountClient::load_wallet() {
    ask("/v5/account/wallet-balance?accountType=UNIFIED", [this](PaddedFrame body) {
        auto wallet = codec_->wallet(body);
        if (!wallet) {
            finish(std::unexpected(wallet.error()));
            return;
        }
        account_.wallet = std::move(*wallet);
        account_.time = codec_->time();
        load_positions({});
    });
}

void AccountClient::load_positions(const std::string& cursor) {
    std::string target = "/v5/position/list?category=linear&settleCoin=USDT&limit=200";
    if (!cursor.empty()) {
        target += "&cursor=" + query_safe(cursor);
    }
    ask(target, [this](PaddedFrame body) {
        auto page = codec_->positions(body);
        if (!page) {
            finish(std::unexpected(page.error()));
            return;
        }
        std::move(page->positions.begin(), page->positions.end(), std::back_inserter(account_.positions));
        if (!page->next_cursor.empty()) {
            if (const auto followed = pages_.follow(page->next_cursor); !followed) {
                finish(fail(followed.error().code, "the list of positions: " + followed.error().message));
                return;
            }
            load_positions(page->next_cursor);
            return;
        }
        finish(std::move(account_));
    });
}

}  // namespace virtuoso::bybit
