#!/usr/bin/env bash
# Runs the contract test: run.sh check_contract.mjs VIRTUOSO; without arguments it only installs its packages.
here=$(dirname "$0")
exec "$here/../support/run_node.sh" "$here" "$@"
