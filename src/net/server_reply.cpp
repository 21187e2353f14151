#include "net/server_reply.hpp"

#include <utility>

namespace virtuoso {

void PendingAnswer::give(MakeAnswer make) {
    const std::lock_guard lock(mutex_);
    if (std::exchange(given_, true)) {
        return;
    }
    make_ = std::move(make);
    if (wake_) {
        std::exchange(wake_, {})();
    }
}

MakeAnswer PendingAnswer::take() {
    const std::lock_guard lock(mutex_);
    wake_ = {};
    return std::exchange(make_, {});
}

bool PendingAnswer::is_given() const {
    const std::lock_guard lock(mutex_);
    return given_;
}

ServerReply::ServerReply(const std::shared_ptr<PendingAnswer>& pending)
    : answering_(pending.get(), [kept = pending](PendingAnswer* answer) { answer->give({}); }) {}

void ServerReply::operator()(MakeAnswer make) const {
    answering_->give(std::move(make));
}

}  // namespace virtuoso
