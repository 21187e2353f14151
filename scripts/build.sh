#!/usr/bin/env bash
# Builds targets of a preset with one line of progress on stderr, configuring first where that is needed:
#   build.sh PRESET [TARGET…]
# Prints nothing on stdout. A second build of the same folder waits for the first.
set -euo pipefail
# shellcheck source=scripts/progress.sh
. "$(dirname "$0")/progress.sh"
cd "$(dirname "$0")/.."
preset=$1
folder=build/${preset/application/release}
shift

mkdir -p "$folder"
exec 9<"$folder"
if ! flock -n 9; then
    echo "waiting for another build in $folder" >&2
    flock 9
fi
SECONDS=0
trap 'progress_clear; echo "stopped; the next start goes on from here" >&2; exit 130' INT

# Ninja itself configures again when a CMake file has changed; what a preset says reaches it only through here.
# The file "preset" in the folder holds the preset and its file as they were.
said=$preset$'\n'$(<CMakePresets.json)
if [ ! -f "$folder/build.ninja" ] || [ ! -f "$folder/preset" ] || [ "$(<"$folder/preset")" != "$said" ]; then
    progress_show "configuring $folder"
    if ! output=$(cmake --preset "$preset" 2>&1); then
        progress_clear
        printf '%s\n' "$output" >&2
        exit 1
    fi
    printf '%s\n' "$said" >"$folder/preset"
fi

# Ninja's output: a line "[done/all] what" for each finished step. Anything else is held back until something fails,
# because a run of CMake is talkative; the message of a failing step is shown whole.
step='' what='' held='' failed='' worked=''
ninja_line() {
    if [ "$#" -gt 0 ]; then
        if [[ $1 =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) ]]; then
            step="${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}" what=${BASH_REMATCH[3]##* }
            what=${what/CMakeFiles\/*.dir\//}
            if [ "${BASH_REMATCH[3]}" != 'Re-running CMake...' ]; then
                worked=yes
            fi
        elif [[ $1 != 'ninja: no work to do.' && $1 != 'ninja: Entering directory'* && $1 != *'interrupted by user.' ]]
        then
            held+=$1$'\n'
            if [[ $1 == FAILED:* || $1 == ninja:* ]]; then
                failed=yes
            fi
        fi
    fi
    if [ -n "$failed" ]; then
        progress_clear
        printf '%s' "$held" >&2
        held=''
    elif [ -n "$step" ]; then
        progress_show "building $step, $SECONDS s, $what"
    elif [ "$SECONDS" -gt 0 ]; then
        progress_show "building, $SECONDS s"
    fi
}
ninja_lines() {
    trap '' INT  # Ninja is told of it, and removes what it had half written
    progress_each_line ninja_line
    progress_clear
    if [ -n "$worked" ] && [ -z "$failed" ]; then
        echo "built in $SECONDS s" >&2
    fi
}
if ! NINJA_STATUS='[%f/%t] ' ninja -C "$folder" "$@" </dev/null 2>&1 | ninja_lines; then
    exit 1
fi
