// Documents of results that were written out once.
#pragma once

#include "api/finished_answer.hpp"
#include "service/symbol_result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace virtuoso {

/// What is asked of a symbol again and again stays the same until its next evaluation: it is written out,
/// hashed and compressed when the first asks for it. What it says of its age is true when it is written, so
/// after `kept_ns` it is written again. One thread. Beyond `documents_max` symbols all are forgotten.
class KeptDocuments {
  public:
    static constexpr std::size_t documents_max = 1'024;
    static constexpr std::int64_t kept_ns = 1'000'000'000;

    struct Document {
        std::string text;
        KeptBody body;
    };
    /// The document of this result: the one that is kept, or what `write` makes. Valid until the next call.
    [[nodiscard]] const Document& of(const ResultPointer& result, LocalTime now,
                                     const std::function<std::string()>& write);

  private:
    struct Kept {
        std::weak_ptr<const SymbolResult> result;  ///< a symbol that nobody asks for holds none back
        LocalTime written;
        Document document;
    };
    std::map<std::string, Kept, std::less<>> kept_;
};

}  // namespace virtuoso
