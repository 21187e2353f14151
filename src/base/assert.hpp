// Invariants that hold in every build.
#pragma once

namespace virtuoso {

/// Prints the broken condition with its place and aborts. A broken invariant is a bug: continuing
/// would serve wrong numbers.
[[noreturn]] void invariant_broken(const char* condition, const char* file, int line, const char* context);

}  // namespace virtuoso

#define VIRTUOSO_ASSERT(condition, context)            \
    (__builtin_expect(static_cast<bool>(condition), 1) \
         ? static_cast<void>(0)                        \
         : ::virtuoso::invariant_broken(#condition, __FILE__, __LINE__, context))
