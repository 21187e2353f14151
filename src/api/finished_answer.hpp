// How an answer goes out: with its tag, compressed, or not at all because it is known already.
#pragma once

#include "net/server.hpp"

#include <string>
#include <string_view>

namespace virtuoso {

/// What a request says of how it wants to be answered.
struct AnswerWishes {
    bool reads = false;  ///< GET or HEAD
    bool gzip = false;
    std::string known_tags = {};  ///< its `If-None-Match`

    [[nodiscard]] static AnswerWishes of(const ServerRequest& request);
};

/// One body in both forms, with what it is told apart by.
struct KeptBody {
    std::string tag;      ///< without quotes
    std::string gzipped;  ///< empty: it is not worth it

    /// O(bytes).
    [[nodiscard]] static KeptBody of(std::string_view body);
};

/// A 200 of what reads has a strong `ETag` of its body, and 304 instead where that is known; answers of a
/// kilobyte and more go out as gzip where it is taken, under a tag of their own. Browsers may keep what has
/// no other `Cache-Control`, and ask whether it still holds. O(bytes).
[[nodiscard]] HttpAnswer finished_answer(HttpAnswer answer, const AnswerWishes& wishes);

/// The same where the forms of the body were kept.
[[nodiscard]] HttpAnswer finished_answer(HttpAnswer answer, const KeptBody& kept, const AnswerWishes& wishes);

}  // namespace virtuoso
