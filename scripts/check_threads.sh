#!/usr/bin/env bash
# Builds and runs the tests with the label "sockets" under the thread sanitizer: they are the ones with threads.
set -euo pipefail
cd "$(dirname "$0")/.."
# GCC 12's thread sanitizer cannot live with every layout of memory that newer kernels choose at random. The build, too,
# runs the tests, to list them.
if [ -z "${FIXED_MEMORY_LAYOUT:-}" ] && setarch -R true 2>/dev/null; then
    FIXED_MEMORY_LAYOUT=yes exec setarch -R "$0" "$@"
fi
cmake --preset tsan >/dev/null
# Which executables have the label stands in the build file; CTest knows it only after they are built.
mapfile -t targets < <(grep -oE 'TEST_TARGET=\w+ .*TEST_PROPERTIES=[^"]*' build/tsan/build.ninja |
    grep -E 'LABELS;.*sockets' | sed -E 's/TEST_TARGET=(\w+).*/\1/' | sort -u)
scripts/build.sh tsan "${targets[@]}"
exec ctest --preset tsan -L '^sockets$' --no-tests=error
