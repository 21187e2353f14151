// An exchange's REST side that answers when a test says so, in any order.
#pragma once

#include "exchange/rest_asker.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace virtuoso::test {

class FakeRest final : public RestAsker {
  public:
    void ask(RestQuestion question) override {
        targets.push_back(question.target);
        open.push_back(std::move(question));
    }

    /// Answers an open question as RestClient does. False: the answer was not wanted.
    bool answer(std::size_t index, const Result<RestReply>& reply,
                const std::function<void()>& hand_on = {}) {
        const RestQuestion question = std::move(open[index]);
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(index));
        if (question.wanted && !question.wanted()) {
            return false;
        }
        if (reply && question.decoded) {
            question.decoded(*reply);
        }
        if (reply && hand_on) {
            hand_on();
        }
        if (question.done) {
            question.done(reply);
        }
        return true;
    }

    std::vector<RestQuestion> open;    ///< in the order they were asked
    std::vector<std::string> targets;  ///< of everything that was ever asked
};

}  // namespace virtuoso::test
