#!/usr/bin/env python3
"""House rules that a compiler does not check: arrows between rooms point down, headers stand alone, and code
below the engine takes neither time nor randomness from the machine."""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What a room may include besides itself: the rooms named here and what those may include.
MAY_USE = {
    "base": [],
    "market": ["base"],
    "net": ["base"],
    "indicators": ["market"],
    "analysis": ["indicators"],
    "exchange": ["market", "net"],
    "journal": ["exchange"],
    "sim": ["exchange", "journal", "net"],
    "present": ["analysis"],
    "engine": ["analysis", "journal", "sim"],
}
BANNED = re.compile(r"system_clock|steady_clock|high_resolution_clock|std::time\b|gettimeofday|clock_gettime|"
                    r"random_device|std::rand\b|\bsrand\(|mt19937|unordered_map|unordered_set")


def reachable(room):
    return {room}.union(*(reachable(lower) for lower in MAY_USE[room]))


def check_source(path, problems):
    room = path.relative_to(ROOT / "src").parts[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r'#include "([a-z_]+)/', line)
        if include:
            other = include.group(1)
            if other not in reachable(room):
                problems.append(f"{path}:{number}: {room} must not include {other}")
        if room != "engine" and BANNED.search(line):
            problems.append(f"{path}:{number}: ambient time, randomness or unordered iteration: {line.strip()}")


def check_headers(headers, problems):
    with tempfile.TemporaryDirectory() as folder:
        unit = pathlib.Path(folder, "alone.cpp")
        for header in headers:
            unit.write_text(f'#include "{header.relative_to(ROOT / "src")}"\n')
            run = subprocess.run(["g++", "-std=c++23", "-fsyntax-only", f"-I{ROOT / 'src'}", str(unit)],
                                 capture_output=True, text=True)
            if run.returncode:
                problems.append(f"{header} does not stand alone:\n{run.stderr[:600]}")


def main():
    problems = []
    sources = sorted((ROOT / "src").rglob("*.[ch]pp"))
    for path in sources:
        check_source(path, problems)
    check_headers([path for path in sources if path.suffix == ".hpp"], problems)
    print("\n".join(problems) or f"{len(sources)} files keep the house rules")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
