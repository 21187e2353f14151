#!/usr/bin/env bash
# Tries Debian's package on a bare Debian 12, made in a temporary folder: installed with what it needs and no more, run as its
# unit says on the simulated exchange, upgraded, removed, purged. Two minutes, 400 MB of disk and a mirror's traffic.
#   try_package.sh [PACKAGE | PROGRAM]     PACKAGE: a .deb, else it is built, of PROGRAM where one is named
# Needs root and debootstrap, and says so with exit code 77. VIRTUOSO_MIRROR: instead of http://deb.debian.org/debian;
# VIRTUOSO_VALIDATE_MINUTES (1): how long `virtuoso validate` watches the service.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" -ne 0 ]; then
    echo 'only root can make a bare Debian and enter it' >&2
    exit 77
fi
for tool in debootstrap unshare setpriv python3; do
    if ! command -v "$tool" >/dev/null; then
        echo "$tool is not installed: no bare Debian was made (apt install debootstrap util-linux python3)" >&2
        exit 77
    fi
done

work=$(mktemp -d) inner=
finish() {
    if [ -n "$inner" ]; then
        kill -KILL "$inner" 2>/dev/null || true
        wait "$inner" 2>/dev/null || true
    fi
    rm -rf --one-file-system "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
case ${1:-} in
*.deb) package=$(realpath -e "$1") ;;
*) package=$(scripts/package.sh "$work/package" ${1:+"$1"} | tail -n 1) ;;
esac

# In namespaces of its own, whose first process ends with this one: no process and no mount outlives it, however it ends.
setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
    python3 tests/deploy/check_bare_root.py "$package" "$work" "${VIRTUOSO_MIRROR:-http://deb.debian.org/debian}" &
inner=$!
status=0
wait "$inner" || status=$?
inner=
exit "$status"
