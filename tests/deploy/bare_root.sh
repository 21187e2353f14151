#!/usr/bin/env bash
# scripts/try_package.sh as a test, where VIRTUOSO_BARE_ROOT=1 asks for it: it takes two minutes and a mirror.
#   bare_root.sh VIRTUOSO
set -euo pipefail
if [ "${VIRTUOSO_BARE_ROOT:-}" != 1 ]; then
    echo 'skipped: VIRTUOSO_BARE_ROOT=1 tries the package on a bare Debian, which takes two minutes and a mirror'
    exit 77
fi
exec "$(dirname "$0")/../../scripts/try_package.sh" "$1"
