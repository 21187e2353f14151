#!/usr/bin/env bash
# A service left running against the simulated exchange in another process: memory and CPU minute by minute, then the
# slope of memory, dropped values, latency from the socket to the score (start-up left out) and how it ends.
#   bench/soak.sh [LOAD] [MINUTES]      after ./test has built everything
#   bench/soak.sh HOURS [OPTION…]       with random faults, open pages and API load, as soak_hours.py says
# LOAD: exchange (560 contracts, over 20 000 messages/s; default), usual (560, 2 000/s), top (15, 600/s)
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
if [[ ${1:-} =~ ^[0-9.]+$ ]]; then
    exec python3 "$here/bench/soak_hours.py" "$@"
fi
virtuoso=$here/build/release/app/virtuoso
load=${1:-exchange}
minutes=${2:-30}
case $load in
    exchange) symbols=560 activity=170 ;;
    usual) symbols=560 activity=1.3 ;;
    top) symbols=15 activity=12 ;;
    *)
        echo "soak.sh: no load \"$load\"; there are exchange, usual and top" >&2
        exit 2
        ;;
esac
warm_up=$((minutes > 6 ? 4 : 1)) # minutes: the histories have come
port=${SOAK_PORT:-8190}
work=$(mktemp -d)
trap 'kill "${exchange:-}" "${service:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

"$virtuoso" sim --symbols "$symbols" --port "$port" --tls-port 0 --activity "$activity" >/dev/null &
exchange=$!
sleep 2
"$virtuoso" run --exchange bybit --rest-url "http://127.0.0.1:$port" --log-file "$work/log" \
    --stream-url "ws://127.0.0.1:$port/v5/public/linear" --state-dir "$work/state" --listen 127.0.0.1:$((port + 1)) &
service=$!

kill -0 "$exchange" # says so where it could not start
metrics() { curl -fsS "http://127.0.0.1:$((port + 1))/metrics"; }
total() { awk -v name="$1" '$1 ~ "^" name "({|$)" { sum += $2 } END { printf "%.0f", sum }' "$2"; }
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
share() { awk -v ticks="$(($2 - $1))" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.1f", ticks / hz / 60 * 100 }'; }

echo "$load: $symbols contracts, $minutes minutes; figures after minute $warm_up"
echo "minute  resident_MiB  service_CPU_%  exchange_CPU_%  messages/s  evaluations/s  dropped"
sleep 1
metrics >"$work/last"
for ((minute = 1; minute <= minutes; ++minute)); do
    used=$(ticks "$service") other=$(ticks "$exchange")
    sleep 60
    metrics >"$work/now"
    resident=$(awk '/VmRSS/ { printf "%.2f", $2 / 1024 }' "/proc/$service/status")
    printf '%6d %13s %14s %15s %11d %14d %8d\n' "$minute" "$resident" "$(share "$used" "$(ticks "$service")")" \
        "$(share "$other" "$(ticks "$exchange")")" \
        "$((($(total virtuoso_feed_frames_total "$work/now") - $(total virtuoso_feed_frames_total "$work/last")) / 60))" \
        "$((($(total virtuoso_evaluations_total "$work/now") - $(total virtuoso_evaluations_total "$work/last")) / 60))" \
        "$(total virtuoso_queue_dropped_total "$work/now")"
    echo "$minute $resident" >>"$work/memory"
    mv "$work/now" "$work/last"
    [ "$minute" -ne "$warm_up" ] || cp "$work/last" "$work/warm"
done

# Least squares over the last half.
awk -v from="$((minutes / 2))" '$1 > from { n++; x += $1; y += $2; xx += $1 * $1; xy += $1 * $2 }
    END { if (n > 1) printf "resident memory, last half: %+.3f MiB/minute\n", (n * xy - x * y) / (n * xx - x * x) }' "$work/memory"
# A bucket's upper bound; counts of all classes and shards together, those of the warm-up taken off.
for figure in socket_to_state socket_to_score state_to_score evaluation score_age; do
    awk -v name="virtuoso_${figure}_seconds_bucket" -v label="$figure" '
        index($1, name "{") == 1 {
            match($1, /le="[^"]+"/); bound = substr($1, RSTART + 4, RLENGTH - 5)
            bound = bound == "+Inf" ? "inf" : bound * 1000
            if (!(bound in count)) order[++bounds] = bound
            count[bound] += FILENAME ~ /warm$/ ? -$2 : $2
        }
        function at(share,   i) {
            for (i = 1; i <= bounds; ++i) if (count[order[i]] >= share * count["inf"]) return order[i] " ms"
        }
        END { printf "%-16s %9d  p50 <= %s  p99 <= %s  p99.9 <= %s\n", label, count["inf"], at(0.5), at(0.99), at(0.999) }' \
        "$work/warm" "$work/last"
done

began=$(date +%s%N)
kill -TERM "$service"
status=0
wait "$service" || status=$?
echo "SIGTERM to exit: $((($(date +%s%N) - began) / 1000000)) ms, exit code $status"
