#!/usr/bin/env python3
"""A service left running for hours beside a simulated exchange that misbehaves, with pages open and programs asking:
    bench/soak_hours.py HOURS [--symbols 560] [--activity 1.3] [--seed 1] [--out DIR]      after ./test has built everything
A few of all frames and answers are always broken, and every few minutes one of the larger faults strikes. Each minute is a row of
DIR/soak.csv: memory, threads, descriptors, CPU, traffic, gaps, drops, latency, requests, size of the database, and what struck.
Ends with 1 where memory, threads or descriptors climb over the last half, a value was dropped, a request failed, or the end was
not clean. scripts/draw_soak.py draws the rows."""
import argparse
import csv
import json
import os
import pathlib
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from stream_load import UNASKED_PONG, buckets, connect, cpu_seconds, get, quantile, resident_mib

ALWAYS = ["drop:p=0.0005", "duplicate:p=0.0005", "reorder:p=0.0005", "malformed:p=0.0002", "delay:p=0.0005,value=700",
          "gap:p=0.0002", "500:p=0.02", "broken-body:p=0.02", "slow-body:p=0.02,value=2000"]
LASTING = ["429:p=1,for=60", "500:p=1,for=90", "silence:p=0.0005,value=20000,for=60", "clock-skew:value=5000,for=120",
           "malformed:p=0.02,for=60", "truncated:p=0.02,for=60", "gap:p=0.02,for=60", "delay:p=0.2,value=1500,for=60",
           "disconnect:p=0.0005,for=60", "restart:p=0.005,for=60", "refuse:p=0.5,for=60", "stale-snapshot:p=0.5,for=120"]
PATHS = ["/api/v1/overview", "/api/v1/movers", "/api/v1/symbols?limit=2000", "/api/v1/symbols/{}/confluence",
         "/api/v1/symbols/{}/candles?limit=1000", "/api/v1/symbols/{}/book?levels=200", "/api/v1/symbols/{}/trades",
         "/api/v1/symbols/{}/flow", "/api/v1/symbols/{}/profile", "/api/v1/symbols/{}/levels",
         "/api/v1/symbols/{}/derivatives", "/api/v1/symbols/{}/scores", "/api/v1/signals", "/api/v1/outcomes",
         "/api/v1/events", "/api/v1/alerts", "/api/v1/health?symbols=2000", "/api/v1/keeper", "/api/v1/log", "/metrics"]
SLOPE_MAX_MIB = 0.2  # a minute
WARM_UP = 5  # minutes


