#!/usr/bin/env bash
# Runs one of the client tests: run.sh SCRIPT VIRTUOSO [SECONDS]; without arguments it only installs their packages.
here=$(dirname "$0")
exec "$here/../support/run_node.sh" "$here" "$@"
