#!/usr/bin/env python3
"""Candle files in their several spellings to rows time_ms,open,high,low,close,volume: candle_rows.py FILE"""
import csv
import datetime
import gzip
import sys


def milliseconds(text):
    if text.isdigit():
        return int(text)
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return round(moment.timestamp() * 1000)


with gzip.open(sys.argv[1], "rt") as file:
    for row in csv.DictReader(file):
        row = {name.lower(): value for name, value in row.items()}
        time = next(row[name] for name in ("timestamp", "open_time", "time", "date") if name in row)
        print(",".join([str(milliseconds(time))] + [row[name] for name in ("open", "high", "low", "close", "volume")]))
