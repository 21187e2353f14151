#!/usr/bin/env bash
# Runs every built fuzz target for a while from its corpus, as many at a time as there are cores:
#   run_fuzz.sh [SECONDS] [SEED]
# With a SEED it tries the same inputs in the same order every time; without one, others each time.
set -euo pipefail
cd "$(dirname "$0")/.."
export seconds=${1:-10} seed=${2:-0}

# shellcheck disable=SC2317  # called through xargs
fuzz_one() {
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch" "$scratch.log"' EXIT
    if build/fuzz/fuzz/fuzz_"$1" -max_total_time="$seconds" -seed="$seed" -verbosity=0 -artifact_prefix=build/fuzz/ \
        "$scratch" fuzz/corpus/"$1" >"$scratch.log" 2>&1; then
        echo "fuzz $1: nothing found, $(find "$scratch" -type f | wc -l) inputs of new coverage"
    else
        echo "fuzz $1: FAILED"
        cat "$scratch.log"
        return 1
    fi
}
export -f fuzz_one
find fuzz/corpus -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort |
    xargs -P "$(nproc)" -I{} bash -euo pipefail -c 'fuzz_one {}'
