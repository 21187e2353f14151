#include "journal/recent_records.hpp"

#include <cstring>

namespace virtuoso {

namespace {

constexpr std::uint64_t spread = 0x9e3779b97f4a7c15;
constexpr int fold = 32;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) noexcept {
    hash = (hash ^ word) * spread;
    return hash ^ (hash >> fold);
}

// Eight bytes at a time: every record of overlapping files goes through here.
std::uint64_t digest_of(std::string_view text, std::uint64_t seed) noexcept {
    std::uint64_t hash = mixed(seed, text.size());
    while (!text.empty()) {
        std::uint64_t word = 0;
        const std::size_t bytes = text.size() < sizeof(word) ? text.size() : sizeof(word);
        std::memcpy(&word, text.data(), bytes);
        hash = mixed(hash, word);
        text.remove_prefix(bytes);
    }
    return hash;
}

void count_down(auto& counts, std::uint64_t key) {
    if (const auto found = counts.find(key); --found->second == 0) {
        counts.erase(found);
    }
}

}  // namespace

bool RecentRecords::repeats(const RawRecord& record, std::uint32_t file) {
    expire(record.received.ns);
    const std::uint64_t digest = digest_of(record.frame.text(), digest_of(record.channel, spread));
    const std::uint64_t of_file = mixed(digest, file + std::uint64_t{1});
    const std::uint32_t read = ++read_[of_file];
    const auto known = taken_.find(digest);
    const bool repeated = known != taken_.end() && read <= known->second;
    if (!repeated) {
        ++taken_[digest];
    }
    queue_.push_back({record.received.ns, digest, of_file, !repeated});
    return repeated;
}

void RecentRecords::expire(std::int64_t now_ns) {
    while (!queue_.empty() &&
           (now_ns - queue_.front().received_ns > span_ns || queue_.size() >= records_max)) {
        const Entry& entry = queue_.front();
        count_down(read_, entry.of_file);
        if (entry.taken) {
            count_down(taken_, entry.digest);
        }
        queue_.pop_front();
    }
}

}  // namespace virtuoso