class Soak:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.out = pathlib.Path(options.out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.exchange_url, self.url = f"127.0.0.1:{options.port}", f"127.0.0.1:{options.port + 1}"
        self.over = threading.Event()
        self.asked, self.failed, self.reopened = 0, [], 0
        self.struck = []
        self.symbols = []

    def start(self):
        virtuoso = pathlib.Path(__file__).parent.parent / "build/release/app/virtuoso"
        virtuoso = self.options.binary or str(virtuoso)
        faults = [word for fault in ALWAYS for word in ("--fault", fault)]
        self.exchange = subprocess.Popen([virtuoso, "sim", "--symbols", str(self.options.symbols), "--port", str(self.options.port),
                                          "--tls-port", "0", "--activity", str(self.options.activity), *faults],
                                         stdout=subprocess.DEVNULL)
        time.sleep(2)
        self.service = subprocess.Popen([virtuoso, "run", "--exchange", "bybit", "--rest-url", f"http://{self.exchange_url}",
                                         "--stream-url", f"ws://{self.exchange_url}/v5/public/linear", "--listen", self.url,
                                         "--state-dir", str(self.out / "state"), "--log-file", str(self.out / "log")],
                                        stdout=subprocess.DEVNULL)
        for _ in range(120):
            time.sleep(1)
            try:
                get(self.url, "/health/ready")
                break
            except (OSError, urllib.error.URLError):
                if self.service.poll() is not None or self.exchange.poll() is not None:
                    raise SystemExit("a process ended at its start") from None
        else:
            raise SystemExit("the service is not ready after two minutes")
        self.symbols = [row["symbol"] for row in json.loads(get(self.url, "/api/v1/symbols?limit=2000"))["symbols"]]

    # What strikes.

    def command(self, path, body=b""):
        urllib.request.urlopen(f"http://{self.exchange_url}/admin/{path}", data=body, timeout=10).read()

    def strike(self):
        def stop_exchange():
            seconds = self.random.randint(5, 120)
            self.exchange.send_signal(signal.SIGSTOP)
            self.over.wait(seconds)
            self.exchange.send_signal(signal.SIGCONT)
            return f"exchange stands still for {seconds} s"

        def lock_store():
            seconds = self.random.randint(5, 60)
            store = sqlite3.connect(self.out / "state/virtuoso.db", isolation_level=None, timeout=30)
            store.execute("BEGIN IMMEDIATE")
            self.over.wait(seconds)
            store.execute("ROLLBACK")
            store.close()
            return f"store locked for {seconds} s"

        def reload_configuration():
            self.service.send_signal(signal.SIGHUP)
            return "SIGHUP"

        def close_streams():
            self.command("disconnect")
            return "every stream closed"

        def relist():
            symbol = self.random.choice(self.symbols[50:] or self.symbols)
            self.command("delist", symbol.encode())
            self.over.wait(90)
            self.command("list", symbol.encode())
            return f"{symbol} delisted for 90 s"

        def misbehave():
            fault = self.random.choice(LASTING)
            self.command("faults", fault.encode())
            return fault

        return self.random.choice([stop_exchange, lock_store, reload_configuration, close_streams, relist] + [misbehave] * 5)()

    def strike_again_and_again(self):
        while not self.over.wait(self.random.uniform(120, 480)):
            try:
                what = self.strike()
            except (OSError, sqlite3.Error) as error:
                what = f"no fault: {error}"
            self.struck.append(what)  # a list that another minute may have begun anew meanwhile

    # Who asks.

    def ask(self, seed):
        choice = random.Random(seed)
        while not self.over.wait(choice.expovariate(self.options.requests / 4)):
            path = choice.choice(PATHS).format(choice.choice(self.symbols))
            try:
                get(self.url, path)
            except urllib.error.HTTPError as refusal:
                if refusal.code not in (404, 503):  # of a symbol that was delisted, or whose shard begins anew
                    self.failed.append(f"{path}: {refusal.code}")
            except OSError as error:
                self.failed.append(f"{path}: {error}")
            self.asked += 1

    def open_page(self, choice):
        symbol = choice.choice(self.symbols)
        page = connect(self.url, ["overview", "symbols", f"book.{symbol}", f"confluence.{symbol}"])
        return {"socket": page, "reads": choice.random() > 0.1, "until": time.monotonic() + choice.uniform(20, 1200)}

    def browse(self):
        """Pages that come and go; a tenth of them never read and are closed by the service."""
        choice, pages, next_sign = random.Random(self.options.seed + 1), [], 0
        while not self.over.wait(0.05):
            while len(pages) < self.options.pages:
                pages.append(self.open_page(choice))
                self.reopened += 1
            now = time.monotonic()
            sign, next_sign = now >= next_sign, now + 10 if now >= next_sign else next_sign
            for page in list(pages):
                open_still = now < page["until"]
                try:
                    if sign:
                        page["socket"].sendall(UNASKED_PONG)
                    if page["reads"]:
                        open_still = page["socket"].recv(1 << 20) != b"" and open_still
                except BlockingIOError:
                    pass
                except OSError:
                    open_still = False
                if not open_still:
                    page["socket"].close()
                    pages.remove(page)

    # What is seen.

    def total(self, text, name):
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if re.match(rf"{name}({{| )", line))

    def row(self, minute, last):
        pid = self.service.pid
        text = get(self.url, "/metrics")
        now = {name: self.total(text, f"virtuoso_{name}_total") for name in
               ("feed_frames", "evaluations", "feed_trade_gaps", "feed_resyncs", "feed_disconnects", "queue_dropped")}
        now.update(cpu=cpu_seconds(pid), scores=buckets(self.url, "virtuoso_socket_to_score_seconds"), asked=self.asked,
                   at=time.monotonic())
        struck, self.struck = self.struck, []
        health = json.loads(get(self.url, "/api/v1/health?symbols=0"))
        passed = now["at"] - last["at"] if last else 60
        since = lambda name: now[name] - (last[name] if last else 0)
        state = self.out / "state"
        return now, {
            "minute": minute, "resident_mib": round(resident_mib(pid), 2),
            "threads": len(os.listdir(f"/proc/{pid}/task")), "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
            "cpu_percent": round(since("cpu") / passed * 100, 1), "messages_per_s": round(since("feed_frames") / passed),
            "evaluations_per_s": round(since("evaluations") / passed), "whole": health["whole"],
            "disconnects": int(since("feed_disconnects")), "resyncs": int(since("feed_resyncs")),
            "trade_gaps": int(since("feed_trade_gaps")), "dropped": int(now["queue_dropped"]),
            "p50_ms": quantile(last["scores"] if last else {}, now["scores"], 0.5).removesuffix(" ms"),
            "p99_ms": quantile(last["scores"] if last else {}, now["scores"], 0.99).removesuffix(" ms"),
            "requests_per_s": round(since("asked") / passed), "failed_requests": len(self.failed), "pages_opened": self.reopened,
            "database_mib": round(sum(file.stat().st_size for file in state.glob("virtuoso.db*")) / 2**20, 1),
            "struck": "; ".join(struck)}

    def watch(self):
        rows, last = [], None
        with open(self.out / "soak.csv", "w", encoding="utf-8", newline="") as file:
            began = time.monotonic()
            for minute in range(round(self.options.hours * 60) + 1):
                time.sleep(max(0, began + 60 * minute - time.monotonic()))
                last, row = self.row(minute, last)
                if not rows:
                    writer = csv.DictWriter(file, row)
                    writer.writeheader()
                    print("minute  resident_MiB threads files CPU_% messages/s whole dropped p99_ms failed database_MiB  struck")
                rows.append(row)
                writer.writerow(row)
                file.flush()
                print("{minute:6} {resident_mib:13} {threads:7} {descriptors:5} {cpu_percent:5} {messages_per_s:10} {whole:5} {dropped:7} "
                      "{p99_ms:>6} {failed_requests:6} {database_mib:12}  {struck}".format(**row), flush=True)
        return rows

    def end(self):
        began = time.monotonic()
        self.service.send_signal(signal.SIGTERM)
        code = self.service.wait(timeout=30)
        return time.monotonic() - began, code

    def run(self):
        self.start()
        threads = [threading.Thread(target=self.strike_again_and_again), threading.Thread(target=self.browse)]
        threads += [threading.Thread(target=self.ask, args=(self.options.seed * 100 + i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        try:
            rows = self.watch()
        finally:
            self.over.set()
            for thread in threads:
                thread.join()
        return verdict(rows, self.failed, *self.end())

    def close(self):
        for process in (getattr(self, "service", None), getattr(self, "exchange", None)):
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()


def slope(rows, column):
    """Least squares, a minute."""
    x, y = [row["minute"] for row in rows], [row[column] for row in rows]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    spread = sum((a - mx) ** 2 for a in x)
    return sum((a - mx) * (b - my) for a, b in zip(x, y)) / spread if spread else 0.0


def verdict(rows, failed, seconds, code):
    late = [row for row in rows if row["minute"] >= max(WARM_UP, rows[-1]["minute"] / 2)]
    early = [row for row in rows if WARM_UP <= row["minute"] < late[0]["minute"]] or late
    most = lambda part, column: max(row[column] for row in part)
    checks = [
        (f"memory, last half: {slope(late, 'resident_mib'):+.3f} MiB a minute (at most {SLOPE_MAX_MIB})",
         slope(late, "resident_mib") < SLOPE_MAX_MIB),
        (f"threads: at most {most(late, 'threads')} in the last half, {most(early, 'threads')} before",
         most(late, "threads") <= most(early, "threads")),
        (f"descriptors, last half: {slope(late, 'descriptors'):+.3f} a minute (at most 0.1)", slope(late, "descriptors") < 0.1),
        (f"values dropped: {rows[-1]['dropped']}", rows[-1]["dropped"] == 0),
        (f"requests that failed: {len(failed)} {failed[:3] if failed else ''}", not failed),
        (f"SIGTERM to exit: {seconds:.2f} s, exit code {code}", seconds <= 2 and code == 0)]
    for text, good in checks:
        print("PASS" if good else "FAIL", text)
    return 0 if all(good for _, good in checks) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hours", type=float)
    parser.add_argument("--symbols", type=int, default=560)
    parser.add_argument("--activity", type=float, default=1.3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--requests", type=float, default=20, help="a second")
    parser.add_argument("--port", type=int, default=int(os.environ.get("SOAK_PORT", "8190")))
    parser.add_argument("--binary", help="another one than that of build/release")
    parser.add_argument("--out", default="build/soak")
    options = parser.parse_args()
    if options.hours < 0.2:
        parser.error("HOURS: at least 0.2, of which the first five minutes are warm-up")
    soak = Soak(options)
    try:
        sys.exit(soak.run())
    finally:
        soak.close()


if __name__ == "__main__":
    main()
