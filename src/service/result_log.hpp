// What the log says of evaluations.
#pragma once

#include "service/service_log.hpp"
#include "service/symbol_result.hpp"

#include <map>
#include <optional>
#include <string>

namespace virtuoso {

/// Every evaluation at debug level; at info level every change to or from LONG and SHORT, and of the deep
/// symbols the first, every change, and one a minute.
class ResultLog {
  public:
    static constexpr std::int64_t again_ns = 60'000'000'000;

    explicit ResultLog(ServiceLog& log) : log_(log) {}
    /// `before`: the symbol's result before this one; null when there is none.
    void note(const SymbolResult& result, const SymbolResult* before);

  private:
    void tell(const SymbolResult& result, LogLevel level);

    ServiceLog& log_;
    std::map<std::string, LocalTime, std::less<>> told_;  ///< of deep symbols
};

/// "LONG", or why there is none: "insufficient data".
[[nodiscard]] std::string_view verdict_text(const Confluence& confluence) noexcept;

}  // namespace virtuoso
