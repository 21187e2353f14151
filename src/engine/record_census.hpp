// What of recorded traffic can be understood.
#pragma once

#include "engine/source_decoder.hpp"
#include "exchange/raw_record.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace virtuoso {

/// Decodes records and keeps nothing of them but counts.
class RecordCensus {
  public:
    struct Refused {
        std::uint64_t count = 0;
        std::string first_message = {};
    };

    void take(const RawRecord& record);

    [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
    /// Those that told something of a market, alone or with others; the rest are refused, or answers to
    /// requests.
    [[nodiscard]] std::uint64_t understood() const noexcept { return understood_; }
    [[nodiscard]] const std::map<ErrorCode, Refused>& refused() const noexcept { return refused_; }
    /// Names met, at most `symbols_max`.
    [[nodiscard]] const std::set<std::string, std::less<>>& symbols() const noexcept { return symbols_; }

  private:
    static constexpr std::size_t symbols_max = 4'096;

    SourceDecoders sources_;
    std::uint64_t records_ = 0;
    std::uint64_t understood_ = 0;
    std::map<ErrorCode, Refused> refused_;
    std::set<std::string, std::less<>> symbols_;
};

}  // namespace virtuoso
