#!/usr/bin/env python3
"""Compares `virtuoso indicators` with TA-Lib's values to 1e-9 relative: compare_talib.py BINARY VECTORS CANDLES"""
import csv
import io
import pathlib
import subprocess
import sys

TOLERANCE = 1e-9
SKIPPED = 77


def compare(binary, vectors, candles):
    run = subprocess.run([binary, "indicators", str(candles), "--timeframe", "1m", "--csv"], check=True,
                         capture_output=True, text=True)
    ours = {row["time_ms"]: row for row in csv.DictReader(io.StringIO(run.stdout))}
    compared, failures = 0, []
    with open(vectors, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for name, wanted in row.items():
                if name == "time_ms" or not wanted:
                    continue
                got = ours[row["time_ms"]][name]
                compared += 1
                if not got or abs(float(got) - float(wanted)) > TOLERANCE * abs(float(wanted)):
                    failures.append(f"{vectors.name} {row['time_ms']} {name}: {got} instead of {wanted}")
    return compared, failures


def main():
    binary, vectors, candles = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    if not candles.is_dir():
        print(f"skipped: needs {candles}, which is not on this machine")
        return SKIPPED
    total, failures = 0, []
    for path in sorted(vectors.glob("*.csv")):
        compared, failed = compare(binary, path, candles / (path.name + ".gz"))
        total += compared
        failures += failed
    print("\n".join(failures[:20]))
    print(f"{total} values compared, {len(failures)} differ by more than {TOLERANCE}")
    return 1 if failures or total < 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
