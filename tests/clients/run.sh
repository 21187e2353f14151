#!/usr/bin/env bash
# Runs one of the client tests: run.sh SCRIPT VIRTUOSO [SECONDS]; without arguments it only installs their packages.
# Skipped (77) without node or its packages.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "skipped: node and npm are not installed"
    exit 77
fi
if [ ! -e node_modules/.installed ] || [ package-lock.json -nt node_modules/.installed ]; then
    if ! npm ci --no-audit --no-fund --ignore-scripts; then
        echo "skipped: the packages of package-lock.json cannot be installed"
        exit 77
    fi
    touch node_modules/.installed
fi
if [ "$#" -gt 0 ]; then
    exec node "$@"
fi
