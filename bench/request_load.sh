#!/usr/bin/env bash
# What the API answers while the service follows a whole exchange: requests a second over connections that stay open, one
# thread that asks as fast as it is answered (wrk), and what the service uses of a core; /health/live, which says a word, is
# the baseline. Then how long a breakdown takes at a rate that is held, 20 000/s over 4 connections (h2load).
#   bench/request_load.sh [LOAD] [SECONDS]      after ./test has built everything; needs apt-get install wrk nghttp2-client
# LOAD: exchange (560 contracts, over 20 000 messages/s; default), usual (560, 2 000/s)
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
virtuoso=$here/build/release/app/virtuoso
load=${1:-exchange}
seconds=${2:-20}
case $load in
    exchange) activity=170 ;;
    usual) activity=1.3 ;;
    *)
        echo "request_load.sh: no load \"$load\"; there are exchange and usual" >&2
        exit 2
        ;;
esac
command -v wrk >/dev/null && command -v h2load >/dev/null || {
    echo "request_load.sh: wrk or h2load is missing: apt-get install wrk nghttp2-client" >&2
    exit 2
}
port=${LOAD_PORT:-8290}
api=http://127.0.0.1:$((port + 1))
work=$(mktemp -d)
trap 'kill "${exchange:-}" "${service:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

"$virtuoso" sim --symbols 560 --port "$port" --tls-port 0 --activity "$activity" >/dev/null &
exchange=$!
sleep 2
VIRTUOSO_API_LOOPBACK_REQUESTS_PER_S=0 "$virtuoso" run --exchange bybit --rest-url "http://127.0.0.1:$port" \
    --stream-url "ws://127.0.0.1:$port/v5/public/linear" --state-dir "$work/state" --log-file "$work/log" \
    --listen "${api#http://}" >/dev/null &
service=$!
echo "$load: waiting for 560 contracts"
for ((waited = 0; waited < 180; ++waited)); do
    sleep 1
    kill -0 "$exchange" # says so where one could not start
    kill -0 "$service"
    [ "$(curl -fsS "$api/api/v1/symbols?limit=1" 2>/dev/null | grep -o '"total":[0-9]*')" = '"total":560' ] && break
done
sleep 10

ticks() { awk '{ print $14 + $15 }' "/proc/$service/stat"; }
share() { awk -v ticks="$(($(ticks) - $1))" -v hz="$(getconf CLK_TCK)" -v s="$seconds" 'BEGIN { printf "%.0f %%", ticks / hz / s * 100 }'; }
used=$(ticks)
sleep "$seconds"
echo "asked nothing: the service uses $(share "$used") of a core"
for target in /health/live /api/v1/symbols/BTCUSDT/confluence /api/v1/symbols/BTCUSDT; do
    used=$(ticks)
    wrk --threads 1 --connections "${LOAD_CONNECTIONS:-16}" --duration "$seconds" --latency "$api$target" >"$work/wrk"
    awk -v target="$target" -v cpu="$(share "$used")" '/50%/ { half = $2 } /99%/ { most = $2 } /Requests\/sec/ { rate = $2 } /Non-2xx/ { bad = ", " $0 }
        END { printf "%-36s %9.0f/s  p50 %s  p99 %s  service %s of a core%s\n", target, rate, half, most, cpu, bad }' "$work/wrk"
done

for _ in 1 2; do
    used=$(ticks)
    h2load --h1 --threads 1 --clients 4 --rps 5000 --duration "$seconds" --log-file "$work/answers" "$api/api/v1/symbols/BTCUSDT/confluence" >"$work/h2load"
    cut -f 3 "$work/answers" | sort -n >"$work/us" # time of the request, status, microseconds
    awk -v seconds="$seconds" -v cpu="$(share "$used")" -v bad="$(awk '$2 != 200' "$work/answers" | wc -l)" '{ us[NR] = $1 }
        END { printf "held: %.0f/s  p50 %d us  p99 %d us  p99.9 %d us  service %s of a core, %d refused\n",
              NR / seconds, us[int(NR * 0.5)], us[int(NR * 0.99)], us[int(NR * 0.999)], cpu, bad }' "$work/us"
    rm "$work/answers"
done
