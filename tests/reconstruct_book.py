#!/usr/bin/env python3
"""Rebuilds order books from raw recordings with plain dictionaries and compares the final 25 best levels a
side, the trade volumes and the counts with what virtuoso says. Shares no code with it.

usage: reconstruct_book.py VIRTUOSO DATA_DIRECTORY
"""

import decimal
import gzip
import json
import pathlib
import subprocess
import sys

D = decimal.Decimal


class Gap(Exception):
    pass


def apply(side, levels):
    for price, size in levels:
        if D(size) == 0:
            side.pop(D(price), None)
        else:
            side[D(price)] = D(size)


def binance(paths, futures):
    """The exchange's procedure: buffer, snapshot, drop what is older, first event overlaps, then no hole."""
    bids, asks, buffered, last = {}, {}, [], None
    volumes = {False: D(0), True: D(0)}
    trades = 0

    def take(event, first):
        nonlocal last
        if event["u"] < last or (not futures and event["u"] == last):
            return first
        if first:
            if not event["U"] <= last + 1 <= event["u"] + 1:
                raise Gap(event)
        elif (event["pu"] if futures else event["U"] - 1) != last:
            raise Gap(event)
        apply(bids, event["b"])
        apply(asks, event["a"])
        last = event["u"]
        return False

    first = True
    for path in paths:
        with gzip.open(path, "rt") as lines:
            for line in lines:
                frame = json.loads(line.split(" ", 1)[1])
                if "stream" not in frame:
                    apply(bids, frame["bids"])
                    apply(asks, frame["asks"])
                    last = frame["lastUpdateId"]
                    for event in buffered:
                        first = take(event, first)
                    continue
                event = frame["data"]
                if event.get("e") == "depthUpdate":
                    if last is None:
                        buffered.append(event)
                    else:
                        first = take(event, first)
                elif event.get("e") == "trade":
                    trades += 1
                    volumes[event["m"]] += D(event["q"])
    return bids, asks, last, trades, volumes[False], volumes[True]


def bybit(paths):
    bids, asks, last = {}, {}, None
    for path in paths:
        with gzip.open(path, "rt") as lines:
            for line in lines:
                frame = json.loads(line)
                data = frame["data"]
                if frame["type"] == "snapshot":
                    bids.clear()
                    asks.clear()
                elif data["u"] != last + 1:
                    raise Gap(frame)
                apply(bids, data["b"])
                apply(asks, data["a"])
                last = data["u"]
    return bids, asks, last, 0, D(0), D(0)


def compare(virtuoso, paths, truth):
    bids, asks, last, trades, bought, sold = truth
    output = subprocess.run([virtuoso, "analyze", "--json", *paths], check=True, capture_output=True, text=True)
    market = json.loads(output.stdout)["market"]
    book = market["book"]
    want_bids = sorted(bids.items(), reverse=True)[:25]
    want_asks = sorted(asks.items())[:25]
    checks = {
        "valid": (book["valid"], True),
        "bids": ([(D(p), D(s)) for p, s in book["bids"]], want_bids),
        "asks": ([(D(p), D(s)) for p, s in book["asks"]], want_asks),
        "last_update": (book["last_update"], last),
        "trades": (market["trades"], trades),
        "buy_volume": (D(market["buy_volume"]), bought),
        "sell_volume": (D(market["sell_volume"]), sold),
        "gaps": (market["gaps"], 0),
        "rejected": (market["rejected"], 0),
    }
    for name, (got, wanted) in checks.items():
        if got != wanted:
            sys.exit(f"{paths}: {name} is {got}, an independent reconstruction says {wanted}")
    print(f"{[p.name for p in paths]}: equal, {trades} trades, last update {last}")


def main():
    virtuoso, data = sys.argv[1], pathlib.Path(sys.argv[2])
    futures = [data / "binance-usdm/btcusdt_20240808.jsonl.gz"]
    spot = [data / "binance-spot/btcusdt_20240808.jsonl.gz", data / "binance-spot/btcusdt_20240809.jsonl.gz"]
    archive = [data / "bybit/xrpusdt_ob500_20241201.jsonl.gz"]
    missing = [str(p) for p in futures + spot + archive if not p.exists()]
    if missing:
        print("skipped, not on this machine:", *missing)
        sys.exit(77)
    compare(virtuoso, futures, binance(futures, True))
    compare(virtuoso, spot, binance(spot, False))
    compare(virtuoso, spot[:1], binance(spot[:1], False))
    compare(virtuoso, archive, bybit(archive))


if __name__ == "__main__":
    main()
