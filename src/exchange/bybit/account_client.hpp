// Reads an account at Bybit. Places no orders.
#pragma once

#include "exchange/bybit/api_key.hpp"
#include "exchange/bybit/rest_rules.hpp"
#include "exchange/page_guard.hpp"
#include "market/account.hpp"

#include <functional>
#include <memory>
#include <string>

namespace virtuoso::bybit {

class AccountCodec;

/// Asks for wallet and positions with signed requests, within the limits. What it receives goes to the
/// caller alone, into no journal. Single-threaded; lives as long as its transport runs.
class AccountClient {
  public:
    using Done = std::function<void(Result<Account>)>;

    AccountClient(Transport& transport, ApiKey key, std::uint64_t seed);
    ~AccountClient();
    AccountClient(const AccountClient&) = delete;
    AccountClient& operator=(const AccountClient&) = delete;

    static constexpr std::size_t position_pages_max = 20;  ///< of two hundred

    /// Calls `done` once. One load at a time. No error repeats the key. Errors: network, tls,
    /// exchange_refused, those of a field.
    void load(Done done);
    /// What went wrong last, also when it was tried again; an empty message at first.
    [[nodiscard]] Error last_error() const;

  private:
    void ask(const std::string& target, std::function<void(PaddedFrame)> read);
    [[nodiscard]] std::string without_key(const std::string& body) const;
    void load_clock();
    void load_wallet();
    void load_positions(const std::string& cursor);
    void finish(Result<Account> account);

    Transport& transport_;
    ApiKey key_;
    BybitRestRules rules_;
    RestQueue queue_;
    std::unique_ptr<AccountCodec> codec_;  ///< behind a pointer: it brings the whole JSON reader with it
    FrameBuffer buffer_;
    LocalTime asked_;  ///< when the request was sent last
    std::int64_t offset_ms_ = 0;
    Account account_;
    PageGuard pages_{position_pages_max};
    Done done_;
};

}  // namespace virtuoso::bybit
