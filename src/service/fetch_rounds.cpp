#include "service/fetch_rounds.hpp"

#include <algorithm>
#include <utility>

namespace virtuoso {

std::size_t FetchRounds::size_of(std::size_t round) const noexcept {
    return std::min(size_, symbols_ - round * size_);
}

std::optional<FetchRound> FetchRounds::take(const FetchedHistory& fetched, LocalTime now) {
    const bool late = fetched.rank >= symbols_;
    const std::size_t number = late ? symbols_ + fetched.rank : fetched.rank / size_;
    const LocalTime asked{now.ns - fetched.duration_ns};
    Open& open = open_[number];
    open.asked = open.symbols == 0 ? asked : std::min(open.asked, asked);
    ++open.symbols;
    ++(fetched.failed == 0 ? open.round.successful : open.round.failed);
    if (open.symbols < (late ? 1 : size_of(number))) {
        return std::nullopt;
    }
    FetchRound complete = open.round;
    complete.total_ns = now - std::max(open.asked, std::exchange(completed_, now));
    open_.erase(number);
    return complete;
}

}  // namespace virtuoso
