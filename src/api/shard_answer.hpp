// Answers from what a shard knows of a symbol.
#pragma once

#include "api/resource.hpp"
#include "engine/pipeline.hpp"

#include <functional>
#include <string_view>

namespace virtuoso {

/// Copies on the shard's thread what the answer is made of; what it gives makes the answer, on the server's
/// thread: writing a document out takes longer than a shard should stand still.
using ReadSymbol = std::function<MakeAnswer(const TrackedSymbol&)>;

/// 404 when the symbol is not followed, 503 when its shard does not answer in time.
[[nodiscard]] ServerAnswer answer_from_shard(const ApiContext& context, std::string_view symbol,
                                             ReadSymbol read);

/// 503: what is said when the shard of a symbol does not answer.
[[nodiscard]] HttpAnswer shard_is_silent(std::string_view symbol);
/// 404: no such symbol, and where those are that there are.
[[nodiscard]] HttpAnswer no_such_symbol(std::string_view symbol);

}  // namespace virtuoso
