#!/usr/bin/env bash
# Installs the Debian packages named as arguments that are missing. Needs root or sudo only when some are.
set -euo pipefail

find_missing() {
    local installed package
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Abbrev}\n' "$@" 2>/dev/null) || true
    missing=()
    for package in "$@"; do
        if [[ $'\n'"$installed" != *$'\n'"$package ii"* ]]; then
            missing+=("$package")
        fi
    done
}

find_missing "$@"
if [ "${#missing[@]}" -eq 0 ]; then
    exit 0
fi
# shellcheck source=scripts/progress.sh
. "$(dirname "$0")/progress.sh"
if ! command -v apt-get >/dev/null; then
    echo "error: these packages are missing and this is not a Debian system: ${missing[*]}" >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "error: to install ${missing[*]} run this as root or install sudo" >&2
        exit 1
    fi
    as_root=(sudo)
fi

# Whoever starts second waits, and finds the packages there.
exec 9<"$0"
if ! flock -n 9; then
    echo "waiting for packages that another run installs" >&2
    flock 9
    find_missing "$@"
    if [ "${#missing[@]}" -eq 0 ]; then
        exit 0
    fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'progress_clear; echo "stopped while installing packages; the next start goes on from here" >&2; exit 130' INT

# apt's output: "Get:3 …" for a download, then "Unpacking" and "Setting up" once for every package.
of='?' got=0 unpacked=0 set_up=0 state='reading the package lists'
apt_line() {
    if [ "$#" -gt 0 ]; then
        printf '%s\n' "$1" >>"$log"
        case $1 in
        *' newly installed, '*)
            if [[ $1 =~ ^([0-9]+)\ upgraded,\ ([0-9]+)\ newly ]]; then
                of=$((BASH_REMATCH[1] + BASH_REMATCH[2]))
            fi ;;
        Get:*)
            if [ "$of" != '?' ]; then  # before that the lists come
                got=$((got + 1)) state="$got of $of: downloading"
            fi ;;
        'Unpacking '*) unpacked=$((unpacked + 1)) state="$unpacked of $of: $1" ;;
        'Setting up '*) set_up=$((set_up + 1)) state="$set_up of $of: $1" ;;
        esac
    fi
    progress_show "packages, $SECONDS s, ${state%% (*}"
}
apt_lines() {
    trap '' INT  # apt is told of it, and its last words are wanted
    progress_each_line apt_line
}

# What a stopped installation left half done comes first. Another program that reads the package lists or installs
# makes apt fail at once or wait; it is given ten minutes.
install() {
    if [ -n "$(dpkg --audit 2>/dev/null)" ]; then
        "${as_root[@]}" dpkg --configure -a || return
    fi
    local attempt
    for attempt in {1..200}; do
        if "${as_root[@]}" apt-get update -q; then
            break
        elif ! grep -q 'Could not get lock' "$log" || [ "$attempt" -eq 200 ]; then
            return 1
        fi
        : >"$log"
        sleep 3
    done
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=600 "${missing[@]}"
}

echo 'installing packages, and what these need:' >&2
printf '%s\n' "${missing[*]}" | fold -s -w 76 | while IFS= read -r words; do printf '   %s\n' "$words"; done >&2
export LC_ALL=C
if ! install </dev/null 2>&1 9<&- | apt_lines; then
    progress_clear
    cat "$log" >&2
    echo "error: the packages could not be installed" >&2
    exit 1
fi
progress_clear
echo "packages installed in $SECONDS s" >&2
