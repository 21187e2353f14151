#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace virtuoso {

void invariant_broken(const char* condition, const char* file, int line, const char* context) {
    std::fprintf(stderr, "virtuoso: E_INVARIANT: %s (%s) at %s:%d\n", context, condition, file, line);
    std::abort();
}

}  // namespace virtuoso
