#!/usr/bin/env python3
"""Writes the demonstration recording: one invented contract, DEMOUSDT, in Bybit's archive format.

Thirty days of hourly klines, a day of finer history (klines, open interest, liquidations) and twelve minutes
of order book and trades from a seeded random walk. The same seed gives the same bytes; a test compares the
committed file with it.

usage: make_demo_recording.py OUTPUT.jsonl.gz
"""

import gzip
import json
import math
import random
import sys

SEED = 20240601
SYMBOL = "DEMOUSDT"
TICK = 0.01
START_MS = 1_717_200_000_000  # 2024-06-01 00:00:00 UTC
HISTORY_MINUTES = 24 * 60
PAST_HOURS = 30 * 24  # before START_MS
LIVE_MINUTES = 12
LEVELS = 50


def price_text(ticks):
    return f"{ticks * TICK:.2f}"


def size_text(size):
    return f"{size:.1f}"


class Walk:
    """Mid price in ticks: drift that changes slowly, fat-tailed steps."""

    def __init__(self, rng):
        self.rng = rng
        self.ticks = 10_000.0
        self.drift = 0.0

    def step(self, scale):
        self.drift = 0.98 * self.drift + 0.03 * self.rng.gauss(0, 1)
        shock = self.rng.gauss(0, 1) * (3 if self.rng.random() < 0.03 else 1)
        self.ticks = max(2_000.0, self.ticks + scale * (shock + self.drift))
        return self.ticks


class Book:
    """Fifty levels a side around a mid; remembers what was sent so that deltas can be made."""

    def __init__(self, rng):
        self.rng = rng
        self.bids = {}
        self.asks = {}
        self.update = 1000
        self.seq = 5_000_000

    def wanted(self, mid_ticks):
        best_bid = math.floor(mid_ticks)
        sides = []
        for known, first, step in ((self.bids, best_bid, -1), (self.asks, best_bid + 1, 1)):
            side = {}
            for i in range(LEVELS):
                ticks = first + step * i
                size = known.get(ticks)
                if size is None or self.rng.random() < 0.08:
                    size = round(self.rng.lognormvariate(3.2, 0.7) * (1 + i / 25), 1) + 0.1
                side[ticks] = size
            sides.append(side)
        return sides

    def frame(self, kind, ts, mid_ticks):
        bids, asks = self.wanted(mid_ticks)
        self.update += 1
        self.seq += self.rng.randint(1, 9)
        if kind == "snapshot":
            changed = [list(bids.items()), list(asks.items())]
        else:
            changed = []
            for known, side in ((self.bids, bids), (self.asks, asks)):
                gone = [(ticks, 0.0) for ticks in known if ticks not in side]
                changed.append(gone + [(t, s) for t, s in side.items() if known.get(t) != s])
        self.bids, self.asks = bids, asks
        levels = [[[price_text(t), size_text(s) if s else "0"] for t, s in side] for side in changed]
        return {
            "topic": f"orderbook.{LEVELS}.{SYMBOL}",
            "type": kind,
            "ts": ts,
            "data": {"s": SYMBOL, "b": levels[0], "a": levels[1], "u": self.update, "seq": self.seq},
            "cts": ts - 2,
        }


def kline_frame(interval_minutes, start_ms, rows):
    """One confirmed candle from minute rows (open, high, low, close, volume, turnover)."""
    end_ms = start_ms + interval_minutes * 60_000
    return {
        "topic": f"kline.{interval_minutes}.{SYMBOL}",
        "type": "snapshot",
        "ts": end_ms + 5,
        "data": [
            {
                "start": start_ms,
                "end": end_ms - 1,
                "interval": str(interval_minutes),
                "open": price_text(rows[0][0]),
                "close": price_text(rows[-1][3]),
                "high": price_text(max(r[1] for r in rows)),
                "low": price_text(min(r[2] for r in rows)),
                "volume": size_text(sum(r[4] for r in rows)),
                "turnover": f"{sum(r[5] for r in rows):.4f}",
                "confirm": True,
                "timestamp": end_ms + 5,
            }
        ],
    }


def ticker_frame(ts, ticks, interest, snapshot):
    price = price_text(round(ticks))
    data = {
        "symbol": SYMBOL,
        "lastPrice": price,
        "markPrice": price,
        "indexPrice": price,
        "openInterest": f"{interest:.1f}",
        "openInterestValue": f"{interest * ticks * TICK:.2f}",
        "fundingRate": "0.0001",
    }
    if snapshot:
        data["nextFundingTime"] = str(START_MS + 32 * 3_600_000)
        data["volume24h"] = "900000.0"
        data["turnover24h"] = "90000000.0000"
    return {"topic": f"tickers.{SYMBOL}", "type": "snapshot" if snapshot else "delta", "data": data, "ts": ts}


