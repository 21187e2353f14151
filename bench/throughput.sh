#!/usr/bin/env bash
# Messages a second through one connection: Virtuoso plain and over TLS, and ccxt over TLS, on the same frames.
#   bench/throughput.sh [FRAMES]      after ./test has built everything
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
bin=$here/build/release/bench
frames=${1:-400000}
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
"$bin/load_server" 50 "$frames" "$work/authority.pem" >"$work/ports" &
server=$!
until [ -s "$work/ports" ]; do sleep 0.2; done
read -r plain secure sent bytes <"$work/ports"
echo "$sent frames of $bytes bytes, 50 symbols: books of 200 levels, trades, tickers, candles, liquidations"
echo -n "Virtuoso plain: "
"$bin/live_throughput" "http://127.0.0.1:$plain" "ws://127.0.0.1:$plain" "$work/authority.pem" "$sent"
echo -n "Virtuoso TLS:   "
"$bin/live_throughput" "https://127.0.0.1:$secure" "wss://127.0.0.1:$secure" "$work/authority.pem" "$sent"
if [ -d "$here/tests/clients/node_modules/ccxt" ]; then
    echo -n "ccxt TLS:       "
    NODE_EXTRA_CA_CERTS="$work/authority.pem" node "$here/tests/clients/ccxt_throughput.mjs" \
        "https://127.0.0.1:$secure" "wss://127.0.0.1:$secure" "$sent"
fi
