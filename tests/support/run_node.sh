#!/usr/bin/env bash
# Runs a test that is written for node: run_node.sh FOLDER SCRIPT ARGUMENTS…; with the folder alone it only installs the
# packages of its package-lock.json. Skipped (77) without node or the packages.
set -euo pipefail
cd "$1"
shift
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
