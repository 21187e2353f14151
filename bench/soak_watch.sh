#!/usr/bin/env bash
# Resident memory, minute by minute, of a live session and of the simulated exchange that misbehaves to it, over
# sockets and in real time. What symbols keep is full after a quarter of an hour; from then on it is to be flat.
#   bench/soak_watch.sh [SYMBOLS] [MINUTES]      after ./test has built everything
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
virtuoso=$here/build/release/app/virtuoso
symbols=${1:-200}
minutes=${2:-75}
port=${SOAK_PORT:-8190}
"$virtuoso" sim --symbols "$symbols" --port "$port" --tls-port 0 \
    --fault drop:p=0.001 --fault duplicate:p=0.001 --fault reorder:p=0.001 --fault malformed:p=0.001 \
    --fault delay:p=0.001,value=700 --fault gap:p=0.0005 --fault disconnect:p=0.0000005 \
    --fault 500:p=0.02 --fault broken-body:p=0.02 --fault slow-body:p=0.02,value=2000 >/dev/null &
exchange=$!
trap 'kill "$exchange" "${session:-}" 2>/dev/null || true' EXIT
sleep 2
"$virtuoso" watch --exchange bybit --rest-url "http://127.0.0.1:$port" \
    --stream-url "ws://127.0.0.1:$port/v5/public/linear" --retry --json >/dev/null 2>&1 &
session=$!
resident() { awk '/VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }
echo "minute session_MiB exchange_MiB"
for ((minute = 1; minute <= minutes; ++minute)); do
    sleep 60
    printf '%6d %11s %12s\n' "$minute" "$(resident "$session")" "$(resident "$exchange")"
done
