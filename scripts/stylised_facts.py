#!/usr/bin/python3
"""Draws what bench/stylised_facts measured of the simulated market, beside real candles where they are given.

    build/release/bench/stylised_facts 24 6 > facts.csv
    scripts/stylised_facts.py facts.csv -o docs/pictures [--real CANDLES.csv.gz]

Needs python3-matplotlib. Prints the figures that docs/simulation.md states.
"""
import argparse
import csv
import gzip
import math
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

SHOWN = 3  # symbols drawn


def read(path):
    closes, spreads, depth = {}, {}, {}
    with open(path, encoding="utf-8") as file:
        for kind, symbol, a, *rest in csv.reader(file):
            if kind == "close":
                closes.setdefault(symbol, []).append(float(rest[0]))
            elif kind == "spread":
                spreads.setdefault(symbol, []).append((int(a), float(rest[0])))
            elif kind == "depth":
                depth.setdefault(symbol, []).append(float(rest[0]))
    return closes, spreads, depth


def read_real(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    header = [name.strip().lower() for name in rows[0]]
    column = header.index("close") if "close" in header else 4
    values = []
    for row in rows:
        try:
            values.append(float(row[column]))
        except (ValueError, IndexError):
            continue
    return values


def returns(closes, step=1):
    picked = closes[::step]
    return [math.log(b / a) for a, b in zip(picked, picked[1:])]


def standardised(values):
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))
    return [(v - mean) / deviation for v in values]


def excess_kurtosis(values):
    return sum(v**4 for v in standardised(values)) / len(values) - 3


def autocorrelation(values, lags):
    z = standardised(values)
    n = len(z)
    return [sum(z[i] * z[i + lag] for i in range(n - lag)) / n for lag in lags]


def histogram(values, width=0.25, limit=8):
    counts = {}
    for v in standardised(values):
        counts[round(v / width)] = counts.get(round(v / width), 0) + 1
    xs = [i * width for i in range(-int(limit / width), int(limit / width) + 1)]
    return xs, [counts.get(round(x / width), 0) / len(values) / width for x in xs]


def draw(closes, spreads, depth, real, out):
    symbols = list(closes)[:SHOWN]
    figure, axes = plt.subplots(2, 2, figsize=(11, 8), dpi=90)
    density, memory, spread_axis, depth_axis = axes.flat
    lags = list(range(1, 61))
    series = [(s, returns(closes[s])) for s in symbols]
    if real:
        series.append(("BTC, real", returns(real)))
    for name, values in series:
        style = {"color": "black", "linestyle": "--"} if "real" in name else {}
        xs, ys = histogram(values)
        density.semilogy(xs, [y or math.nan for y in ys], label=f"{name}: {excess_kurtosis(values):.1f}", **style)
        memory.plot(lags, autocorrelation([abs(v) for v in values], lags), label=name, **style)
        print(f"{name}: excess kurtosis 1m {excess_kurtosis(values):.1f}, "
              f"30m {excess_kurtosis([sum(values[i:i + 30]) for i in range(0, len(values) - 29, 30)]):.1f}, "
              f"autocorrelation of |r| lag 1 {autocorrelation([abs(v) for v in values], [1])[0]:.2f}, "
              f"lag 30 {autocorrelation([abs(v) for v in values], [30])[0]:.2f}, of r lag 1 "
              f"{autocorrelation(values, [1])[0]:.2f}")
    xs = [i * 0.1 for i in range(-50, 51)]
    density.semilogy(xs, [math.exp(-x * x / 2) / math.sqrt(2 * math.pi) for x in xs], ":", color="grey", label="normal")
    density.set(title="One-minute returns: density in deviations, excess kurtosis", ylim=(1e-5, 2))
    memory.axhline(0, color="grey", linewidth=0.5)
    memory.set(title="Volatility clustering: autocorrelation of |return|", xlabel="lag in minutes")
    for symbol in symbols:
        ticks = [tick for tick, _ in spreads[symbol]]
        share = [sum(1 for t in ticks if t == n) / len(ticks) for n in range(1, 16)]
        spread_axis.plot(range(1, 16), share, marker="o", label=symbol)
        basis_points = sorted(bps for _, bps in spreads[symbol])
        print(f"{symbol}: spread median {basis_points[len(basis_points) // 2]:.2f} bps, one tick {share[0]:.0%}")
        peak = max(depth[symbol])
        depth_axis.plot(range(len(depth[symbol])), [d / peak for d in depth[symbol]],
                        label=f"{symbol}: most at {depth[symbol].index(peak)}")
    spread_axis.set(title="Spread: share of the time", xlabel="ticks")
    depth_axis.set(title="Mean size by distance from the touch", xlabel="ticks", ylabel="share of the largest")
    for axis in axes.flat:
        axis.legend(fontsize=8)
        axis.grid(alpha=0.3)
    figure.tight_layout()
    out.mkdir(parents=True, exist_ok=True)
    figure.savefig(out / "stylised_facts.png", metadata={"Software": None})
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("facts")
    parser.add_argument("-o", "--out", type=pathlib.Path, default=pathlib.Path("docs/pictures"))
    parser.add_argument("--real", help="candles of a real market, with a close column")
    arguments = parser.parse_args()
    closes, spreads, depth = read(arguments.facts)
    draw(closes, spreads, depth, read_real(arguments.real) if arguments.real else None, arguments.out)


if __name__ == "__main__":
    main()
