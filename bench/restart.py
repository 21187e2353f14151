#!/usr/bin/env python3
"""How long a service needs from its start to a full breakdown, begun with nothing and started again: both against the
simulated exchange in another process.   restart.py [SYMBOLS] [PAUSE_SECONDS]      after ./test has built everything"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

VIRTUOSO = pathlib.Path(__file__).resolve().parent.parent / "build/release/app/virtuoso"
PORT = int(os.environ.get("RESTART_PORT", "8194"))
URL = f"http://127.0.0.1:{PORT + 1}/api/v1"


def ask(path):
    try:
        with urllib.request.urlopen(URL + path, timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def start(folder):
    return subprocess.Popen([VIRTUOSO, "run", "--exchange", "bybit", "--rest-url", f"http://127.0.0.1:{PORT}",
                             "--stream-url", f"ws://127.0.0.1:{PORT}/v5/public/linear", "--state-dir", folder / "state",
                             "--log-file", folder / "log", "--listen", f"127.0.0.1:{PORT + 1}"],
                            stdout=subprocess.DEVNULL)


def times_to_whole(symbols, patience_s):
    """Seconds to the first symbol with six scores and to fifteen of them; how many have them after so many seconds."""
    began = time.monotonic()
    first, after = {}, {}
    whole = 0
    while (passed := time.monotonic() - began) < patience_s:
        table = ask(f"/symbols?limit={symbols}") or {"symbols": []}
        whole = sum(all(score is not None for score in row["components"].values()) for row in table["symbols"])
        for wanted in (1, min(15, symbols)):
            if whole >= wanted:
                first.setdefault(wanted, passed)
        for mark in (2, 5, 10, 30, 60):
            if passed <= mark:
                after[mark] = whole
        time.sleep(0.1)
    return (", ".join(f"first {wanted} after {seconds:.1f} s" for wanted, seconds in first.items()) + "; " +
            ", ".join(f"{count} after {mark} s" for mark, count in after.items()) + f", {whole} at the end")


def main():
    symbols = int(sys.argv[1]) if len(sys.argv) > 1 else 560
    pause_s = float(sys.argv[2]) if len(sys.argv) > 2 else 2
    exchange = subprocess.Popen([VIRTUOSO, "sim", "--symbols", str(symbols), "--port", str(PORT), "--tls-port", "0",
                                 "--activity", "1.3"], stdout=subprocess.DEVNULL)
    try:
        time.sleep(2)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for kind in ("with nothing", "again"):
                service = start(folder)
                print(f"{symbols} symbols, started {kind}: with six scores {times_to_whole(symbols, 75)}", flush=True)
                began = time.monotonic()
                service.send_signal(signal.SIGTERM)
                code = service.wait()
                saved = sum(file.stat().st_size for file in (folder / "state").glob("symbols-*"))
                print(f"  SIGTERM to exit {1000 * (time.monotonic() - began):.0f} ms, code {code}, saved "
                      f"{saved / 2**20:.1f} MiB", flush=True)
                time.sleep(pause_s)
    finally:
        exchange.kill()


if __name__ == "__main__":
    main()
