// Which records of overlapping files were read lately.
#pragma once

#include "exchange/raw_record.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>

namespace virtuoso {

/// Remembers digests of channel and bytes for `span_ns` of receive time, at most `records_max` of them.
class RecentRecords {
  public:
    static constexpr std::int64_t span_ns = 30'000'000'000;
    static constexpr std::size_t records_max = 1U << 18;

    /// True when another file than `file` held it already as often as this one does with it. O(log kept).
    [[nodiscard]] bool repeats(const RawRecord& record, std::uint32_t file);

  private:
    struct Entry {
        std::int64_t received_ns;
        std::uint64_t digest;
        std::uint64_t of_file;
        bool taken;
    };
    using Counts = std::map<std::uint64_t, std::uint32_t>;

    void expire(std::int64_t now_ns);

    std::deque<Entry> queue_;
    Counts taken_;  ///< by digest: how often it was handed on
    Counts read_;   ///< by digest and file: how often it was read there
};

}  // namespace virtuoso