def past(rng, end_ticks):
    """Hourly and four-hourly klines that end at a price."""
    closes = [float(end_ticks)]
    for _ in range(PAST_HOURS):
        closes.append(max(2_000.0, closes[-1] + 18 * rng.gauss(0, 1)))
    closes.reverse()
    frames = []
    hours = []
    for hour in range(PAST_HOURS):
        opened, closed = round(closes[hour]), round(closes[hour + 1])
        high = max(opened, closed) + rng.randint(0, 18)
        low = min(opened, closed) - rng.randint(0, 18)
        volume = round(rng.lognormvariate(10.2, 0.4), 1)
        hours.append((opened, high, low, closed, volume, volume * closed * TICK))
        start = START_MS - (PAST_HOURS - hour) * 3_600_000
        frames.append(kline_frame(60, start, hours[-1:]))
        if (hour + 1) % 4 == 0:
            frames.append(kline_frame(240, start - 3 * 3_600_000, hours[-4:]))
    return frames


def liquidations(rng, frames):
    """Longs closed by force where minutes fell hard, shorts where they rose hard."""
    result = []
    for frame in frames:
        candle = frame["data"][0] if frame["topic"] == f"kline.1.{SYMBOL}" else None
        move = (float(candle["close"]) - float(candle["open"])) / TICK if candle else 0
        if abs(move) < 9:
            continue
        ts = candle["start"] + 40_000
        data = [
            {
                "T": ts + i,
                "s": SYMBOL,
                "S": "Buy" if move < 0 else "Sell",
                "v": size_text(round(rng.lognormvariate(2.5, 0.8), 1) + 0.1),
                "p": candle["low"] if move < 0 else candle["high"],
            }
            for i in range(rng.randint(1, 3))
        ]
        result.append({"topic": f"allLiquidation.{SYMBOL}", "type": "snapshot", "ts": ts + 5, "data": data})
    return result


def history(rng, walk):
    """Frames of the past: klines as their intervals end, open interest every five minutes."""
    frames = []
    minutes = []
    interest = 250_000.0
    for minute in range(HISTORY_MINUTES):
        start = START_MS + minute * 60_000
        opened = round(walk.ticks)
        path = [opened] + [round(walk.step(2.0)) for _ in range(6)]
        volume = round(rng.lognormvariate(6.2, 0.5), 1)
        minutes.append((path[0], max(path), min(path), path[-1], volume, volume * path[-1] * TICK))
        for interval in (1, 5, 30, 60, 240):
            if (minute + 1) % interval == 0:
                frames.append(kline_frame(interval, start + 60_000 - interval * 60_000, minutes[-interval:]))
        if minute % 5 == 4:
            interest = max(1_000.0, interest + rng.gauss(0, 400))
            frames.append(ticker_frame(start + 60_010, walk.ticks, interest, minute == 4))
    return frames, interest


def live(rng, walk, interest):
    """Ten book frames and a few trades a second, with bursts on one side."""
    frames = []
    book = Book(rng)
    begin = START_MS + HISTORY_MINUTES * 60_000
    pressure = 0.0
    trade_number = 0
    frames.append(book.frame("snapshot", begin + 100, walk.ticks))
    for tick in range(1, LIVE_MINUTES * 60 * 2):
        ts = begin + 100 + tick * 500
        pressure = 0.97 * pressure + 0.12 * rng.gauss(0, 1)
        walk.ticks += 0.4 * pressure + 0.5 * rng.gauss(0, 1)
        prints = []
        for _ in range(rng.randint(0, 3)):
            buy = rng.random() < 0.5 + 0.4 * math.tanh(pressure)
            trade_number += 1
            ticks = min(book.asks) if buy else max(book.bids)
            size = round(rng.lognormvariate(1.0, 1.1), 1) + 0.1
            prints.append(
                {
                    "T": ts - 20,
                    "s": SYMBOL,
                    "S": "Buy" if buy else "Sell",
                    "v": size_text(size),
                    "p": price_text(ticks),
                    "L": "PlusTick" if buy else "MinusTick",
                    "i": f"demo-{trade_number:08d}",
                    "BT": False,
                }
            )
        if prints:
            frames.append({"topic": f"publicTrade.{SYMBOL}", "type": "snapshot", "ts": ts - 15, "data": prints})
        frames.append(book.frame("delta", ts, walk.ticks))
        if tick % 600 == 0:
            interest = max(1_000.0, interest + rng.gauss(0, 400))
            frames.append(ticker_frame(ts + 1, walk.ticks, interest, False))
    return frames


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    rng = random.Random(SEED)
    walk = Walk(rng)
    frames = past(random.Random(SEED + 1), walk.ticks)
    day, interest = history(rng, walk)
    frames += sorted(day + liquidations(random.Random(SEED + 2), day), key=lambda frame: frame["ts"])
    frames += live(rng, walk, interest)
    text = "".join(json.dumps(frame, separators=(",", ":")) + "\n" for frame in frames)
    with open(sys.argv[1], "wb") as file:
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=9) as out:
            out.write(text.encode())


if __name__ == "__main__":
    main()
