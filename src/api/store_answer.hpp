// Answers from what the store keeps.
#pragma once

#include "api/resource.hpp"
#include "store/store.hpp"

#include <functional>

namespace virtuoso {

/// Reads on the store's thread; what it gives makes the answer, on the server's.
using ReadStore = std::function<Result<MakeAnswer>(Store&)>;

/// 503 when nothing is kept, when too many wait, or when the store cannot be read now.
[[nodiscard]] ServerAnswer answer_from_store(const ApiContext& context, ReadStore read);

}  // namespace virtuoso
