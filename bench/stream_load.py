#!/usr/bin/env python3
"""Opens WebSocket clients at a running service, each subscribed to `overview` and one symbol, and prints what that costs:
    bench/stream_load.py [--clients 1000] [--seconds 30] [--url 127.0.0.1:8080] --pid PID
The service's share of a core and its socket-to-score latency (p50, p99) are measured for so long before the clients,
with them and after them, from /proc and /metrics. With --stopped N, instead: what N clients of `overview`, `symbols` and one
symbol's book and breakdown, who never read, cost it in memory."""
import argparse
import base64
import json
import os
import re
import selectors
import socket
import struct
import time
import urllib.request

SIGN_S = 10
UNASKED_PONG = bytes([0x8A, 0x80, 0, 0, 0, 0])


def get(url, path):
    with urllib.request.urlopen(f"http://{url}{path}", timeout=10) as answer:
        return answer.read().decode()


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def buckets(url, metric):
    """Counts at most so many seconds, of all shards together."""
    counts = {}
    for line in get(url, "/metrics").splitlines():
        found = re.match(rf'{metric}_bucket{{.*le="([^"]+)".*}} (\S+)', line)
        if found:
            bound = float(found[1])
            counts[bound] = counts.get(bound, 0) + float(found[2])
    return counts


def quantile(before, after, share):
    """Between a bucket's bounds as if what lies in it were spread evenly."""
    counts = {bound: after[bound] - before.get(bound, 0) for bound in sorted(after)}
    wanted = share * max(counts.values(), default=0)
    lower, below = 0.0, 0.0
    for bound, count in counts.items():
        if wanted and count >= wanted:
            inner = (wanted - below) / (count - below)
            return f"{(lower + (bound - lower) * inner) * 1e3:.3g} ms"
        lower, below = bound, count
    return "none"


def masked(payload):
    mask = os.urandom(4)
    body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    head = struct.pack(">BB", 0x81, 0x80 | len(payload)) if len(payload) < 126 else \
        struct.pack(">BBH", 0x81, 0xFE, len(payload))
    return head + mask + body


def resident_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def connect(url, channels):
    host, port = url.rsplit(":", 1)
    client = socket.create_connection((host, int(port)), timeout=10)
    key = base64.b64encode(os.urandom(16)).decode()
    client.sendall((f"GET /ws HTTP/1.1\r\nHost: {url}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        if not byte:
            raise SystemExit(f"the service closed after {head!r}")
        head += byte
    client.sendall(masked(json.dumps({"op": "subscribe", "channels": channels}).encode()))
    client.setblocking(False)
    return client


def measure(name, options, read):
    cpu, counts, began = cpu_seconds(options.pid), buckets(options.url, options.metric), time.monotonic()
    received = read(options.seconds)
    took = time.monotonic() - began
    after = buckets(options.url, options.metric)
    print(f"{name:8} CPU {100 * (cpu_seconds(options.pid) - cpu) / took:5.1f} % of a core, socket to score "
          f"p50 {quantile(counts, after, 0.5)}, p99 {quantile(counts, after, 0.99)}, "
          f"{received / took / 1e6:.1f} MB/s received")


def measure_stopped(options, symbols):
    before, clients = resident_mib(options.pid), []
    for i in range(options.stopped):
        symbol = symbols[i % len(symbols)]
        clients.append(connect(options.url, ["overview", "symbols", f"book.{symbol}", f"confluence.{symbol}"]))
    end, most = time.monotonic() + options.seconds, 0
    while time.monotonic() < end:
        time.sleep(1)
        most = max(most, resident_mib(options.pid))
    print(f"{options.stopped} clients that do not read: {before:.1f} MiB before, at most {most:.1f} MiB in {options.seconds:g} s: "
          f"{(most - before) / options.stopped:.3f} MiB each")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--url", default="127.0.0.1:8080")
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--stopped", type=int, default=0)
    parser.add_argument("--metric", default="virtuoso_socket_to_score_seconds")
    options = parser.parse_args()
    rows = json.loads(get(options.url, "/api/v1/symbols?limit=2000"))["symbols"]
    symbols = [row["symbol"] for row in rows]
    if options.stopped:
        measure_stopped(options, symbols)
        return

    def idle(seconds):
        time.sleep(seconds)
        return 0

    measure("without", options, idle)
    selector = selectors.DefaultSelector()
    for i in range(options.clients):
        client = connect(options.url, ["overview", f"confluence.{symbols[i % len(symbols)]}"])
        selector.register(client, selectors.EVENT_READ)

    def read(seconds):
        received, end, next_sign = 0, time.monotonic() + seconds, 0
        while (now := time.monotonic()) < end:
            if now >= next_sign:  # who says nothing for a minute is taken for gone
                next_sign = now + SIGN_S
                for key in list(selector.get_map().values()):
                    key.fileobj.sendall(UNASKED_PONG)
            for key, _ in selector.select(0.1):
                piece = key.fileobj.recv(1 << 18)
                if not piece:
                    raise SystemExit("the service closed a connection")
                received += len(piece)
        return received

    read(5)
    measure("with", options, read)
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    idle(5)
    measure("without, afterwards", options, idle)


if __name__ == "__main__":
    main()
