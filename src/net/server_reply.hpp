// An answer that is given later, perhaps by another thread.
#pragma once

#include "net/transport.hpp"

#include <functional>
#include <memory>
#include <mutex>

namespace virtuoso {

/// Makes an answer, on the server's thread.
using MakeAnswer = std::function<HttpAnswer()>;

/// What a server waits for while somebody else finds out what a request asks for.
class PendingAnswer {
  public:
    /// `wake` is called once, by whoever gives the answer.
    explicit PendingAnswer(std::function<void()> wake) : wake_(std::move(wake)) {}

    /// From any thread; the first one counts. Empty: there is none.
    void give(MakeAnswer make);
    /// What was given; empty when there is nothing. Afterwards nothing is woken any more.
    [[nodiscard]] MakeAnswer take();
    [[nodiscard]] bool is_given() const;

  private:
    mutable std::mutex mutex_;
    std::function<void()> wake_;
    MakeAnswer make_;
    bool given_ = false;
};

/// The right to answer one request, once. When its last copy goes away unused, the request is given up.
class ServerReply {
  public:
    explicit ServerReply(const std::shared_ptr<PendingAnswer>& pending);
    /// From any thread; never waits.
    void operator()(MakeAnswer make) const;

  private:
    std::shared_ptr<PendingAnswer> answering_;
};

}  // namespace virtuoso
