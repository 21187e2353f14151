#!/usr/bin/env python3
"""Draws the rows of bench/soak_hours.py:  draw_soak.py SOAK_CSV OUT_PNG
Memory, threads and descriptors; traffic and CPU; latency; what struck stands as lines over all of them. Needs python3-matplotlib."""
import csv
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    minutes = [float(row["minute"]) for row in rows]
    struck = [float(row["minute"]) for row in rows if row["struck"]]

    def series(axis, column, label, colour, scale=1.0):
        values = [float(row[column]) * scale if row[column] not in ("none", "inf", "") else float("nan") for row in rows]
        axis.plot(minutes, values, label=label, color=colour, linewidth=1.4)

    figure, axes = plt.subplots(4, 1, figsize=(9, 9), sharex=True, constrained_layout=True)
    series(axes[0], "resident_mib", "resident memory, MiB", "#1f77b4")
    series(axes[0], "database_mib", "database, MiB", "#8c8c8c")
    series(axes[1], "threads", "threads", "#9467bd")
    series(axes[1], "descriptors", "open descriptors", "#17a2a2")
    series(axes[2], "messages_per_s", "messages a second", "#2ca02c")
    series(axes[2], "whole", "whole symbols", "#bcbd22")
    series(axes[3], "p50_ms", "socket to score p50, ms", "#ff7f0e")
    series(axes[3], "p99_ms", "p99, ms", "#d62728")
    axes[3].set_yscale("log")
    axes[3].set_xlabel("minutes; red lines: a fault struck in that minute, besides those that always do")
    for axis in axes[:3]:
        axis.set_ylim(bottom=0)
    for axis in axes:
        for minute in struck:
            axis.axvline(minute, color="#f2c9c9", linewidth=1)
        axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=2, fontsize=8, frameon=False)
        axis.grid(color="#dddddd", linewidth=0.6)
    figure.savefig(sys.argv[2], dpi=110)


if __name__ == "__main__":
    main()
